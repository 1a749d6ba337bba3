//! Findings of one rule that are a matter of the whole text: where there are many, they are told as one.

use serde::Deserialize;
use toml::Spanned;

use super::definition::{Definition, Wording};
use super::source::RuleError;
use super::template::Template;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Lang};

/// How many of the findings that are told as one are shown besides the first.
const SHOWN: usize = 3;

const VARIABLES: [&str; 1] = ["count"];

/// The `[gather]` table of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// More findings than this in one text are told as one.
    over: usize,
    /// What that one says; `{count}` is how many there are.
    message: Spanned<Wording>,
    /// What is said of the next few.
    related: Spanned<Wording>,
}

/// Makes one finding of the many of a rule.
#[derive(Debug)]
pub(super) struct Gathering {
    rule: String,
    over: usize,
    message: Template,
    related: Template,
}

impl Gathering {
    /// Reads the `[gather]` table of `rule`, if it has one.
    pub(super) fn new(rule: &Definition, lang: Lang) -> Result<Option<Self>, RuleError> {
        let Some(settings) = &rule.gather else { return Ok(None) };
        Ok(Some(Self {
            rule: rule.id.clone(),
            over: settings.over,
            message: Template::new(rule, &settings.message, lang, &VARIABLES)?,
            related: Template::new(rule, &settings.related, lang, &VARIABLES)?,
        }))
    }

    /// Puts one finding in the place of all those of the rule, if they are too many: at the first, as severe as the most
    /// severe, with labels at the next few, and a fix that mends them all.
    pub(super) fn gather(&self, found: &mut Vec<Diagnostic>) {
        let is_own = |finding: &Diagnostic| finding.rule.id == self.rule;
        if found.iter().filter(|finding| is_own(finding)).count() <= self.over {
            return;
        }
        let mut own: Vec<Diagnostic> = found.extract_if(.., |finding| is_own(finding)).collect();
        own.sort_by_key(|finding| finding.range);
        let Some(rule) = own.iter().map(|finding| &finding.rule).max_by_key(|rule| rule.severity).cloned()
        else {
            return;
        };
        let count = own.len().to_string();
        let label =
            |finding: &Diagnostic| Label { range: finding.range, message: self.related.render(&[&count]) };
        let related = own.iter().skip(1).take(SHOWN).map(label).collect();
        let fix = fix_of_all(&mut own);
        let message = self.message.render(&[&count]);
        found.extend(own.into_iter().next().map(|first| Diagnostic { rule, message, related, fix, ..first }));
    }
}

/// All fixes as one, which is safe if each of them is.
fn fix_of_all(findings: &mut [Diagnostic]) -> Option<Fix> {
    let fixes: Vec<Fix> = findings.iter_mut().filter_map(|finding| finding.fix.take()).collect();
    let is_safe = fixes.iter().all(|fix| fix.applicability == Applicability::Safe);
    let mut edits: Vec<Edit> = fixes.into_iter().flat_map(|fix| fix.edits).collect();
    // of a pair of brackets one edit stands behind what is mended between them
    edits.sort_by_key(|edit| edit.range);
    let applicability = if is_safe { Applicability::Safe } else { Applicability::Unsafe };
    (!edits.is_empty()).then_some(Fix { applicability, edits })
}
