//! A plant: a sound draft, the edits that spoil it in one place, and what the linter should say then.

use std::ops::Range;
use std::path::Path;

use dinggao::document::{BlockKind, Document, Format};

/// A sound draft.
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) format: Format,
    /// Its lines of prose; in Markdown without marks, code and tables.
    pub(crate) lines: Vec<Line>,
}

/// A line of prose: a range of the draft's text.
pub(crate) struct Line {
    pub(crate) range: Range<usize>,
    pub(crate) is_paragraph: bool,
}

impl Draft {
    pub(crate) fn new(name: &str, text: String) -> Self {
        let format = Format::of_file_name(name);
        let document = Document::new(text.clone(), format);
        let prose = document.blocks().iter().filter(|block| block.kind != BlockKind::Cell);
        let lines = prose
            .map(|block| {
                let range = document.source_range(block.range);
                Line { range: range.start..range.end, is_paragraph: block.kind == BlockKind::Paragraph }
            })
            .collect();
        Self { name: name.to_owned(), text, format, lines }
    }

    /// The drafts of `tests/drafts`, ordered by name.
    pub(crate) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts");
        let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let read = |path: &std::path::PathBuf| {
            Self::new(path.file_name().unwrap().to_str().unwrap(), std::fs::read_to_string(path).unwrap())
        };
        paths.iter().map(read).collect()
    }

    pub(crate) fn is_markdown(&self) -> bool {
        self.format == Format::Markdown
    }

    /// Where a new paragraph can be put without tearing anything apart: after any paragraph of plain text or Markdown,
    /// but not inside a quotation that goes on in the next.
    pub(crate) fn can_go_on_after(&self, line: &Line) -> bool {
        let rest = &self.text[line.range.end..];
        line.is_paragraph
            && (!self.is_markdown() || rest.starts_with("\n\n"))
            && !rest.trim_start().starts_with('“')
    }

    /// What to insert at the end of a line so that `paragraph` follows it.
    pub(crate) fn as_new_paragraph(&self, paragraph: &str) -> String {
        if self.is_markdown() { format!("\n\n{paragraph}") } else { format!("\n{paragraph}") }
    }
}

/// A replacement in the sound text.
struct Edit {
    range: Range<usize>,
    text: String,
}

/// A finding that would be right: its rule, and a range of the sound text whose counterpart it should touch.
struct Expected {
    rule: &'static str,
    place: Range<usize>,
}

/// One defect, planted.
pub(crate) struct Plant<'a> {
    pub(crate) draft: &'a Draft,
    /// What is wrong, and with what: `missing` and `一是`.
    pub(crate) defect: &'static str,
    pub(crate) subject: &'static str,
    edits: Vec<Edit>,
    expected: Vec<Expected>,
}

impl<'a> Plant<'a> {
    pub(crate) fn new(draft: &'a Draft, defect: &'static str, subject: &'static str) -> Self {
        Self { draft, defect, subject, edits: Vec::new(), expected: Vec::new() }
    }

    /// Replaces a part of the sound text; parts come in ascending order and do not overlap.
    pub(crate) fn replace(mut self, range: Range<usize>, text: impl Into<String>) -> Self {
        assert!(self.edits.last().is_none_or(|last| last.range.end <= range.start), "edits are in order");
        self.edits.push(Edit { range, text: text.into() });
        self
    }

    /// Says which finding would be right. Where it is said more than once, any of them is.
    pub(crate) fn expect(mut self, rule: &'static str, place: Range<usize>) -> Self {
        self.expected.push(Expected { rule, place });
        self
    }

    /// The spoilt text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut done = 0;
        for edit in &self.edits {
            text.push_str(&self.draft.text[done..edit.range.start]);
            text.push_str(&edit.text);
            done = edit.range.end;
        }
        text + &self.draft.text[done..]
    }

    /// The findings that would be right, in ranges of the spoilt text.
    pub(crate) fn expected(&self) -> impl Iterator<Item = (&'static str, Range<usize>)> {
        self.expected.iter().map(|expected| (expected.rule, self.moved(&expected.place)))
    }

    /// Where a range of the sound text stands in the spoilt one; of what is replaced, all of the replacement.
    pub(crate) fn moved(&self, range: &Range<usize>) -> Range<usize> {
        self.start_moved(range.start)..self.end_moved(range.end)
    }

    fn start_moved(&self, offset: usize) -> usize {
        let before = self.edits.iter().filter(|edit| edit.range.end <= offset && edit.range.start < offset);
        let inside = self.edits.iter().find(|edit| edit.range.start < offset && offset < edit.range.end);
        let (added, removed) = sizes(before);
        let offset = inside.map_or(offset, |edit| edit.range.start);
        offset + added - removed
    }

    fn end_moved(&self, offset: usize) -> usize {
        let inside = self.edits.iter().find(|edit| edit.range.start < offset && offset < edit.range.end);
        let offset = inside.map_or(offset, |edit| edit.range.end);
        let (added, removed) = sizes(self.edits.iter().filter(|edit| edit.range.end <= offset));
        offset + added - removed
    }
}

/// How much edits add, and how much they take away.
fn sizes<'a>(edits: impl Iterator<Item = &'a Edit>) -> (usize, usize) {
    edits.fold((0, 0), |(added, removed), edit| (added + edit.text.len(), removed + edit.range.len()))
}
