//! The TOML form of a rule: `rules/<family>/<name>.toml` is the rule, its documentation and its tests at once, and
//! `rules/<family>.toml` is what the rules of a family share.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::condition::ConditionSettings;
use super::{count, duplicate, pair, pattern, sequence};
use crate::diagnostic::{Lang, Severity};
use crate::document::Format;
use crate::slot::SlotType;

/// A text in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The draft, with its marks.
    pub(super) text: Spanned<String>,
    /// How it is written; plain text unless said.
    #[serde(default)]
    pub format: Format,
    /// The slot type expected, for a placeholder.
    #[serde(rename = "type")]
    pub slot: Option<SlotType>,
    /// The unit expected, for a placeholder.
    pub unit: Option<String>,
    /// Why this is, or is not, a defect.
    pub why: Option<String>,
}

impl Example {
    /// The draft; in a bad example `⟦` and `⟧` stand around each finding expected.
    pub fn text(&self) -> &str {
        self.text.get_ref()
    }
}

/// A rule as its file says.
#[derive(Clone, Debug)]
pub struct Definition {
    /// `family/name`, from its path.
    pub id: String,
    /// The file it was read from, as named by whoever loaded it.
    pub file: String,
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
    /// What a finding says; `{name}` stands for a part of it.
    pub(super) message: Spanned<Wording>,
    /// What the carets say.
    pub(super) caption: Option<Spanned<Wording>>,
    /// What the label at the other place says.
    pub(super) related: Option<Spanned<Wording>>,
    pub(super) kind: Kind,
    /// The examples of its conditions.
    conditions: Vec<Example>,
    /// Offset of each line of the file, to name the line of a setting.
    lines: Vec<usize>,
}

/// What kind of rule it is, with the settings of that kind.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Pattern(pattern::Settings),
    Sequence(sequence::Settings),
    Count(count::Settings),
    Pair(pair::Settings),
    Duplicate(duplicate::Settings),
}

impl Kind {
    fn conditions(&self) -> Vec<&ConditionSettings> {
        match self {
            Self::Pattern(settings) => settings.context.iter().map(|context| &context.when).collect(),
            Self::Count(settings) => settings.unless.iter().collect(),
            Self::Sequence(_) | Self::Pair(_) | Self::Duplicate(_) => Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    severity: Severity,
    summary: Wording,
    explanation: Wording,
    help: Option<Wording>,
    source: Option<String>,
    message: Spanned<Wording>,
    caption: Option<Spanned<Wording>>,
    related: Option<Spanned<Wording>>,
    pattern: Option<pattern::Settings>,
    sequence: Option<sequence::Settings>,
    count: Option<count::Settings>,
    pair: Option<pair::Settings>,
    duplicate: Option<duplicate::Settings>,
    #[serde(default)]
    bad: Vec<Example>,
    #[serde(default)]
    good: Vec<Example>,
}

impl Definition {
    /// Reads one rule file.
    pub(super) fn parse(id: &str, file: &str, source: &str) -> Result<Self, RuleError> {
        let rule: RuleFile = parse_toml(file, source)?;
        let kinds: Vec<Kind> = [
            rule.pattern.map(Kind::Pattern),
            rule.sequence.map(Kind::Sequence),
            rule.count.map(Kind::Count),
            rule.pair.map(Kind::Pair),
            rule.duplicate.map(Kind::Duplicate),
        ]
        .into_iter()
        .flatten()
        .collect();
        let [kind] = <[Kind; 1]>::try_from(kinds).map_err(|_| RuleError {
            file: file.to_owned(),
            line: 1,
            message:
                "a rule has exactly one of the tables [pattern], [sequence], [count], [pair], [duplicate]"
                    .to_owned(),
        })?;
        Ok(Self {
            id: id.to_owned(),
            file: file.to_owned(),
            severity: rule.severity,
            summary: rule.summary,
            explanation: rule.explanation,
            help: rule.help,
            source: rule.source,
            bad: rule.bad,
            good: rule.good,
            message: rule.message,
            caption: rule.caption,
            related: rule.related,
            conditions: kind.conditions().into_iter().filter_map(ConditionSettings::example).collect(),
            kind,
            lines: line_starts(source),
        })
    }

    /// Its examples, those of its conditions included.
    pub(super) fn examples(&self) -> impl Iterator<Item = &Example> {
        self.bad.iter().chain(&self.good).chain(&self.conditions)
    }

    /// The part of the id before the slash.
    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// An error at a byte offset of the rule's file.
    pub(super) fn error_at(&self, offset: usize, message: impl Into<String>) -> RuleError {
        RuleError { file: self.file.clone(), line: line_at(&self.lines, offset), message: message.into() }
    }
}

/// What the rules of a family share.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Family {
    /// Named parts of regular expressions, written `{{name}}` where they are used.
    pub words: BTreeMap<String, String>,
    /// How the words around a placeholder tell what belongs in it; the first that fits decides.
    pub slot: Vec<pattern::SlotSettings>,
    /// Kinds of ordinal markers.
    pub ordinal: Vec<sequence::OrdinalSettings>,
    /// Quotes and brackets.
    pub pair: Vec<pair::PairSettings>,
    /// When two paragraphs are the same.
    pub repeat: Option<duplicate::RepeatSettings>,
    /// Whether the rules are those that come along, which the test suite has checked.
    #[serde(skip)]
    pub trusted: bool,
    #[serde(skip)]
    file: String,
    #[serde(skip)]
    lines: Vec<usize>,
}

impl Family {
    pub(super) fn parse(file: &str, source: &str) -> Result<Self, RuleError> {
        let family: Self = parse_toml(file, source)?;
        Ok(Self { file: file.to_owned(), lines: line_starts(source), ..family })
    }

    /// An error at a byte offset of the family's file.
    pub(super) fn error_at(&self, offset: usize, message: impl Into<String>) -> RuleError {
        RuleError { file: self.file.clone(), line: line_at(&self.lines, offset), message: message.into() }
    }

    /// A regular expression with the family's `{{words}}` put in.
    pub(super) fn expand(&self, pattern: &str) -> Result<String, String> {
        let mut expanded = pattern.to_owned();
        // a word may be made of other words, but not of itself
        for _ in 0..8 {
            let Some(start) = expanded.find("{{") else { return Ok(expanded) };
            let Some(len) = expanded[start..].find("}}") else { break };
            let name = &expanded[start + 2..start + len];
            let word = self.words.get(name).ok_or_else(|| format!("no word is called `{name}`"))?;
            expanded = expanded.replace(&format!("{{{{{name}}}}}"), &format!("(?:{word})"));
        }
        Err("the words in `{{…}}` do not come to an end".to_owned())
    }
}

fn parse_toml<T: DeserializeOwned>(file: &str, source: &str) -> Result<T, RuleError> {
    toml::from_str(source).map_err(|error: toml::de::Error| RuleError {
        file: file.to_owned(),
        line: line_at(&line_starts(source), error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })
}

fn line_starts(source: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1)).collect()
}

fn line_at(starts: &[usize], offset: usize) -> usize {
    starts.partition_point(|&start| start <= offset)
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
