//! The file of allowances, `dinggao.allow.toml`: findings that are to be left alone, by what they are known by. It serves
//! drafts that have no comments, plain text above all.

use serde::Deserialize;
use toml::Spanned;
use toml::value::{Date, Datetime};

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::ledger::Ledger;
use crate::rule::{Flaw, RuleError, RuleSet, SourceFile, Standing, Wording};
use crate::text::TextRange;

/// What a file of allowances says.
#[derive(Debug)]
pub struct Allowances {
    ledger: Ledger<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowFile {
    #[serde(default)]
    allow: Vec<Spanned<Table>>,
}

/// One `[[allow]]` table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The draft, from the folder of this file, with slashes.
    path: String,
    /// The rule.
    rule: Spanned<String>,
    /// The fingerprint of the finding.
    hash: Spanned<String>,
    /// The text of the finding, for people.
    #[allow(dead_code, reason = "for people")]
    text: Option<String>,
    /// Why it is left alone.
    reason: Spanned<String>,
    /// The last day on which it is.
    expires: Option<Spanned<Datetime>>,
}

/// An allowance of one finding.
#[derive(Debug)]
pub struct Entry {
    rule: String,
    fingerprint: Fingerprint,
    expires: Option<Date>,
    /// Where it stands in the file.
    at: TextRange,
}

impl Allowances {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is no TOML, or an entry lacks something, gives no reason, or has a hash or date that is none.
    pub fn parse(source: SourceFile) -> Result<Self, RuleError> {
        let file: AllowFile = source.parse()?;
        let mut entries = Vec::new();
        for table in file.allow {
            let header = header(&source, table.span().start);
            let table = table.into_inner();
            entries.push((table.path.clone(), entry(&source, table, header)?));
        }
        Ok(Self { ledger: Ledger::new(source, entries) })
    }

    /// The file, with its entries by draft.
    pub fn ledger(&self) -> &Ledger<Entry> {
        &self.ledger
    }

    /// Takes out of `found`, all that was found in the draft `path`, what is allowed on the day `today`: for each entry
    /// one finding.
    ///
    /// Returns findings about the entries of this draft, in ranges of the text of its [`Ledger`]: those that match nothing
    /// and those that have expired.
    pub fn apply(
        &self,
        path: &str,
        text: &str,
        rules: &RuleSet,
        today: Date,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        let entries = self.ledger.entries(path);
        if entries.is_empty() {
            return Vec::new();
        }
        let mut prints: Vec<Option<Fingerprint>> =
            found.iter().map(|diagnostic| Some(Fingerprint::of(diagnostic, text))).collect();
        let mut flaws = Vec::new();
        for entry in entries {
            let matches = |(print, found): (&Option<Fingerprint>, &Diagnostic)| {
                *print == Some(entry.fingerprint) && found.rule.id == entry.rule
            };
            match (entry.expires, prints.iter().zip(&*found).position(matches)) {
                (Some(date), Some(_)) if is_before(date, today) => flaws.extend(entry.expired(date, rules)),
                (_, Some(at)) => prints[at] = None,
                (_, None) => flaws.extend(entry.unused(path, rules)),
            }
        }
        let mut kept = prints.iter().map(Option::is_some);
        found.retain(|_| kept.next().unwrap_or(true));
        flaws
    }

    /// Findings about the entries of a draft that is gone.
    pub fn orphans(&self, path: &str, rules: &RuleSet) -> Vec<Diagnostic> {
        self.ledger.entries(path).iter().filter_map(|entry| entry.unused(path, rules)).collect()
    }
}

fn entry(source: &SourceFile, table: Table, at: TextRange) -> Result<Entry, RuleError> {
    let error = |offset: usize, zh: &str, en: &str| Err(source.error_at(offset, Wording::new(zh, en)));
    if table.reason.get_ref().trim().is_empty() {
        return error(table.reason.span().start, "reason 要写明理由", "`reason` must say why");
    }
    let Ok(fingerprint) = table.hash.get_ref().parse() else {
        return error(
            table.hash.span().start,
            "hash 应为 16 位十六进制数",
            "`hash` is sixteen hexadecimal digits",
        );
    };
    let expires = match &table.expires {
        None => None,
        Some(expires) => match expires.get_ref() {
            Datetime { date: Some(date), time: None, offset: None } => Some(*date),
            _ => {
                return error(
                    expires.span().start,
                    "expires 应为日期，如 2026-12-31",
                    "`expires` is a date, such as 2026-12-31",
                );
            }
        },
    };
    Ok(Entry { rule: table.rule.into_inner(), fingerprint, expires, at })
}

/// The line that a table begins on.
fn header(source: &SourceFile, offset: usize) -> TextRange {
    let text = source.text();
    let end = text[offset..].find(['\n', '\r']).map_or(text.len(), |len| offset + len);
    TextRange::new(offset, end)
}

