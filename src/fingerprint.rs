//! What a finding is known by from one run to the next, wherever its line has moved to.

use std::fmt;
use std::hash::Hasher;
use std::num::ParseIntError;
use std::str::FromStr;

use rustc_hash::FxHashMap;
use siphasher::sip::SipHasher13;

use crate::diagnostic::Diagnostic;
use crate::text::TextRange;

/// How many characters on either side of a finding, white space aside, belong to what it is known by. Enough to tell
/// one 完成X项 from the next, few enough that work on the rest of a long paragraph does not make an old finding new.
const CONTEXT: usize = 12;

/// A hash of a finding's rule, its text and what stands around it on its line. White space does not count. The value
/// is kept in files: it is the same on all machines and in all versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of a finding in `text`.
    pub fn of(diagnostic: &Diagnostic, text: &str) -> Self {
        let TextRange { start, end } = diagnostic.range;
        let before = text[..start].rsplit(is_line_end).next().unwrap_or_default();
        let after = text[end..].split(is_line_end).next().unwrap_or_default();
        let mut hasher = Parts(SipHasher13::new());
        hasher.part(diagnostic.rule.id.chars());
        hasher.part(visible(&text[start..end]));
        hasher.part(visible(before).rev().take(CONTEXT));
        hasher.part(visible(after).take(CONTEXT));
        Self(hasher.0.finish())
    }

    /// The fingerprint of each finding in `text`, and how many before it have the same: together they are unique in
    /// the file.
    pub fn of_all(diagnostics: &[Diagnostic], text: &str) -> Vec<(Self, usize)> {
        let mut seen: FxHashMap<Self, usize> = FxHashMap::default();
        let number = |diagnostic| {
            let fingerprint = Self::of(diagnostic, text);
            let count = seen.entry(fingerprint).or_default();
            *count += 1;
            (fingerprint, *count - 1)
        };
        diagnostics.iter().map(number).collect()
    }

    /// The fingerprint of one of several findings with this fingerprint, in the file of this name.
    #[must_use]
    pub fn in_file(self, path: &str, number: usize) -> Self {
        let mut hasher = Parts(SipHasher13::new());
        hasher.part(path.chars());
        hasher.part(format!("{self}:{number}").chars());
        Self(hasher.0.finish())
    }
}

/// Sixteen hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = ParseIntError;

    fn from_str(digits: &str) -> Result<Self, ParseIntError> {
        u64::from_str_radix(digits, 16).map(Self)
    }
}

/// Hashes texts so that where one ends and the next begins counts, too.
struct Parts(SipHasher13);

impl Parts {
    fn part(&mut self, text: impl Iterator<Item = char>) {
        for c in text {
            self.0.write(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        // no UTF-8 has this byte
        self.0.write(&[0xff]);
    }
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

fn visible(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;
    use crate::document::{Document, Format};
    use crate::lint;
    use crate::rule::Catalog;

    fn fingerprints(text: &str) -> Vec<(Fingerprint, usize)> {
        let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
        let document = Document::new(text.to_owned(), Format::Plain);
        Fingerprint::of_all(&lint(&document, &rules), document.text())
    }

    #[test]
    fn a_finding_that_has_moved_is_known_again() {
        let first = fingerprints("全年完成接待X人次。");
        assert_eq!(first, fingerprints("总结\n\n  全年完成 接待X人次。\r\n完"));
        assert_eq!(first[0].0.to_string().parse(), Ok(first[0].0));
    }

    #[test]
    fn the_value_stays_the_same_for_ever() {
        assert_eq!(fingerprints("全年完成接待X人次。")[0].0.to_string(), "2e7a17af38084a5e");
    }

    #[test]
    fn findings_that_differ_in_their_text_or_what_is_around_it_are_told_apart() {
        let all =
            ["接待X人次。", "接待×人次。", "走访X人次。", "接待X人。"].map(|text| fingerprints(text)[0].0);
        for (index, fingerprint) in all.iter().enumerate() {
            assert!(!all[..index].contains(fingerprint), "{index}");
        }
    }

    #[test]
    fn findings_that_are_the_same_are_counted() {
        let twice = fingerprints("全年完成接待X人次。\n全年完成接待X人次。\n");
        assert_eq!((twice[0].0, twice[0].1, twice[1].1), (twice[1].0, 0, 1));
        assert_ne!(twice[0].0.in_file("a.txt", 0), twice[0].0.in_file("a.txt", 1));
        assert_ne!(twice[0].0.in_file("a.txt", 0), twice[0].0.in_file("b.txt", 0));
    }
}
