//! Runs the rules over one document.

use crate::diagnostic::{self, Diagnostic};
use crate::document::Document;
use crate::rule::RuleSet;
use crate::suppression;

/// Every finding of `rules` in `document` but those that the document itself suppresses, in ranges of its text, ordered
/// by offset, then by rule id.
pub fn lint(document: &Document, rules: &RuleSet) -> Vec<Diagnostic> {
    let mut found = rules.check(document);
    for finding in &mut found {
        finding.range = document.source_range(finding.range);
        for label in &mut finding.related {
            label.range = document.source_range(label.range);
        }
        if let Some(slot) = &mut finding.slot {
            slot.fill = document.source_range(slot.fill);
        }
        for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.range = document.source_range(edit.range);
        }
    }
    suppression::apply(document, rules, &mut found);
    diagnostic::sort(&mut found);
    found
}
