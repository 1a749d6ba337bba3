//! The Reviewdog Diagnostic Format, whose columns count bytes of UTF-8.
//!
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use serde::Serialize;
use serde_json::json;

use super::finding::push_joined;
use super::{Checked, Report, Summary};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::text::{Position, PositionEncoding, Positions, TextRange};

/// One `DiagnosticResult`.
pub(super) struct Rdjson;

impl Report for Rdjson {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let positions = Positions::of(checked.text, PositionEncoding::Utf8);
        let entries =
            checked.diagnostics.iter().map(|diagnostic| Entry::new(diagnostic, checked.path, &positions));
        push_joined(entries, self.joint(), out);
    }

    fn opening(&self, _summary: &Summary) -> String {
        "{\"source\": {\"name\": \"dinggao\"},\n \"diagnostics\": [\n  ".to_owned()
    }

    fn joint(&self) -> &'static str {
        ",\n  "
    }

    fn closing(&self, _summary: &Summary) -> String {
        "]}\n".to_owned()
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    message: &'a str,
    location: Location<'a>,
    severity: &'static str,
    code: serde_json::Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(rename = "relatedLocations", skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

impl<'a> Entry<'a> {
    fn new(diagnostic: &'a Diagnostic, path: &'a str, positions: &Positions<'_>) -> Self {
        let severity = match diagnostic.rule.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        };
        let here = diagnostic.related.iter().map(|label| Related {
            message: &label.message,
            location: Location { path, range: Range::new(label.range, positions) },
        });
        let elsewhere = diagnostic.elsewhere.iter().map(|place| Related {
            message: &place.message,
            location: Location { path: &place.path, range: Range::of_lines(place.start, place.end) },
        });
        Self {
            message: &diagnostic.message,
            location: Location { path, range: Range::new(diagnostic.range, positions) },
            severity,
            code: json!({"value": diagnostic.rule.id}),
            suggestions: suggestions(diagnostic, positions),
            related: here.chain(elsewhere).collect(),
        }
    }
}

/// The fix of a finding, where it can be offered: a suggestion is one edit, so one of several is for a person's hand.
fn suggestions<'a>(diagnostic: &'a Diagnostic, positions: &Positions<'_>) -> Vec<Suggestion<'a>> {
    let Some(fix) = &diagnostic.fix else { return Vec::new() };
    match &fix.edits[..] {
        [edit] if fix.applicability == Applicability::Safe => {
            vec![Suggestion { range: Range::new(edit.range, positions), text: &edit.text }]
        }
        _ => Vec::new(),
    }
}

impl Range {
    fn new(range: TextRange, positions: &Positions<'_>) -> Self {
        let place = |offset| {
            let at = positions.at(offset);
            Place { line: at.line, column: Some(at.column) }
        };
        Self { start: place(range.start), end: place(range.end) }
    }

    /// Whole lines of another file: bytes of it cannot be counted here.
    fn of_lines(start: Position, end: Position) -> Self {
        let place = |at: Position| Place { line: at.line, column: None };
        Self { start: place(start), end: place(end) }
    }
}
