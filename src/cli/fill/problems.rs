//! What keeps a draft from being filled, in words that name both places.

use std::path::Path;

use crate::cli::Status;
use crate::cli::output::Console;
use crate::cli::walk::display_name;
use crate::diagnostic::Lang;
use crate::fill::{Draft, Problem};
use crate::text::{LineIndex, PositionEncoding};

/// The names of places in a draft and in its values file.
pub(super) struct Places<'a> {
    text: &'a str,
    lines: LineIndex,
    draft: &'a str,
    values: String,
    lang: Lang,
}

impl<'a> Places<'a> {
    pub(super) fn new(draft: &'a Draft, name: &'a str, values: &Path, lang: Lang) -> Self {
        let lines = LineIndex::new(draft.text());
        Self { text: draft.text(), lines, draft: name, values: display_name(values), lang }
    }

    /// A line of the values file.
    pub(super) fn in_values(&self, line: usize) -> String {
        format!("{}:{line}", self.values)
    }

    fn in_draft(&self, offset: usize) -> String {
        let at = self.lines.position(self.text, offset, PositionEncoding::Grapheme);
        format!("{}:{}:{}", self.draft, at.line, at.column)
    }

    /// A problem with its places.
    pub(super) fn words(&self, problem: &Problem) -> String {
        let message = problem.message.pick(self.lang);
        match (problem.line, problem.offset) {
            (Some(line), Some(offset)) => {
                let (values, draft) = (self.in_values(line), self.in_draft(offset));
                self.lang.pick(
                    format!("{values}: {message}（稿件 {draft}）"),
                    format!("{values}: {message} (draft {draft})"),
                )
            }
            (Some(line), None) => format!("{}: {message}", self.in_values(line)),
            (None, Some(offset)) => self.lang.pick(
                format!("{}: {message}（值文件 {}）", self.in_draft(offset), self.values),
                format!("{}: {message} (values {})", self.in_draft(offset), self.values),
            ),
            (None, None) => message.to_owned(),
        }
    }

    /// Tells all problems; nothing has been written.
    pub(super) fn tell(&self, problems: &[Problem], console: Console) -> Status {
        for problem in problems {
            console.error(&self.words(problem));
        }
        console.note(self.lang.pick("没有写入任何文件", "nothing was written"));
        Status::Failed
    }
}
