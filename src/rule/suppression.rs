//! Suppression rules: what is said of a suppression that is not what its writer thinks it is. Whether it is so is found
//! out by [`crate::suppression`], once all other rules have spoken.

use serde::Deserialize;

use super::definition::{Definition, Kind, Wording};
use super::source::RuleError;
use super::template::Voice;
use crate::diagnostic::{Diagnostic, Lang};
use crate::text::TextRange;

/// The `[suppression]` table of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// What is wrong with the suppression.
    flaw: Flaw,
}

/// What is wrong with a suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Flaw {
    /// There is nothing left that it suppresses.
    Unused,
    /// It makes no sense, or holds no longer.
    Invalid,
}

const VARIABLES: [&str; 1] = ["reason"];

/// What is said of suppressions, for each flaw that a rule looks for.
#[derive(Debug)]
pub(crate) struct Verdicts {
    lang: Lang,
    voices: Vec<(Flaw, Voice)>,
}

impl Verdicts {
    pub(super) fn new(rules: &[Definition], lang: Lang) -> Result<Self, RuleError> {
        let mut voices = Vec::new();
        for definition in rules {
            if let Kind::Suppression(settings) = &definition.kind {
                voices.push((settings.flaw, Voice::new(definition, lang, &VARIABLES)?));
            }
        }
        Ok(Self { lang, voices })
    }

    /// The finding that a suppression at `range` has a flaw, with `reason` as its rule's `{reason}`; nothing if no
    /// rule of the run looks for it.
    pub(crate) fn finding(&self, flaw: Flaw, range: TextRange, reason: &Wording) -> Option<Diagnostic> {
        let (_, voice) = self.voices.iter().find(|(looked_for, _)| *looked_for == flaw)?;
        Some(voice.finding(range, &[reason.pick(self.lang)], None))
    }
}
