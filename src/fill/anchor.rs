//! The words around a hole, by which it is known to people and found again in a draft that has changed.

use std::fmt;
use std::str::FromStr;

use regex::Regex;

use super::Hole;
use crate::text::TextRange;

/// How many characters are kept on each side.
const KEPT: usize = 12;

/// How many are looked at on each side when a hole is searched for: what is kept, and what other holes were filled with.
const SEEN: usize = 120;

const OPEN: char = '⟦';
const CLOSE: char = '⟧';
/// Stands for another hole nearby, filled or not.
const OTHER: char = '…';
/// Stands for a line end, with the white space around it.
const LINE_END: char = '⏎';

/// A hole with the words around it, `…公务接待⟦X⟧人次，比…` as written down: without line ends, and with `…` in place of
/// any other hole nearby, so that filling that one changes nothing here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// What stands before it.
    pub before: String,
    /// What a value replaces.
    pub text: String,
    /// What stands after it.
    pub after: String,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{OPEN}{}{CLOSE}{}", self.before, self.text, self.after)
    }
}

impl FromStr for Anchor {
    type Err = ();

    fn from_str(written: &str) -> Result<Self, ()> {
        let (before, rest) = written.split_once(OPEN).ok_or(())?;
        let (text, after) = rest.split_once(CLOSE).ok_or(())?;
        Ok(Self { before: before.to_owned(), text: text.to_owned(), after: after.to_owned() })
    }
}

impl Anchor {
    /// How many characters say something on the scantier side.
    pub(super) fn weight(&self) -> usize {
        solid(self.before.chars()).min(solid(self.after.chars()))
    }

    /// How many letters and digits right around the hole are the same.
    pub fn in_common(&self, other: &Self) -> usize {
        let same = |(a, b): &(char, char)| a == b && *a != OTHER;
        let before = self.before.chars().rev().zip(other.before.chars().rev()).take_while(same);
        let after = self.after.chars().zip(other.after.chars()).take_while(same);
        solid(before.chain(after).map(|(c, _)| c))
    }
}

/// How many of the characters are letters or digits.
fn solid(chars: impl Iterator<Item = char>) -> usize {
    chars.filter(|c| c.is_alphanumeric()).count()
}

/// Gives each hole its anchor.
pub(super) fn set(text: &str, holes: &mut [Hole]) {
    let ranges: Vec<TextRange> = holes.iter().map(|hole| hole.range).collect();
    for (index, hole) in holes.iter_mut().enumerate() {
        hole.anchor = around(text, &ranges, index, KEPT);
    }
}

/// The anchor of a hole with up to `kept` characters on each side, those of other holes not counted.
fn around(text: &str, holes: &[TextRange], index: usize, kept: usize) -> Anchor {
    let hole = holes[index];
    let (mut before, mut at) = (Vec::new(), hole.start);
    for other in holes[..index].iter().rev().map(Some).chain([None]) {
        let from = other.map_or(0, |other| other.end);
        push_solid(&mut before, text[from..at].chars().rev(), kept);
        match other {
            Some(other) if room(&before, kept) > 0 => {
                before.push(OTHER);
                at = other.start;
            }
            _ => break,
        }
    }
    let (mut after, mut at) = (Vec::new(), hole.end);
    for other in holes[index + 1..].iter().map(Some).chain([None]) {
        let to = other.map_or(text.len(), |other| other.start);
        push_solid(&mut after, text[at..to].chars(), kept);
        match other {
            Some(other) if room(&after, kept) > 0 => {
                after.push(OTHER);
                at = other.end;
            }
            _ => break,
        }
    }
    Anchor {
        before: before.into_iter().rev().collect(),
        text: normalised(hole.of(text).chars()),
        after: after.into_iter().collect(),
    }
}

fn room(side: &[char], kept: usize) -> usize {
    kept.saturating_sub(side.iter().filter(|&&c| c != OTHER && c != LINE_END).count())
}

