//! The TOML form of a rule.

use crate::diagnostic::{Lang, Severity};
use crate::document::Format;
use crate::slot::SlotType;

/// A text in both languages.
#[derive(Clone, Debug)]
pub struct Wording {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Wording {
    /// The wording in a language.
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// A piece of a draft that shows what a rule finds or leaves alone.
#[derive(Clone, Debug)]
pub struct Example {
    /// The draft; `⟦` and `⟧` stand around each finding expected.
    pub text: String,
    /// How it is written.
    pub format: Format,
    /// The slot type expected, for a placeholder.
    pub slot: Option<SlotType>,
    /// The unit expected, for a placeholder.
    pub unit: Option<String>,
    /// Why this is, or is not, a defect.
    pub why: Option<String>,
}

/// A rule as its file says.
#[derive(Clone, Debug)]
pub struct Definition {
    /// `family/name`, from its path.
    pub id: String,
    /// Severity of its findings.
    pub severity: Severity,
    /// One line for the table of rules.
    pub summary: Wording,
    /// What it looks for and why, in a paragraph or two.
    pub explanation: Wording,
    /// What the writer can do about a finding.
    pub help: Option<Wording>,
    /// The standard behind it.
    pub source: Option<String>,
    /// Drafts in which it finds what is marked.
    pub bad: Vec<Example>,
    /// Drafts in which it finds nothing.
    pub good: Vec<Example>,
}

/// A rule file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct RuleError {
    /// The file, as named by whoever loaded it.
    pub file: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}
