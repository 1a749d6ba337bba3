//! The JSON format, for programs.

use super::{Checked, Report, Summary, finding};

/// One JSON object.
pub(super) struct Json;

impl Report for Json {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        finding::push_all(checked, self.joint(), out);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{self, Applicability, Diagnostic, Label};
    use crate::report::terminal::tests::finding;
    use crate::slot::{Slot, SlotType};
    use crate::text::TextRange;

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
        diagnostic.fix =
            Some(diagnostic::Fix { title: String::new(), applicability: Applicability::Safe, edits });
        let value: serde_json::Value = serde_json::from_str(&rendered(&diagnostic, "甲\n乙X")).unwrap();
        assert_eq!(value["placeholder"], serde_json::json!({"type": "count", "unit": "个"}));
        assert_eq!(value["related"][0]["path"], "a.txt");
        assert_eq!(value["related"][0]["range"]["end"]["column"], 2);
        assert_eq!(value["fix"]["applicability"], "safe");
        assert_eq!(value["fix"]["edits"][0]["range"]["start"]["offset"], 7);
    }
}
