//! GitLab CI: a code quality report.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use serde::Serialize;

use super::finding::push_joined;
use super::{Checked, Report, Summary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fingerprint::Fingerprint;
use crate::text::LineIndex;

/// One JSON array.
pub(super) struct Gitlab;

impl Report for Gitlab {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let lines = LineIndex::new(checked.text);
        let fingerprints = Fingerprint::of_all(checked.diagnostics, checked.text);
        let entries = checked.diagnostics.iter().zip(fingerprints).map(|(diagnostic, (print, number))| {
            Entry::new(diagnostic, checked.path, print.in_file(checked.path, number), &lines)
        });
        push_joined(entries, self.joint(), out);
    }

    fn opening(&self, _summary: &Summary) -> String {
        "[".to_owned()
    }

    fn joint(&self) -> &'static str {
        ",\n "
    }

    fn closing(&self, _summary: &Summary) -> String {
        "]\n".to_owned()
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    description: &'a str,
    check_name: &'a str,
    /// GitLab keeps one entry of each fingerprint.
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

impl<'a> Entry<'a> {
    fn new(diagnostic: &'a Diagnostic, path: &'a str, fingerprint: Fingerprint, lines: &LineIndex) -> Self {
        let severity = match diagnostic.rule.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        };
        let (begin, end) = (lines.line_of(diagnostic.range.start), lines.line_of(diagnostic.range.end));
        Self {
            description: &diagnostic.message,
            check_name: &diagnostic.rule.id,
            fingerprint: fingerprint.to_string(),
            severity,
            location: Location { path, lines: Lines { begin, end } },
        }
    }
}
