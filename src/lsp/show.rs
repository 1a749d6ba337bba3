//! Findings as the protocol has them.

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic as Shown, DiagnosticRelatedInformation, DiagnosticSeverity, Location,
    Message,
};
use serde_json::{Value, json};

use super::SOURCE;
use super::buffer::Places;
use super::client::Client;
use crate::diagnostic::{Applicability, Diagnostic, Severity};

/// A document as it is shown to the client.
#[derive(Debug)]
pub struct Page<'a> {
    /// What the client calls it.
    pub uri: &'a str,
    /// Its places.
    pub places: Places<'a>,
    /// What the client can show.
    pub client: &'a Client,
    /// The URI of the folder in which the rules are explained.
    pub explanations: Option<&'a str>,
}

impl Page<'_> {
    /// All findings.
    pub fn findings(&self, found: &[Diagnostic]) -> Vec<Shown> {
        found.iter().map(|finding| self.finding(finding)).collect()
    }

    /// A finding.
    pub fn finding(&self, finding: &Diagnostic) -> Shown {
        let Diagnostic { rule, range, message, .. } = finding;
        let link = self.explanations.filter(|_| self.client.code_links);
        Shown {
            range: self.places.range(*range),
            severity: Some(severity(rule.severity)),
            code: Some(Code::String(rule.id.clone())),
            code_description: link
                .map(|folder| CodeDescription { href: format!("{folder}/{}.md", rule.id).into() }),
            source: Some(SOURCE.to_owned()),
            message: Message::String(message.clone()),
            tags: None,
            related_information: self.related(finding),
            data: if self.client.data { data(finding) } else { None },
        }
    }

    fn related(&self, finding: &Diagnostic) -> Option<Vec<DiagnosticRelatedInformation>> {
        if finding.related.is_empty() || !self.client.related {
            return None;
        }
        let label = |label: &crate::diagnostic::Label| DiagnosticRelatedInformation {
            location: Location { uri: self.uri.into(), range: self.places.range(label.range) },
            message: label.message.clone(),
        };
        Some(finding.related.iter().map(label).collect())
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info => DiagnosticSeverity::Information,
    }
}

/// What a client could want to know beyond what it shows: what belongs in a hole, and whether there is a fix.
fn data(finding: &Diagnostic) -> Option<Value> {
    let placeholder = finding.slot.as_ref().map(|slot| match &slot.unit {
        Some(unit) => json!({"type": slot.kind, "unit": unit}),
        None => json!({"type": slot.kind}),
    });
    let fix = finding.fix.as_ref().map(|fix| match fix.applicability {
        Applicability::Safe => "safe",
        Applicability::Unsafe => "unsafe",
    });
    match (placeholder, fix) {
        (None, None) => None,
        (Some(placeholder), None) => Some(json!({"placeholder": placeholder})),
        (None, Some(fix)) => Some(json!({"fix": fix})),
        (Some(placeholder), Some(fix)) => Some(json!({"placeholder": placeholder, "fix": fix})),
    }
}
