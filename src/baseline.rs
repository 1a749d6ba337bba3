//! The baseline: findings that a repository has accepted, so that only new ones count.
//!
//! It is a file of lines, each a JSON object: first the version, then what is accepted, sorted by path, rule and
//! fingerprint, one entry a line, so that two branches that change it seldom meet.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::ledger::Ledger;
use crate::rule::{Flaw, RuleError, RuleSet, SourceFile, Standing, Wording};
use crate::text::TextRange;

/// The version of the form, which the first line of the file names.
const VERSION: u32 = 1;

/// How many characters of a finding an entry quotes, for people.
const QUOTED: usize = 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "dinggao-baseline")]
    version: u32,
}

/// Findings of one rule, in one file, that are known by the same fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The draft, from the folder of the baseline, with slashes.
    pub path: String,
    rule: String,
    hash: String,
    /// How many there are.
    count: usize,
    /// The text of the finding, for people.
    text: String,
}

impl Entry {
    fn key(&self) -> (&str, &str, &str) {
        (&self.path, &self.rule, &self.hash)
    }
}

/// The entries that accept all of `found`, which was found in the draft `path`; sorted.
pub fn accept(path: &str, text: &str, found: &[Diagnostic]) -> Vec<Entry> {
    let mut counts: BTreeMap<(&str, Fingerprint), (usize, &Diagnostic)> = BTreeMap::new();
    for diagnostic in found {
        let fingerprint = Fingerprint::of(diagnostic, text);
        counts.entry((&diagnostic.rule.id, fingerprint)).or_insert((0, diagnostic)).0 += 1;
    }
    let entry = |((rule, fingerprint), (count, first)): ((&str, Fingerprint), (usize, &Diagnostic))| Entry {
        path: path.to_owned(),
        rule: rule.to_owned(),
        hash: fingerprint.to_string(),
        count,
        text: first.range.of(text).chars().take(QUOTED).collect(),
    };
    counts.into_iter().map(entry).collect()
}

/// The text of a baseline with these entries.
pub fn write(mut entries: Vec<Entry>) -> String {
    entries.sort_by(|a, b| a.key().cmp(&b.key()));
    // these types cannot fail to serialize
    let line = |value: serde_json::Result<String>| value.unwrap_or_default() + "\n";
    let mut text = line(serde_json::to_string(&Header { version: VERSION }));
    text.extend(entries.iter().map(|entry| line(serde_json::to_string(entry))));
    text
}

/// A baseline that has been read.
#[derive(Debug)]
pub struct Baseline {
    /// The entries, with their lines.
    ledger: Ledger<(Entry, TextRange)>,
}

/// What a baseline says of one draft.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Entries for what is still there, to be kept.
    pub kept: Vec<Entry>,
    /// Findings about entries for what is gone, in ranges of the text of its [`Ledger`].
    pub stale: Vec<Diagnostic>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// If it is none, or one of another version.
    pub fn parse(source: SourceFile) -> Result<Self, RuleError> {
        let mut entries = Vec::new();
        let mut start = 0;
        for (number, line) in source.text().split_inclusive('\n').enumerate() {
            let range = TextRange::new(start, start + line.trim_end().len());
            start += line.len();
            if number == 0 {
                check_version(&source, line)?;
            } else if !range.is_empty() {
                let entry: Entry = serde_json::from_str(line).map_err(|_| {
                    let message = Wording::new("这一行不是基线条目", "this line is no entry of a baseline");
                    source.error_at(range.start, message)
                })?;
                entries.push((entry.path.clone(), (entry, range)));
            }
        }
        if start == 0 {
            check_version(&source, "")?;
        }
        Ok(Self { ledger: Ledger::new(source, entries) })
    }

    /// The file, with its entries and their lines by draft.
    pub fn ledger(&self) -> &Ledger<(Entry, TextRange)> {
        &self.ledger
    }

    /// Takes out of `found`, all that was found in the draft `path`, what is accepted: of findings with the same
    /// fingerprint as many as there were.
    pub fn apply(&self, path: &str, text: &str, rules: &RuleSet, found: &mut Vec<Diagnostic>) -> Verdict {
        let mut verdict = Verdict::default();
        let entries = self.ledger.entries(path);
        if entries.is_empty() {
            return verdict;
        }
        let prints: Vec<String> =
            found.iter().map(|diagnostic| Fingerprint::of(diagnostic, text).to_string()).collect();
        let mut taken = vec![false; found.len()];
        for (entry, at) in entries {
            let matches = |index: &usize| {
                !taken[*index] && prints[*index] == entry.hash && found[*index].rule.id == entry.rule
            };
            let matching: Vec<usize> = (0..found.len()).filter(matches).take(entry.count).collect();
            for &index in &matching {
                taken[index] = true;
            }
            verdict.settle(entry, matching.len(), *at, rules);
        }
        let mut taken = taken.into_iter();
        found.retain(|_| !taken.next().unwrap_or(false));
        verdict
    }

    /// What is to be said of the entries of a draft that is gone.
    pub fn orphans(&self, path: &str, rules: &RuleSet) -> Verdict {
        self.apply(path, "", rules, &mut Vec::new())
    }
}

