//! Compares what the linter says before and after a plant.

use std::ops::Range;

use dinggao::document::Document;
use dinggao::lint;
use dinggao::rule::RuleSet;

use crate::plant::{Draft, Plant};

/// As much of a finding as matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) range: Range<usize>,
}

/// What came of a plant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Whether there is a finding that would be right.
    pub(crate) found: bool,
    /// What else is new.
    pub(crate) others: Vec<Finding>,
}

/// What the linter finds in a text.
pub(crate) fn findings(rules: &RuleSet, draft: &Draft, text: String) -> Vec<Finding> {
    let document = Document::new(text, draft.format);
    let range = |range: dinggao::text::TextRange| range.start..range.end;
    lint(&document, rules)
        .into_iter()
        .map(|diagnostic| Finding { rule: diagnostic.rule.id.clone(), range: range(diagnostic.range) })
        .collect()
}

/// Judges the findings after a plant by those before it, of which there should be none.
pub(crate) fn judge(plant: &Plant, before: &[Finding], after: Vec<Finding>) -> Verdict {
    // what stands in a part that was cut has gone with it
    let kept = before.iter().map(|old| (&old.rule, &old.range, plant.moved(&old.range)));
    let kept: Vec<_> =
        kept.filter(|(_, was, is)| was.len() == is.len()).map(|(rule, _, is)| (rule, is)).collect();
    let old = |finding: &Finding| kept.contains(&(&finding.rule, finding.range.clone()));
    let mut new: Vec<Finding> = after.into_iter().filter(|finding| !old(finding)).collect();
    let right = |finding: &Finding| {
        plant.expected().any(|(rule, place)| finding.rule == rule && touch(&finding.range, &place))
    };
    let at = new.iter().position(right);
    if let Some(at) = at {
        new.remove(at);
    }
    Verdict { found: at.is_some(), others: new }
}

fn touch(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
