//! The TOML form of a rule: `rules/<family>/<name>.toml` is the rule, its documentation and its tests at once, and
//! `rules/<family>.toml` is what the rules of a family share.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::condition::ConditionSettings;
use super::source::{RuleError, SourceFile, line_at, line_starts};
use super::{count, duplicate, gather, pair, pattern, sequence, suppression, weight};
use crate::diagnostic::{Lang, Severity};
use crate::document::Format;
use crate::slot::SlotType;

/// A text in both languages; in a rule file, a plain string is both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl<'de> Deserialize<'de> for Wording {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Both {
            zh: String,
            en: String,
        }

        struct Form;

        impl<'de> Visitor<'de> for Form {
            type Value = Wording;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or a table of `zh` and `en`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Wording, E> {
                Ok(text.to_owned().into())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Wording, A::Error> {
                let Both { zh, en } = Both::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Wording { zh, en })
            }
        }

        deserializer.deserialize_any(Form)
    }
}

impl From<String> for Wording {
    fn from(text: String) -> Self {
        Self { zh: text.clone(), en: text }
    }
}

impl Wording {
    /// One text in each language.
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

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
    /// Other drafts beside it, for a rule that compares drafts.
    #[serde(default)]
    pub others: Vec<String>,
    /// How it is written; plain text unless said.
    #[serde(default)]
    pub format: Format,
    /// The slot type expected, for a placeholder.
    #[serde(rename = "type")]
    pub slot: Option<SlotType>,
    /// The unit expected, for a placeholder.
    pub unit: Option<String>,
    /// The severity expected, where it is not that of the rule.
    pub severity: Option<Severity>,
    /// What the draft reads once every finding is fixed.
    pub fixed: Option<String>,
    /// Why this is, or is not, a defect.
    pub why: Option<String>,
}

impl Example {
    /// The draft; in a bad example `⟦` and `⟧` stand around each finding expected.
    pub fn text(&self) -> &str {
        self.text.get_ref()
    }

    /// Where it stands in the rule's file.
    pub(super) fn offset(&self) -> usize {
        self.text.span().start
    }
}

/// A rule as its file says.
#[derive(Clone, Debug)]
pub struct Definition {
    /// `family/name`, from its path.
    pub id: String,
    /// The file it was read from, as named by whoever loaded it.
    pub file: String,
    /// Whether the program brings it along.
    pub builtin: bool,
    /// Severity of its findings.
    pub severity: Severity,
    /// Whether it runs unless it is asked for by its id.
    pub default: bool,
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
    /// What makes its findings less severe; the first that fits decides.
    pub(super) weigh: Vec<weight::Settings>,
    /// How many findings in one text are told as one.
    pub(super) gather: Option<gather::Settings>,
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
    Suppression(suppression::Settings),
}

impl Kind {
    /// The conditions of the rule itself, in the order of its file.
    pub(super) fn conditions(&self) -> Vec<&ConditionSettings> {
        match self {
            Self::Pattern(settings) => settings.context.iter().map(|context| &context.when).collect(),
            Self::Count(settings) => settings.unless.iter().collect(),
            Self::Sequence(_) | Self::Pair(_) | Self::Duplicate(_) | Self::Suppression(_) => Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    severity: Severity,
    #[serde(default = "yes")]
    default: bool,
    summary: Wording,
    explanation: Wording,
    help: Option<Wording>,
    source: Option<String>,
    message: Spanned<Wording>,
    caption: Option<Spanned<Wording>>,
    related: Option<Spanned<Wording>>,
    #[serde(default)]
    weigh: Vec<weight::Settings>,
    gather: Option<gather::Settings>,
    pattern: Option<pattern::Settings>,
    sequence: Option<sequence::Settings>,
    count: Option<count::Settings>,
    pair: Option<pair::Settings>,
    duplicate: Option<duplicate::Settings>,
    suppression: Option<suppression::Settings>,
    #[serde(default)]
    bad: Vec<Example>,
    #[serde(default)]
    good: Vec<Example>,
}

fn yes() -> bool {
    true
}

impl Definition {
    /// Reads the rule `id`.
    pub(super) fn parse(id: &str, source: &SourceFile) -> Result<Self, RuleError> {
        let rule: RuleFile = source.parse()?;
        let error = |zh: &str, en: &str| source.error_at(0, Wording::new(zh, en));
        if rule.bad.is_empty() {
            return Err(error(
                "规则至少要有一个 [[bad]] 例子，用 ⟦⟧ 标出应当找到的地方",
                "a rule has at least one [[bad]] example, with ⟦⟧ around what it must find",
            ));
        }
        let kinds: Vec<Kind> = [
            rule.pattern.map(Kind::Pattern),
            rule.sequence.map(Kind::Sequence),
            rule.count.map(Kind::Count),
            rule.pair.map(Kind::Pair),
            rule.duplicate.map(Kind::Duplicate),
            rule.suppression.map(Kind::Suppression),
        ]
        .into_iter()
        .flatten()
        .collect();
        let [kind] = <[Kind; 1]>::try_from(kinds).map_err(|_| {
            error(
                "[pattern]、[sequence]、[count]、[pair]、[duplicate]、[suppression] 六个表里，规则有且只有一个",
                "a rule has exactly one of the tables [pattern], [sequence], [count], [pair], [duplicate], [suppression]",
            )
        })?;
        if let Some(gather) = &rule.gather
            && !matches!(kind, Kind::Pattern(_) | Kind::Pair(_))
        {
            let message = Wording::new(
                "[gather] 只用于 [pattern] 和 [pair] 规则",
                "[gather] is for [pattern] and [pair] rules",
            );
            return Err(source.error_at(gather.message.span().start, message));
        }
        Ok(Self {
            id: id.to_owned(),
            file: source.name.clone(),
            builtin: false,
            severity: rule.severity,
            default: rule.default,
            summary: rule.summary,
            explanation: rule.explanation,
            help: rule.help,
            source: rule.source,
            bad: rule.bad,
            good: rule.good,
            message: rule.message,
            caption: rule.caption,
            related: rule.related,
            gather: rule.gather,
            conditions: kind
                .conditions()
                .into_iter()
                .filter_map(ConditionSettings::example)
                .chain(rule.weigh.iter().filter_map(weight::Settings::example))
                .collect(),
            weigh: rule.weigh,
            kind,
            lines: line_starts(source.text()),
        })
    }

    /// Its examples, those of its conditions included.
    pub fn examples(&self) -> impl Iterator<Item = &Example> {
        self.bad.iter().chain(&self.good).chain(&self.conditions)
    }

    /// The part of the id before the slash.
    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// An error at a byte offset of the rule's file.
    pub(super) fn error_at(&self, offset: usize, message: impl Into<Wording>) -> RuleError {
        RuleError { file: self.file.clone(), line: line_at(&self.lines, offset), message: message.into() }
    }
}
