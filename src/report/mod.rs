//! Reports: how findings are written down, one file a format.

mod cell;
mod checkstyle;
mod excerpt;
mod finding;
mod format;
mod github;
mod gitlab;
mod html;
mod json;
mod json_lines;
mod junit;
mod rdjson;
mod sarif;
mod short;
mod statistics;
mod terminal;
mod window;
mod xml;

pub(crate) use cell::{columns, visible};
pub use format::{Context, Format};
pub(crate) use sarif::uri;
pub use statistics::Statistics;
pub(crate) use terminal::Paint;

use crate::diagnostic::{Applicability, Diagnostic, Lang, Severity};

/// A file that has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The name to report it by.
    pub path: &'a str,
    /// Its decoded text.
    pub text: &'a str,
    /// What was found in it, ordered by offset, then by rule.
    pub diagnostics: &'a [Diagnostic],
}

/// What a run found, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files checked.
    pub files: usize,
    /// Files with at least one finding.
    pub flagged: usize,
    /// Findings of severity `error`.
    pub errors: usize,
    /// Findings of severity `warning`.
    pub warnings: usize,
    /// Findings of severity `info`.
    pub infos: usize,
    /// Findings with a fix that is safe.
    pub fixable: usize,
    /// Findings with one that a person should look at.
    pub fixable_unsafely: usize,
}

impl Summary {
    /// The numbers of one file.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| diagnostics.iter().filter(|found| found.rule.severity == severity).count();
        let with_fix = |applicability| {
            let fixes = diagnostics.iter().filter_map(|found| found.fix.as_ref());
            fixes.filter(|fix| fix.applicability == applicability).count()
        };
        Self {
            files: 1,
            flagged: usize::from(!diagnostics.is_empty()),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
            fixable: with_fix(Applicability::Safe),
            fixable_unsafely: with_fix(Applicability::Unsafe),
        }
    }

    /// Counts another run in.
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.flagged += other.flagged;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.fixable += other.fixable;
        self.fixable_unsafely += other.fixable_unsafely;
    }

    /// How many findings are at least as bad as `severity`.
    pub fn at_least(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Info => self.errors + self.warnings + self.infos,
        }
    }
}

/// A report in some format. It is the opening, what [`Report::file`] writes of each file with the joint between any two that
/// are not empty, and the closing.
pub trait Report: Send + Sync {
    /// Appends what the report says of one file. Of one without findings it is asked only where
    /// [`Report::tells_of_sound_files`].
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>);

    /// Whether the report says something of files without findings, too.
    fn tells_of_sound_files(&self) -> bool {
        false
    }

    /// Whether the opening needs the summary, so that nothing can be written before every file has been checked.
    fn opens_with_summary(&self) -> bool {
        false
    }

    /// What stands before the files.
    fn opening(&self, _summary: &Summary) -> String {
        String::new()
    }

    /// What stands between two files.
    fn joint(&self) -> &'static str {
        ""
    }

    /// What stands after the files.
    fn closing(&self, _summary: &Summary) -> String {
        String::new()
    }
}

/// How a report for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The language of the words around the findings.
    pub lang: Lang,
    /// Whether to use ANSI colours.
    pub color: bool,
    /// The width of the terminal, in columns.
    pub width: usize,
}
