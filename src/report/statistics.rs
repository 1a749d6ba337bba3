//! How often each rule found something, in place of the findings.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use super::terminal::Terminal;
use super::{Checked, Paint, Report, Style, Summary};
use crate::diagnostic::Severity;

/// A table of rules, the most frequent first.
pub struct Statistics {
    style: Style,
    /// By rule and severity, which may differ from folder to folder. A sum does not depend on the order in which files
    /// are checked.
    counts: Mutex<BTreeMap<(String, Severity), Count>>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    findings: usize,
    files: usize,
}

impl Statistics {
    /// A table in which nothing is counted yet.
    pub fn new(style: Style) -> Self {
        Self { style, counts: Mutex::default() }
    }
}

impl Report for Statistics {
    fn file(&self, checked: &Checked<'_>, _out: &mut Vec<u8>) {
        let mut in_file: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
        for diagnostic in checked.diagnostics {
            *in_file.entry((&diagnostic.rule.id, diagnostic.rule.severity)).or_default() += 1;
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for ((rule, severity), findings) in in_file {
            let count = counts.entry((rule.to_owned(), severity)).or_default();
            count.findings += findings;
            count.files += 1;
        }
    }

    fn closing(&self, summary: &Summary) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows: Vec<_> = counts.iter().collect();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(count.findings));
        let lang = self.style.lang;
        let paint = Paint(self.style.color);
        let mut table = String::new();
        if !rows.is_empty() {
            table += lang.pick("    处数    文件  程度     规则\n", "findings   files  severity rule\n");
        }
        for ((rule, severity), Count { findings, files }) in rows {
            let name = paint.severity(*severity, &format!("{severity:<7}"));
            // writing to a String cannot fail
            let _ = writeln!(table, "{findings:>8}{files:>8}  {name}  {}", paint.bold(rule));
        }
        table + &Terminal::new(self.style).closing(summary)
    }
}
