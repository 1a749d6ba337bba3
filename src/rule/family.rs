//! What the rules of a family share: `rules/<family>.toml`, and what files of the user's say on top of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::definition::Wording;
use super::source::{RuleError, SourceFile};
use super::trigger;
use super::{duplicate, pair, pattern, sequence};

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
    /// Whether a user's limits hold.
    #[serde(skip)]
    pub limited: bool,
    /// Where all this was read, in order. Each file begins with as many blanks as there are bytes in the one before, so
    /// that an offset tells the file, too.
    #[serde(skip)]
    files: Vec<SourceFile>,
}

impl Family {
    /// Reads one more file of the family. Its words and values replace those that there are, and what it lists goes
    /// before what is listed: of conditions, the first that holds decides.
    pub(super) fn extended(&self, source: &SourceFile) -> Result<Self, RuleError> {
        let start = self.files.last().map_or(0, |file| file.text().len());
        let mut files = self.files.clone();
        files.push(SourceFile::new(&*source.name, &(" ".repeat(start) + source.text())));
        match Self::read(&files) {
            Ok(family) => Ok(Self { files, trusted: false, ..family }),
            Err(error) => {
                let offset = error.span().map_or(start, |span| span.start);
                Err(error_in(&files, offset, error.message().to_owned()))
            }
        }
    }

    fn read(files: &[SourceFile]) -> Result<Self, toml::de::Error> {
        let mut merged = DeTable::new();
        for file in files {
            merge(&mut merged, DeTable::parse(file.text())?.into_inner());
        }
        Self::deserialize(Deserializer::from(Spanned::new(0..0, merged)))
    }

    /// Whether a user has changed what comes along: with files of their own, or with limits.
    pub(super) fn is_extended(&self) -> bool {
        self.files.len() > 1 || self.limited
    }

    /// The first pair of a shape, as an index.
    pub(super) fn pair_of_shape(&self, shape: &Spanned<String>) -> Result<usize, RuleError> {
        let position = self.pair.iter().position(|pair| pair.is_of(shape.get_ref()));
        position.ok_or_else(|| {
            let message = Wording::new(
                format!("没有形状为“{}”的引号、括号", shape.get_ref()),
                format!("no pair has the shape `{}`", shape.get_ref()),
            );
            self.error_at(shape.span().start, message)
        })
    }

    /// An error at a byte offset of the family's files.
    pub(super) fn error_at(&self, offset: usize, message: impl Into<Wording>) -> RuleError {
        error_in(&self.files, offset, message)
    }

    /// A regular expression with the family's `{{words}}` put in.
    pub(super) fn expand(&self, pattern: &str) -> Result<String, Wording> {
        trigger::expand(&self.words, pattern).map_err(|name| {
            if self.words.contains_key(&name) {
                return Wording::new("{{…}} 里的词没完没了", "the words in `{{…}}` do not come to an end");
            }
            Wording::new(
                format!("[words] 里没有名为“{name}”的词"),
                format!("no word is called `{name}` in [words]"),
            )
        })
    }
}

/// Puts what `over` says into `base`.
fn merge<'a>(base: &mut DeTable<'a>, over: DeTable<'a>) {
    for (key, mut value) in over {
        let Some(known) = base.get_mut(key.get_ref().as_ref()) else {
            base.insert(key, value);
            continue;
        };
        match (known.get_mut(), value.get_mut()) {
            (DeValue::Table(known), DeValue::Table(over)) => merge(known, std::mem::take(over)),
            (DeValue::Array(known), DeValue::Array(over)) => {
                let listed = std::mem::replace(known, std::mem::replace(over, DeArray::new()));
                listed.into_iter().for_each(|item| known.push(item));
            }
            _ => *known = value,
        }
    }
}

fn error_in(files: &[SourceFile], offset: usize, message: impl Into<Wording>) -> RuleError {
    match files.iter().find(|file| offset < file.text().len()).or(files.last()) {
        Some(file) => file.error_at(offset, message),
        None => RuleError { file: String::new(), line: 1, message: message.into() },
    }
}
