//! What the linter says: a finding, where it is, what else it concerns, and how it could be mended.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::slot::Slot;
use crate::text::{Position, TextRange};

/// How sure and how bad a finding is. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A hint.
    Info,
    /// Look here.
    Warning,
    /// The draft must not go out like this.
    Error,
}

impl Severity {
    /// The lower-case English name that files, options and machine-readable reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The two languages in which the product speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Picks the wording of this language.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

impl FromStr for Lang {
    type Err = ();

    /// Reads a language tag or a locale name: `zh`, `zh-CN` and `zh_CN.UTF-8` are Chinese, all else is English.
    fn from_str(tag: &str) -> Result<Self, ()> {
        Ok(if tag.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En })
    }
}

/// What a finding needs to know of the rule that made it; shared by all findings of the rule.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// The rule's id, `family/name`.
    pub id: String,
    /// The severity of its findings.
    pub severity: Severity,
    /// What the writer can do about a finding.
    pub help: Option<String>,
}

impl RuleInfo {
    /// The part of the id before the slash: `placeholder` of `placeholder/mask`.
    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }
}

/// One defect of a draft. Ranges are byte ranges into the document's text.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: Arc<RuleInfo>,
    /// Where it is.
    pub range: TextRange,
    /// What is wrong, in the language that the rules were loaded in.
    pub message: String,
    /// A few words for the caret line under the range itself, where the rule has them.
    pub caption: Option<String>,
    /// Other places that belong to it, such as the other end of a pair.
    pub related: Vec<Label>,
    /// The places in other documents that belong to it.
    pub elsewhere: Vec<Elsewhere>,
    /// What is to be filled in, if it is a place to fill.
    pub slot: Option<Slot>,
    /// How it could be mended by machine.
    pub fix: Option<Fix>,
}

/// Puts findings in the order of every report: by offset, then by rule id.
pub(crate) fn sort(found: &mut [Diagnostic]) {
    found.sort_by(|a, b| (a.range.start, &a.rule.id).cmp(&(b.range.start, &b.rule.id)));
}

/// A place in the same document and what it has to do with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub range: TextRange,
    /// What.
    pub message: String,
}

/// A place in another document and what it has to do with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The name of the document.
    pub path: String,
    /// Where, in bytes of that document's text.
    pub range: TextRange,
    /// Where it begins, in grapheme clusters.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// What.
    pub message: String,
}

/// Whether a fix can be made without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// The meaning stays, whatever the context.
    Safe,
    /// A person should look.
    Unsafe,
}

/// A mechanical repair: all edits, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it can be made without asking.
    pub applicability: Applicability,
    /// What to replace, in ascending order and without overlap.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub range: TextRange,
    /// What to put there.
    pub text: String,
}
