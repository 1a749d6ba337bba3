//! Findings that their surroundings make less severe than the rule is by itself.

use std::sync::Arc;

use serde::Deserialize;

use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Example, Wording};
use super::family::Family;
use super::source::RuleError;
use crate::diagnostic::{Diagnostic, RuleInfo, Severity};
use crate::document::Document;
use crate::text::TextRange;

/// One `[[weigh]]` of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// How severe a finding is at most for which `when` holds.
    at_most: Severity,
    /// What must hold; `inside` is about the place of the finding.
    when: ConditionSettings,
}

impl Settings {
    /// The draft that shows it.
    pub(super) fn example(&self) -> Option<Example> {
        Some(Example { severity: Some(self.at_most), ..self.when.example()? })
    }
}

/// Makes findings of a rule less severe.
#[derive(Debug)]
pub(super) struct Weight {
    rule: String,
    conditions: Conditions,
    /// For each condition what the severity is at most.
    at_most: Vec<Severity>,
}

impl Weight {
    /// Reads what the file of `rule` says, if it says anything of this.
    pub(super) fn new(rule: &Definition, family: &Family) -> Result<Option<Self>, RuleError> {
        if rule.weigh.is_empty() {
            return Ok(None);
        }
        let error = |offset: usize, message: Wording| rule.error_at(offset, message);
        Ok(Some(Self {
            rule: rule.id.clone(),
            conditions: Conditions::new(family, rule.weigh.iter().map(|weigh| &weigh.when), &error)?,
            at_most: rule.weigh.iter().map(|weigh| weigh.at_most).collect(),
        }))
    }

    /// Sets the severity of the findings of the rule, which are in ranges of the prose.
    pub(super) fn weigh(&self, document: &Document, found: &mut [Diagnostic]) {
        let mut seen = Seen::default();
        for finding in found.iter_mut().filter(|finding| finding.rule.id == self.rule) {
            let around = Surroundings::new(document.prose(), line_of(document, finding.range), finding.range);
            let at_most = self.conditions.first(around, &mut seen).map(|index| self.at_most[index]);
            if let Some(severity) = at_most.filter(|&severity| severity < finding.rule.severity) {
                finding.rule = Arc::new(RuleInfo { severity, ..RuleInfo::clone(&finding.rule) });
            }
        }
    }
}

/// The line on which a range begins, and as much more as the range takes.
fn line_of(document: &Document, range: TextRange) -> TextRange {
    let blocks = document.blocks();
    let next = blocks.partition_point(|block| block.range.start <= range.start);
    let line = blocks[..next].last().map_or(range, |block| block.range);
    TextRange::new(line.start, line.end.max(range.end))
}
