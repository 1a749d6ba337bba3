//! A finding as JSON: the form that the formats of our own share. It is a contract: it may be added to, but not changed.

use serde::Serialize;

use super::Checked;
use crate::diagnostic::{self, Applicability, Diagnostic, Elsewhere, Label, Severity};
use crate::slot::SlotType;
use crate::text::{Position, PositionEncoding, Positions, TextRange};

/// What most findings take.
const TYPICAL_BYTES: usize = 400;

/// Appends every finding of a file as a JSON object, with `joint` between any two.
pub(super) fn push_all(checked: &Checked<'_>, joint: &str, out: &mut Vec<u8>) {
    let positions = Positions::of(checked.text, PositionEncoding::Grapheme);
    let page = Page { path: checked.path, text: checked.text, positions };
    out.reserve(checked.diagnostics.len() * TYPICAL_BYTES);
    push_joined(checked.diagnostics.iter().map(|diagnostic| page.finding(diagnostic)), joint, out);
}

/// Appends values as JSON, with `joint` between any two.
pub(super) fn push_joined(values: impl Iterator<Item = impl Serialize>, joint: &str, out: &mut Vec<u8>) {
    for (at, value) in values.enumerate() {
        if at > 0 {
            out.extend_from_slice(joint.as_bytes());
        }
        // neither writing to a Vec nor what is written here can fail to serialize
        let _ = serde_json::to_writer(&mut *out, &value);
    }
}

#[derive(Serialize)]
struct Finding<'a> {
    path: &'a str,
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    range: Range,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<Placeholder<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Mending<'a>>,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

/// `offset` in bytes of UTF-8 from 0; `line` and `column` from 1, columns in grapheme clusters.
#[derive(Serialize)]
struct Place {
    offset: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Placeholder<'a> {
    r#type: SlotType,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
}

#[derive(Serialize)]
struct Related<'a> {
    path: &'a str,
    range: Range,
    message: &'a str,
}

#[derive(Serialize)]
struct Mending<'a> {
    applicability: Applicability,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    range: Range,
    text: &'a str,
}

/// What all findings of a file share.
struct Page<'a> {
    path: &'a str,
    text: &'a str,
    positions: Positions<'a>,
}

impl<'a> Page<'a> {
    fn finding(&self, diagnostic: &'a Diagnostic) -> Finding<'a> {
        let here = diagnostic.related.iter().map(|label| self.related(label));
        Finding {
            path: self.path,
            rule: &diagnostic.rule.id,
            severity: diagnostic.rule.severity,
            message: &diagnostic.message,
            range: self.range(diagnostic.range),
            text: self.text.get(diagnostic.range.start..diagnostic.range.end).unwrap_or_default(),
            placeholder: diagnostic
                .slot
                .as_ref()
                .map(|slot| Placeholder { r#type: slot.kind, unit: slot.unit.as_deref() }),
            related: here.chain(diagnostic.elsewhere.iter().map(elsewhere)).collect(),
            help: diagnostic.rule.help.as_deref(),
            fix: diagnostic.fix.as_ref().map(|fix| self.fix(fix)),
        }
    }

    fn related(&self, label: &'a Label) -> Related<'a> {
        Related { path: self.path, range: self.range(label.range), message: &label.message }
    }

    fn fix(&self, fix: &'a diagnostic::Fix) -> Mending<'a> {
        let edits = fix.edits.iter().map(|edit| Edit { range: self.range(edit.range), text: &edit.text });
        Mending { applicability: fix.applicability, edits: edits.collect() }
    }

    fn range(&self, range: TextRange) -> Range {
        Range { start: self.place(range.start), end: self.place(range.end) }
    }

    fn place(&self, offset: usize) -> Place {
        Place::new(offset, self.positions.at(offset))
    }
}

impl Place {
    fn new(offset: usize, at: Position) -> Self {
        Self { offset, line: at.line, column: at.column }
    }
}

/// A place in another file.
fn elsewhere(place: &Elsewhere) -> Related<'_> {
    let Elsewhere { path, range, start, end, message } = place;
    let range = Range { start: Place::new(range.start, *start), end: Place::new(range.end, *end) };
    Related { path, range, message }
}
