//! Why and why not: what the rules looked at in a document, and what decided there.

use super::condition::ConditionSettings;
use super::definition::Wording;
use super::source::RuleError;
use super::{Catalog, RuleSet};
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::Document;
use crate::text::TextRange;

/// A place that was looked at.
#[derive(Clone, Debug)]
pub struct Look {
    /// Who looked: a rule by its id, or a family whose rules look together.
    pub by: String,
    /// Where, in the text of the document.
    pub range: TextRange,
    /// What came of it.
    pub verdict: Wording,
    /// What decided it, if the rule files say so.
    pub decider: Option<Decider>,
}

/// The condition of a rule file that decided about a place.
#[derive(Clone, Debug)]
pub struct Decider {
    /// The file, as named by whoever read it.
    pub file: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// Why, as the file says.
    pub reason: Option<String>,
    /// The condition itself.
    pub condition: String,
}

/// A look as an engine tells of it.
#[derive(Debug)]
pub(super) struct Sight {
    pub by: String,
    /// Where, in the prose of the document.
    pub range: TextRange,
    pub verdict: Wording,
    pub decider: Option<DeciderAt>,
}

/// Where in the rule files a condition is.
#[derive(Clone, Copy, Debug)]
pub(super) enum DeciderAt {
    /// Among the conditions of the rule that looked.
    Rule(usize),
    /// The `only` of an ordinal of the family, none of which holds.
    Only { ordinal: usize },
    /// Among the `unless` of an ordinal of the family.
    Unless { ordinal: usize, index: usize },
}

impl Sight {
    /// What is seen of an engine that tells no more than what it finds.
    pub(super) fn finding(found: &Diagnostic) -> Self {
        let (severity, message) = (found.rule.severity, &found.message);
        let verdict = Wording::new(
            format!("有发现（{severity}）：{message}"),
            format!("a finding ({severity}): {message}"),
        );
        Self { by: found.rule.id.clone(), range: found.range, verdict, decider: None }
    }
}

impl RuleSet {
    fn sights(&self, document: &Document) -> Vec<Sight> {
        let hits = self.scanner.scan(document.prose());
        let mut sights = Vec::new();
        for (engine, hits) in self.engines.iter().zip(&hits) {
            let mut found = Vec::new();
            engine.check(document, hits, &mut found);
            self.weigh(document, &mut found);
            sights.extend(engine.explain(document, hits, &found));
        }
        sights
    }
}

impl Catalog {
    /// Every place of a document that a rule looked at, in order: whether it found something there and why, or why not.
    ///
    /// # Errors
    /// As for [`Catalog::compile`].
    pub fn explain(&self, document: &Document, lang: Lang) -> Result<Vec<Look>, RuleError> {
        let mut looks: Vec<Look> = self
            .compile(lang)?
            .sights(document)
            .into_iter()
            .map(|sight| Look {
                decider: sight.decider.and_then(|at| self.decider(&sight.by, at)),
                range: document.source_range(sight.range),
                by: sight.by,
                verdict: sight.verdict,
            })
            .collect();
        looks.sort_by(|a, b| (a.range, &a.by).cmp(&(b.range, &b.by)));
        Ok(looks)
    }

    /// The condition at a place of the files of `name`, a rule or a family.
    fn decider(&self, name: &str, at: DeciderAt) -> Option<Decider> {
        let family = self.families.get(name);
        let (place, conditions): (RuleError, Vec<&ConditionSettings>) = match at {
            DeciderAt::Rule(index) => {
                let rule = self.definitions.iter().find(|rule| rule.id == name)?;
                let condition = *rule.kind.conditions().get(index)?;
                (rule.error_at(condition.offset(), String::new()), vec![condition])
            }
            DeciderAt::Only { ordinal } => {
                let only = &family?.ordinal.get(ordinal)?.only;
                (family?.error_at(only.first()?.offset(), String::new()), only.iter().collect())
            }
            DeciderAt::Unless { ordinal, index } => {
                let condition = family?.ordinal.get(ordinal)?.unless.get(index)?;
                (family?.error_at(condition.offset(), String::new()), vec![condition])
            }
        };
        Some(Decider {
            file: place.file,
            line: place.line,
            reason: conditions.iter().find_map(|condition| condition.reason.clone()),
            condition: conditions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
        })
    }
}
