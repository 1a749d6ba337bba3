//! Runs the rules over one document, which may be one of many.

use crate::corpus::Corpus;
use crate::diagnostic::{self, Diagnostic};
use crate::document::Document;
use crate::rule::RuleSet;
use crate::suppression;

/// Every finding of `rules` in `document` but those that the document itself suppresses, in ranges of its text, ordered
/// by offset, then by rule id.
pub fn lint(document: &Document, rules: &RuleSet) -> Vec<Diagnostic> {
    finish(document, rules, rules.check(document, None))
}

/// As [`lint`], with what other documents of the corpus hold, too. `name` is the name of `document` in the corpus, which
/// has its [`RuleSet::prints`].
pub fn lint_in(document: &Document, rules: &RuleSet, corpus: &Corpus, name: &str) -> Vec<Diagnostic> {
    finish(document, rules, rules.check(document, Some((corpus, name))))
}

fn finish(document: &Document, rules: &RuleSet, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
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
