//! What a rule puts in the place of a match.

use serde::Deserialize;

use super::template::Repair;
use crate::diagnostic::{Applicability, Edit};
use crate::text::TextRange;

/// Stands in a replacement for what the group `kept` of the shape holds, which is not touched.
const KEPT: &str = "{kept}";

/// The `fix` of a shape: `{ safe = "，" }` or `{ unsafe = "。" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Replacement {
    /// It can be made without asking.
    Safe(String),
    /// A person should look.
    Unsafe(String),
}

impl Replacement {
    /// What it makes of a match at `range`; what stands `around` the part that is kept is replaced instead if there is one.
    pub(super) fn repair(&self, range: TextRange, around: Option<[TextRange; 2]>) -> Repair {
        let (applicability, text) = match self {
            Self::Safe(text) => (Applicability::Safe, text),
            Self::Unsafe(text) => (Applicability::Unsafe, text),
        };
        let edit = |range, text: &str| Edit { range, text: text.to_owned() };
        let edits = match around.and_then(|around| Some((around, text.split_once(KEPT)?))) {
            Some(([left, right], (before, after))) => vec![edit(left, before), edit(right, after)],
            None => vec![edit(range, text)],
        };
        Repair::new(applicability, edits)
    }
}