impl Entry {
    fn expired(&self, date: Date, rules: &RuleSet) -> Option<Diagnostic> {
        let reason =
            Wording::new(format!("这条豁免已于 {date} 到期"), format!("this allowance expired on {date}"));
        rules.verdicts().finding(Flaw::Invalid, self.at, &reason)
    }

    fn unused(&self, path: &str, rules: &RuleSet) -> Option<Diagnostic> {
        let rule = &self.rule;
        let (flaw, reason) = match rules.standing(rule) {
            Standing::Inactive => return None,
            Standing::Unknown => (
                Flaw::Invalid,
                Wording::new(format!("没有名为“{rule}”的规则"), format!("no rule is called `{rule}`")),
            ),
            Standing::Active => (
                Flaw::Unused,
                Wording::new(
                    format!("{path} 里已经没有这个“{rule}”问题"),
                    format!("{path} no longer has this `{rule}`"),
                ),
            ),
        };
        rules.verdicts().finding(flaw, self.at, &reason)
    }
}

fn is_before(date: Date, other: Date) -> bool {
    let key = |date: Date| (date.year, date.month, date.day);
    key(date) < key(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;
    use crate::document::{Document, Format};
    use crate::lint;
    use crate::rule::Catalog;

    const TODAY: Date = Date { year: 2026, month: 6, day: 30 };

    /// What is found in a draft and in the file of allowances, as rules.
    fn found(text: &str, entries: &[&str]) -> (usize, Vec<String>) {
        let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
        let document = Document::new(text.to_owned(), Format::Plain);
        let file: String =
            entries.iter().flat_map(|entry| ["[[allow]]\npath = 'a.txt'\n", entry, "\n"]).collect();
        let allowances = Allowances::parse(SourceFile::new("dinggao.allow.toml", &file)).unwrap();
        let mut found = lint(&document, &rules);
        let flaws = allowances.apply("a.txt", text, &rules, TODAY, &mut found);
        let flaws = flaws.iter().map(|flaw| format!("{}: {}", flaw.rule.id, flaw.message)).collect();
        (found.len(), flaws)
    }

    fn entry(text: &str) -> String {
        let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
        let found = lint(&Document::new(text.to_owned(), Format::Plain), &rules);
        let (rule, hash) = (&found[0].rule.id, Fingerprint::of(&found[0], text));
        format!("rule = '{rule}'\nhash = '{hash}'\nreason = '会后补'")
    }

    #[test]
    fn one_finding_is_taken_out_wherever_its_line_is() {
        let entry = entry("完成接待X人次。");
        assert_eq!(found("总结\n\n完成接待X人次。\n走访X户。", &[&entry]), (1, vec![]));
        assert_eq!(found("完成接待X人次。\n完成接待X人次。", &[&entry]), (1, vec![]));
        assert_eq!(found("完成接待X人次。\n完成接待X人次。", &[&entry, &entry]), (0, vec![]));
    }

    #[test]
    fn an_entry_for_nothing_is_told() {
        let entry = entry("完成接待X人次。");
        let unused = "suppression/unused: a.txt no longer has this `placeholder/mask`".to_owned();
        assert_eq!(found("完成接待十人次。", &[&entry]), (0, vec![unused.clone()]));
        assert_eq!(found("完成接待X人次。", &[&entry, &entry]), (0, vec![unused]));
    }

    #[test]
    fn an_entry_holds_up_to_its_last_day() {
        let until = |date: &str| format!("{}\nexpires = {date}", entry("完成接待X人次。"));
        assert_eq!(found("完成接待X人次。", &[&until("2026-06-30")]), (0, vec![]));
        let expired = "suppression/invalid: this allowance expired on 2026-06-29".to_owned();
        assert_eq!(found("完成接待X人次。", &[&until("2026-06-29")]), (1, vec![expired]));
    }

    #[test]
    fn what_an_entry_lacks_is_an_error_with_its_line() {
        let error = |text: &str| {
            let file = SourceFile::new("dinggao.allow.toml", text);
            Allowances::parse(file).unwrap_err().to_string()
        };
        let head = "[[allow]]\npath = 'a.txt'\nrule = 'pair/width'\n";
        assert!(error(&format!("{head}hash = '0'\n")).contains("missing field `reason`"));
        let empty = error(&format!("{head}hash = '0'\nreason = ' '\n"));
        assert_eq!(empty, "dinggao.allow.toml:5: `reason` must say why");
        let hash = error(&format!("{head}hash = 'x'\nreason = '会后补'\n"));
        assert_eq!(hash, "dinggao.allow.toml:4: `hash` is sixteen hexadecimal digits");
    }
}
