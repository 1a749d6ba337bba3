//! The JSON format, for programs. Its form is a contract: what is here may be added to, but not changed.

use serde::Serialize;

use super::{Checked, Report, Summary};
use crate::diagnostic::{self, Applicability, Diagnostic, Label, Severity};
use crate::slot::SlotType;
use crate::text::{LineIndex, PositionEncoding, Positions, TextRange};

/// What most findings take.
const TYPICAL_BYTES: usize = 400;

/// See [`super::json`].
pub(super) struct Json;

impl Report for Json {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        if checked.diagnostics.is_empty() {
            return;
        }
        let lines = LineIndex::new(checked.text);
        let positions = Positions::new(&lines, checked.text, PositionEncoding::Grapheme);
        let page = Page { path: checked.path, text: checked.text, positions };
        out.reserve(checked.diagnostics.len() * TYPICAL_BYTES);
        for (at, diagnostic) in checked.diagnostics.iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(self.joint().as_bytes());
            }
            // neither writing to a Vec nor these types can fail to serialize
            let _ = serde_json::to_writer(&mut *out, &page.finding(diagnostic));
        }
    }

    fn opens_with_summary(&self) -> bool {
        true
    }

    fn opening(&self, summary: &Summary) -> String {
        format!(
            "{{\"version\": \"{}\",\n \"summary\": {{\"files\": {}, \"errors\": {}, \"warnings\": {}, \"infos\": {}}},\n \
             \"diagnostics\": [\n  ",
            env!("CARGO_PKG_VERSION"),
            summary.files,
            summary.errors,
            summary.warnings,
            summary.infos,
        )
    }

    fn joint(&self) -> &'static str {
        ",\n  "
    }

    fn closing(&self, _summary: &Summary) -> String {
        "]}\n".to_owned()
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
            related: diagnostic.related.iter().map(|label| self.related(label)).collect(),
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
        let at = self.positions.at(offset);
        Place { offset, line: at.line, column: at.column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::terminal::tests::finding;
    use crate::slot::Slot;

    fn rendered(diagnostic: &Diagnostic, text: &str) -> String {
        let mut out = Vec::new();
        Json.file(&Checked { path: "a.txt", text, diagnostics: std::slice::from_ref(diagnostic) }, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn absent_parts_are_left_out() {
        assert_eq!(
            rendered(&finding("甲\n乙X", "X", "left"), "甲\n乙X"),
            concat!(
                r#"{"path":"a.txt","rule":"placeholder/mask","severity":"error","message":"left","#,
                r#""range":{"start":{"offset":7,"line":2,"column":2},"end":{"offset":8,"line":2,"column":3}},"#,
                r#""text":"X","help":"Fill it in."}"#
            )
        );
    }

    #[test]
    fn what_a_finding_has_is_there_in_full() {
        let mut diagnostic = finding("甲\n乙X", "X", "left");
        let fill = diagnostic.range;
        diagnostic.slot = Some(Slot { kind: SlotType::Count, unit: Some("个".to_owned()), fill });
        diagnostic.related = vec![Label { range: TextRange::new(0, 3), message: "here".to_owned() }];
        let edits = vec![diagnostic::Edit { range: TextRange::new(7, 8), text: "三".to_owned() }];
        diagnostic.fix = Some(diagnostic::Fix { applicability: Applicability::Safe, edits });
        let value: serde_json::Value = serde_json::from_str(&rendered(&diagnostic, "甲\n乙X")).unwrap();
        assert_eq!(value["placeholder"], serde_json::json!({"type": "count", "unit": "个"}));
        assert_eq!(value["related"][0]["path"], "a.txt");
        assert_eq!(value["related"][0]["range"]["end"]["column"], 2);
        assert_eq!(value["fix"]["applicability"], "safe");
        assert_eq!(value["fix"]["edits"][0]["range"]["start"]["offset"], 7);
    }
}