/// Appends what is seen of `chars` to `side`, until it holds `kept` characters.
fn push_solid(side: &mut Vec<char>, chars: impl Iterator<Item = char>, kept: usize) {
    for c in chars {
        if room(side, kept) == 0 {
            return;
        }
        match seen(c) {
            // a blank or a line end next to a line end is one with it
            ' ' | LINE_END if side.last() == Some(&LINE_END) => {}
            LINE_END => {
                while side.pop_if(|last| *last == ' ').is_some() {}
                side.push(LINE_END);
            }
            ' ' if side.last() == Some(&' ') => {}
            c => side.push(c),
        }
    }
}

/// The character as an anchor writes it.
fn seen(c: char) -> char {
    match c {
        '\n' | '\r' => LINE_END,
        OPEN => '［',
        CLOSE => '］',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

fn normalised(chars: impl Iterator<Item = char>) -> String {
    let mut kept = Vec::new();
    push_solid(&mut kept, chars, usize::MAX);
    kept.into_iter().collect()
}

/// How much of an anchor holds at a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// One side is as it was, or what is nearest on both sides is, and it is enough to tell the place.
    Nearly,
    /// Both sides are as they were.
    Wholly,
}

/// A side of this many letters and digits tells a place.
const TELLING: usize = 4;

/// So many of them right around a hole do, too.
const TELLING_AROUND: usize = 8;

/// Looks for holes by anchors that were taken earlier.
pub(super) struct Finder {
    /// What is around each hole now.
    now: Vec<Anchor>,
}

impl Finder {
    pub(super) fn new(text: &str, holes: &[Hole]) -> Self {
        let ranges: Vec<TextRange> = holes.iter().map(|hole| hole.range).collect();
        Self { now: (0..holes.len()).map(|index| around(text, &ranges, index, SEEN)).collect() }
    }

    /// The holes that `anchor` may have been taken of, each with how much of it holds there.
    pub(super) fn candidates(&self, anchor: &Anchor) -> Vec<(usize, Likeness)> {
        let before = Regex::new(&format!("(?s){}$", wild(&anchor.before))).ok();
        let after = Regex::new(&format!("(?s)^{}", wild(&anchor.after))).ok();
        let tells = |side: &str| solid(side.chars()) >= TELLING;
        let holds = |side: &Option<Regex>, text: &str| side.as_ref().is_some_and(|side| side.is_match(text));
        let likeness = |now: &Anchor| {
            let (before, after) = (holds(&before, &now.before), holds(&after, &now.after));
            let is_one_side = before && tells(&anchor.before) || after && tells(&anchor.after);
            match (now.text == anchor.text, before && after) {
                (true, true) => Some(Likeness::Wholly),
                (true, false) if is_one_side || anchor.in_common(now) >= TELLING_AROUND => {
                    Some(Likeness::Nearly)
                }
                _ => None,
            }
        };
        self.now.iter().enumerate().filter_map(|(index, now)| Some((index, likeness(now)?))).collect()
    }
}

/// A regular expression for one side of an anchor, in which other holes may have been filled.
fn wild(side: &str) -> String {
    side.split(OTHER).map(regex::escape).collect::<Vec<_>>().join(".{0,60}?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchor(text: &str, marked: &[&str], index: usize) -> String {
        let mut from = 0;
        let ranges: Vec<TextRange> = marked
            .iter()
            .map(|mark| {
                let start = from + text[from..].find(mark).unwrap();
                from = start + mark.len();
                TextRange::new(start, from)
            })
            .collect();
        around(text, &ranges, index, KEPT).to_string()
    }

    #[test]
    fn an_anchor_has_the_words_around_and_not_the_other_holes() {
        let text = "全年接待X批×人次，比去年增加××人次。\r\n\r\n  二、主要做法";
        assert_eq!(anchor(text, &["X", "×", "××"], 1), "全年接待…批⟦×⟧人次，比去年增加…人次。⏎二");
        assert_eq!(anchor(text, &["X", "×", "××"], 2), "年接待…批…人次，比去年增加⟦××⟧人次。⏎二、主要做法");
        assert_eq!(anchor("X", &["X"], 0), "⟦X⟧");
    }

    #[test]
    fn an_anchor_reads_back_as_it_was_written() {
        let anchor = Anchor { before: "甲…".into(), text: "X".into(), after: "乙".into() };
        assert_eq!(anchor.to_string().parse(), Ok(anchor));
        assert_eq!("no marks".parse::<Anchor>(), Err(()));
    }
}