impl Verdict {
    /// Notes that of what `entry` accepts, `count` are still there.
    fn settle(&mut self, entry: &Entry, count: usize, at: TextRange, rules: &RuleSet) {
        let count = match rules.standing(&entry.rule) {
            // a rule that did not run might have found all
            Standing::Inactive => entry.count,
            Standing::Active | Standing::Unknown => count,
        };
        if count > 0 {
            self.kept.push(Entry { count, ..entry.clone() });
        }
        if count.cmp(&entry.count) == Ordering::Less {
            let Entry { path, rule, count: before, .. } = entry;
            let reason = Wording::new(
                format!("{path} 里的这个“{rule}”问题原有 {before} 处，现在是 {count} 处"),
                format!("{path} had {before} of this `{rule}`, and has {count}"),
            );
            self.stale.extend(rules.verdicts().finding(Flaw::Unused, at, &reason));
        }
    }
}

fn check_version(source: &SourceFile, line: &str) -> Result<(), RuleError> {
    let message = match serde_json::from_str::<Header>(line) {
        Ok(Header { version: VERSION }) => return Ok(()),
        Ok(Header { version }) => Wording::new(
            format!("这是第 {version} 版的基线，本程序只认第 {VERSION} 版；请重新生成：--write-baseline"),
            format!(
                "a baseline of version {version}, and this program reads version {VERSION}; make it anew with \
                 --write-baseline"
            ),
        ),
        Err(_) => Wording::new(
            "不是 --write-baseline 生成的基线文件",
            "no baseline: it does not begin as those of --write-baseline do",
        ),
    };
    Err(source.error_at(0, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;
    use crate::document::{Document, Format};
    use crate::lint;
    use crate::rule::Catalog;

    fn rules() -> RuleSet {
        Catalog::builtin().unwrap().compile(Lang::En).unwrap()
    }

    fn found(text: &str, rules: &RuleSet) -> Vec<Diagnostic> {
        lint(&Document::new(text.to_owned(), Format::Plain), rules)
    }

    /// How many findings of `after` are new to a baseline of `before`, how many are kept, and what is stale.
    fn compared(before: &str, after: &str) -> (usize, usize, Vec<String>) {
        let rules = rules();
        let text = write(accept("a.txt", before, &found(before, &rules)));
        let baseline = Baseline::parse(SourceFile::new("baseline", &text)).unwrap();
        let mut new = found(after, &rules);
        let verdict = baseline.apply("a.txt", after, &rules, &mut new);
        let stale = verdict.stale.iter().map(|stale| stale.message.clone()).collect();
        (new.len(), verdict.kept.iter().map(|entry| entry.count).sum(), stale)
    }

    #[test]
    fn what_was_there_before_is_not_new_wherever_it_has_moved_to() {
        let before = "完成接待X人次。\n走访X户。\n";
        assert_eq!(compared(before, before), (0, 2, vec![]));
        assert_eq!(compared(before, "总结\n\n走访X户。\n慰问X人。\n完成接待X人次。"), (1, 2, vec![]));
    }

    #[test]
    fn one_more_of_the_same_is_new_and_one_less_is_told() {
        let (one, two) = ("完成接待X人次。\n", "完成接待X人次。\n完成接待X人次。\n");
        assert_eq!(compared(one, two), (1, 1, vec![]));
        let stale = "a.txt had 2 of this `placeholder/mask`, and has 1".to_owned();
        assert_eq!(compared(two, one), (0, 1, vec![stale]));
    }

    #[test]
    fn it_is_sorted_one_entry_a_line() {
        let rules = rules();
        let text = "走访X户，说“好。\n";
        let mut entries = accept("b.txt", text, &found(text, &rules));
        entries.extend(accept("a.txt", text, &found(text, &rules)));
        let lines: Vec<String> = write(entries).lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "{\"dinggao-baseline\":1}");
        assert_eq!(lines.len(), 5);
        assert!(lines[1..].is_sorted(), "{lines:#?}");
        assert!(
            lines[1].starts_with("{\"path\":\"a.txt\",\"rule\":\"pair/unclosed\",\"hash\":\""),
            "{lines:#?}"
        );
        assert!(lines[1].ends_with("\",\"count\":1,\"text\":\"“\"}"), "{lines:#?}");
    }

    #[test]
    fn what_is_no_baseline_is_an_error() {
        let error = |text: &str| Baseline::parse(SourceFile::new("b", text)).unwrap_err().to_string();
        for text in ["", "[]\n", "{\"version\": 1}\n"] {
            assert!(error(text).starts_with("b:1: no baseline: "), "{}", error(text));
        }
        assert!(
            error("{\"dinggao-baseline\":2}\n").starts_with("b:1: a baseline of version 2, and this program")
        );
        assert_eq!(
            error("{\"dinggao-baseline\":1}\n\n<<<<<<<\n"),
            "b:3: this line is no entry of a baseline"
        );
    }
}
