//! Runs the rules over one document, which may be one of many.

use crate::corpus::Corpus;
use crate::diagnostic::{self, Diagnostic, Fix};
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
        finding.fix = finding.fix.take().and_then(|fix| in_source(fix, document));
    }
    suppression::apply(document, rules, &mut found);
    diagnostic::sort(&mut found);
    found
}

/// A fix in ranges of the text; none if something stands there that the prose does not show, such as a mark of Markdown,
/// which the fix would take away.
fn in_source(mut fix: Fix, document: &Document) -> Option<Fix> {
    for edit in &mut fix.edits {
        let source = document.source_range(edit.range);
        if source.of(document.text()) != edit.range.of(document.prose()) {
            return None;
        }
        edit.range = source;
    }
    Some(fix)
}
