//! SARIF 2.1.0, the format of code scanning services.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::finding::push_joined;
use super::{Checked, Context, Report, Summary};
use crate::diagnostic::{Diagnostic, Fix, Lang, Severity};
use crate::fingerprint::Fingerprint;
use crate::rule::Definition;
use crate::text::{PositionEncoding, Positions, TextRange};

/// One run with all its results.
pub(super) struct Sarif {
    lang: Lang,
    rules: Vec<Value>,
    /// The ids of the rules, in order.
    ids: Vec<String>,
}

impl Sarif {
    /// A run in which nothing is found yet.
    pub(super) fn new(context: &Context<'_>) -> Self {
        let lang = context.style.lang;
        Self {
            lang,
            rules: context.rules.iter().map(|rule| descriptor(rule, lang)).collect(),
            ids: context.rules.iter().map(|rule| rule.id.clone()).collect(),
        }
    }

    fn result(
        &self,
        diagnostic: &Diagnostic,
        page: &Page<'_>,
        (print, number): (Fingerprint, usize),
    ) -> Value {
        let rule = &diagnostic.rule;
        let mut result = json!({
            "ruleId": rule.id,
            "level": level(rule.severity),
            "message": {"text": diagnostic.message},
            "locations": [page.location(diagnostic.range)],
            "partialFingerprints": {"dinggao/v1": format!("{print}:{number}")},
        });
        if let Ok(index) = self.ids.binary_search(&rule.id) {
            result["ruleIndex"] = index.into();
        }
        let related = related(diagnostic, page);
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        if let Some(fix) = &diagnostic.fix {
            result["fixes"] = json!([page.fix(fix)]);
        }
        result
    }
}

impl Report for Sarif {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let positions = Positions::of(checked.text, PositionEncoding::Utf16);
        let page = Page { uri: uri(checked.path), positions };
        let prints = Fingerprint::of_all(checked.diagnostics, checked.text);
        let found = checked.diagnostics.iter().zip(prints);
        push_joined(
            found.map(|(diagnostic, print)| self.result(diagnostic, &page, print)),
            self.joint(),
            out,
        );
    }

    fn opening(&self, _summary: &Summary) -> String {
        let driver = json!({
            "name": "dinggao",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "language": self.lang.pick("zh-CN", "en-US"),
            "rules": self.rules,
        });
        format!(
            "{{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n \"version\": \"2.1.0\",\n \
             \"runs\": [{{\n  \"tool\": {{\"driver\": {driver}}},\n  \"columnKind\": \"utf16CodeUnits\",\n  \
             \"results\": [\n   "
        )
    }

    fn joint(&self) -> &'static str {
        ",\n   "
    }

    fn closing(&self, _summary: &Summary) -> String {
        "]}]}\n".to_owned()
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// What the run says of a rule.
fn descriptor(rule: &Definition, lang: Lang) -> Value {
    let explanation = rule.explanation.pick(lang).trim_end();
    let help = rule.help.as_ref().map_or(explanation, |help| help.pick(lang).trim_end());
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.summary.pick(lang)},
        "fullDescription": {"text": explanation},
        "help": {"text": help},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": [rule.family()]},
    })
}

/// The other places that belong to a finding. Of those in other files, whose UTF-16 code units cannot be counted here,
/// the lines.
fn related(diagnostic: &Diagnostic, page: &Page<'_>) -> Vec<Value> {
    let with = |mut location: Value, message: &str| {
        location["message"] = json!({"text": message});
        location
    };
    let here = diagnostic.related.iter().map(|label| with(page.location(label.range), &label.message));
    let elsewhere = diagnostic.elsewhere.iter().map(|place| {
        let region = json!({"startLine": place.start.line, "endLine": place.end.line});
        let artifact = json!({"uri": uri(&place.path)});
        with(json!({"physicalLocation": {"artifactLocation": artifact, "region": region}}), &place.message)
    });
    here.chain(elsewhere).collect()
}

/// What all results of a file share.
struct Page<'a> {
    uri: String,
    positions: Positions<'a>,
}

impl Page<'_> {
    fn location(&self, range: TextRange) -> Value {
        json!({"physicalLocation": {"artifactLocation": {"uri": self.uri}, "region": self.region(range)}})
    }

    fn region(&self, range: TextRange) -> Value {
        let (start, end) = (self.positions.at(range.start), self.positions.at(range.end));
        json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        })
    }

    fn fix(&self, fix: &Fix) -> Value {
        let replacements: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                json!({"deletedRegion": self.region(edit.range), "insertedContent": {"text": edit.text}})
            })
            .collect();
        json!({
            "description": {"text": fix.title},
            "artifactChanges": [{"artifactLocation": {"uri": self.uri}, "replacements": replacements}],
        })
    }
}

/// What stands in the path of a URI as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URI of a path; relative if the path is.
pub(crate) fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    format!("{scheme}{}", utf8_percent_encode(&path, PATH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_whatever_is_in_it() {
        assert_eq!(uri("草稿/a b%:1.txt"), "%E8%8D%89%E7%A8%BF/a%20b%25%3A1.txt");
        assert_eq!(uri("/srv/a.txt"), "file:///srv/a.txt");
    }
}
