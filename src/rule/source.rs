//! The TOML files that rules come from, and what is wrong with them, by file and line.

use serde::de::DeserializeOwned;

use super::definition::Wording;

/// A TOML file that has been read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its name, as whoever reads an error in it knows it.
    pub name: String,
    /// What it says, without a byte order mark.
    text: String,
}

impl SourceFile {
    /// A file of this name that says `text`.
    pub fn new(name: impl Into<String>, text: &str) -> Self {
        Self { name: name.into(), text: text.strip_prefix('\u{feff}').unwrap_or(text).to_owned() }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Reads what it says.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, RuleError> {
        toml::from_str(&self.text).map_err(|error: toml::de::Error| {
            self.error_at(error.span().map_or(0, |span| span.start), error.message().to_owned())
        })
    }

    /// An error at a byte offset.
    pub(crate) fn error_at(&self, offset: usize, message: impl Into<Wording>) -> RuleError {
        RuleError { file: self.name.clone(), line: self.line_of(offset), message: message.into() }
    }

    /// The line that holds a byte offset, from 1.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        line_at(&line_starts(&self.text), offset)
    }
}

/// The offset at which each line begins.
pub(super) fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect()
}

/// The line that holds an offset, from 1.
pub(super) fn line_at(starts: &[usize], offset: usize) -> usize {
    starts.partition_point(|&start| start <= offset)
}

/// A file of rules, or about rules, that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {}", message.en)]
pub struct RuleError {
    /// The file, as named by whoever read it.
    pub file: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: Wording,
}
