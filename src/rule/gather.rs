//! Findings of one rule that are a matter of the whole text: where there are many, they are told as one.

use serde::Deserialize;
use toml::Spanned;

use super::definition::{Definition, Wording};
use super::source::RuleError;
use super::template::Template;
use crate::diagnostic::{Diagnostic, Fix, Label, Lang};
use crate::text::TextRange;

/// How many of the findings that are told as one are shown besides the first.
const SHOWN: usize = 3;

/// How many findings are counted at most: a text may have thousands.
const COUNTED: usize = 10;

const VARIABLES: [&str; 1] = ["count"];

/// The `[gather]` table of a pattern or pair rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// More findings than this in one text are told as one.
    over: usize,
    /// What that one says; `{count}` is how many there are, or `10+`.
    pub message: Spanned<Wording>,
    /// What is said of the next few.
    related: Spanned<Wording>,
    /// Whether the fix is to mend all places, however many there are.
    #[serde(skip)]
    pub fixes_all: bool,
}

/// Makes one finding of the many of a rule.
#[derive(Debug)]
pub(super) struct Gathering {
    over: usize,
    message: Template,
    related: Template,
    fixes_all: bool,
}

impl Gathering {
    /// Reads the `[gather]` table of `rule`, if it has one.
    pub(super) fn new(rule: &Definition, lang: Lang) -> Result<Option<Self>, RuleError> {
        let Some(settings) = &rule.gather else { return Ok(None) };
        Ok(Some(Self {
            over: settings.over,
            message: Template::new(rule, &settings.message, lang, &VARIABLES)?,
            related: Template::new(rule, &settings.related, lang, &VARIABLES)?,
            fixes_all: settings.fixes_all,
        }))
    }

    /// Whether it makes no difference if there are more than `count`.
    pub(super) fn is_enough(&self, count: usize) -> bool {
        count > COUNTED && !self.fixes_all
    }

    /// Whether so many are told as one.
    pub(super) fn takes(&self, count: usize) -> bool {
        count > self.over
    }

    /// The one finding: at the `first`, with labels at the next few, and a fix that mends them all (of more than are
    /// counted, those). `all`, the first among them, are ascending, each with its fix.
    pub(super) fn one(&self, first: Diagnostic, all: Vec<(TextRange, Option<Fix>)>) -> Diagnostic {
        let count = if all.len() > COUNTED { format!("{COUNTED}+") } else { all.len().to_string() };
        let label = |one: &(TextRange, _)| Label { range: one.0, message: self.related.render(&[&count]) };
        let related = all.iter().skip(1).take(SHOWN).map(label).collect();
        let fix = fix_of_all(all.into_iter().filter_map(|(_, fix)| fix));
        Diagnostic { message: self.message.render(&[&count]), related, fix, ..first }
    }
}

/// All fixes as one, which is safe if each of them is.
fn fix_of_all(mut fixes: impl Iterator<Item = Fix>) -> Option<Fix> {
    let mut all = fixes.next()?;
    for fix in fixes {
        all.applicability = all.applicability.max(fix.applicability);
        all.edits.extend(fix.edits);
    }
    // of a pair of brackets one edit stands behind what is mended between them
    all.edits.sort_by_key(|edit| edit.range);
    Some(all)
}
