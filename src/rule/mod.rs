//! Rules as data: read from TOML, checked, compiled once.

mod definition;

use crate::diagnostic::Lang;
pub use definition::{Definition, Example, RuleError, Wording};

/// The rules that are known, as their files say.
#[derive(Debug)]
pub struct Catalog {
    definitions: Vec<Definition>,
}

impl Catalog {
    /// The rules that the program brings along.
    ///
    /// # Errors
    /// If one of them is broken; the test suite sees to it that none is.
    pub fn builtin() -> Result<Self, RuleError> {
        Ok(Self { definitions: Vec::new() })
    }

    /// The rules, ordered by id.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Keeps the rules that `select` names (all, if it is empty) and `ignore` does not. A name is a rule's id or a
    /// family; a rule's own id outweighs its family.
    ///
    /// # Errors
    /// [`UnknownRule`] for a name that is neither.
    pub fn retain(&mut self, select: &[String], ignore: &[String]) -> Result<(), UnknownRule> {
        let _ = (select, ignore);
        Ok(())
    }

    /// Makes the rules ready to run, speaking `lang`.
    ///
    /// # Errors
    /// If a rule's settings do not hold, such as a regular expression that does not parse.
    pub fn compile(&self, lang: Lang) -> Result<RuleSet, RuleError> {
        let _ = lang;
        Ok(RuleSet {})
    }
}

/// A name that is no rule and no family.
#[derive(Debug, thiserror::Error)]
#[error("no rule or family is called `{name}`")]
pub struct UnknownRule {
    /// The name as given.
    pub name: String,
    /// Every rule id and family there is, to choose a suggestion from.
    pub known: Vec<String>,
}

/// Rules ready to run.
#[derive(Debug)]
pub struct RuleSet {}
