//! The few lines of a draft that a finding is shown with, as codespan-reporting wants them.
//!
//! codespan-reporting prints the lines of its source whole and counts lines itself. So it is given another source:
//! of each line only the windows around the places that matter, safe to print, together with the real name, line
//! and column of what they were cut from.

use std::ops::Range;

use codespan_reporting::files::{Error, Files, Location};

use super::cell;
use super::window::windows;
use crate::text::{LineIndex, Positions, TextRange, floor_boundary};

/// What all excerpts of one file share.
pub(super) struct Page<'a> {
    /// The file's name, safe to print.
    pub(super) path: &'a str,
    /// The file's text.
    pub(super) text: &'a str,
    /// The lines of the text.
    pub(super) lines: &'a LineIndex,
    /// Lines and columns in it.
    pub(super) positions: Positions<'a>,
    /// How many columns of a line to show.
    pub(super) columns: usize,
}

/// Windows cut from a few lines.
pub(super) struct Excerpt<'a> {
    path: &'a str,
    location: Location,
    source: String,
    lines: Vec<Line>,
    /// Where the starts and ends of the spans came to stand: `(offset in the text, offset in the source)`.
    anchors: Vec<(usize, usize)>,
}

struct Line {
    /// What codespan-reporting takes for the line's index. It counts up by one between neighbours and by three
    /// elsewhere, because at a step of two the line between is printed.
    index: usize,
    /// The line's number in the text, from 1.
    number: usize,
    /// The line in the source.
    range: Range<usize>,
}

/// A range of the text, with its line end left out if it ends with one.
#[derive(Clone, Copy)]
struct Span {
    range: TextRange,
    first_line: usize,
    last_line: usize,
}

impl<'a> Excerpt<'a> {
    /// Cuts out what shows `ranges`, the finding's own first, and tells where in the excerpt each of them is.
    /// `caption` is the width of what is written next to the last of them.
    pub(super) fn new(
        page: &Page<'a>,
        ranges: impl IntoIterator<Item = TextRange>,
        caption: usize,
    ) -> (Self, Vec<Range<usize>>) {
        let spans: Vec<Span> = ranges.into_iter().map(|range| Span::new(page, range)).collect();
        let start = spans.first().map_or(0, |span| span.range.start);
        let at = page.positions.at(start);
        let mut excerpt = Self {
            path: page.path,
            location: Location { line_number: at.line, column_number: at.column },
            source: String::with_capacity(4 * page.columns),
            lines: Vec::new(),
            anchors: Vec::with_capacity(2 * spans.len()),
        };
        let mut foci: Vec<(usize, TextRange)> = spans.iter().flat_map(|span| span.foci()).flatten().collect();
        foci.sort_unstable();
        for line in foci.chunk_by(|a, b| a.0 == b.0) {
            let places: Vec<TextRange> = line.iter().map(|focus| focus.1).collect();
            excerpt.push_line(page, line[0].0, &places, caption);
        }
        let located = spans.iter().map(|span| excerpt.locate(span.range)).collect();
        (excerpt, located)
    }

    fn locate(&self, range: TextRange) -> Range<usize> {
        let start = self.anchor(range.start);
        start..self.anchor(range.end).max(start)
    }

    fn anchor(&self, offset: usize) -> usize {
        self.anchors.iter().find(|anchor| anchor.0 == offset).map_or(0, |anchor| anchor.1)
    }

    fn push_line(&mut self, page: &Page<'_>, number: usize, foci: &[TextRange], caption: usize) {
        let line = page.lines.line(page.text, number);
        let parts = windows(page.text, line, foci, page.columns, caption);
        let mut marks: Vec<usize> = foci.iter().flat_map(|focus| [focus.start, focus.end]).collect();
        marks.sort_unstable();

        let begin = self.source.len();
        for (at, part) in parts.iter().enumerate() {
            match at {
                0 if part.start > line.start => self.source.push('…'),
                0 => {}
                _ => self.source.push_str(" … "),
            }
            self.push_part(page.text, *part, &marks);
        }
        if parts.last().is_some_and(|part| part.end < line.end) {
            self.source.push('…');
        }
        let index = self.next_index(number);
        self.lines.push(Line { index, number, range: begin..self.source.len() });
        // keeps the end of a line and the start of the next apart
        self.source.push('\n');
    }

    /// Appends a part of a line and notes where the marks in it came to stand.
    fn push_part(&mut self, text: &str, part: TextRange, marks: &[usize]) {
        let mut from = part.start;
        for &mark in marks.iter().filter(|&&mark| part.start <= mark && mark <= part.end) {
            cell::push_shown(&text[from..mark], &mut self.source);
            self.anchors.push((mark, self.source.len()));
            from = mark;
        }
        cell::push_shown(&text[from..part.end], &mut self.source);
    }

    fn next_index(&self, number: usize) -> usize {
        self.lines.last().map_or(0, |last| last.index + if number == last.number + 1 { 1 } else { 3 })
    }

    /// The line with this index, or the one before the gap that it lies in.
    fn line_at(&self, index: usize) -> Result<&Line, Error> {
        self.lines.iter().rfind(|line| line.index <= index).ok_or(Error::FileMissing)
    }
}

impl Span {
    fn new(page: &Page<'_>, range: TextRange) -> Self {
        let start = floor_boundary(page.text, range.start);
        let first_line = page.lines.line_of(start);
        let first_end = page.lines.line(page.text, first_line).end;
        let start = start.min(first_end);
        let mut end = floor_boundary(page.text, range.end).max(start);
        let mut last_line = page.lines.line_of(end);
        // a range that ends with a line end stops before it
        if last_line > first_line && end == page.lines.line(page.text, last_line).start {
            last_line -= 1;
            end = page.lines.line(page.text, last_line).end;
        }
        end = end.min(page.lines.line(page.text, last_line).end);
        Self { range: TextRange::new(start, end), first_line, last_line }
    }

    /// What must be seen: the place itself, or of one over many lines its first and its last.
    fn foci(self) -> [Option<(usize, TextRange)>; 2] {
        let TextRange { start, end } = self.range;
        if self.first_line == self.last_line {
            [Some((self.first_line, self.range)), None]
        } else {
            let (first, last) = (TextRange::new(start, start), TextRange::new(end, end));
            [Some((self.first_line, first)), Some((self.last_line, last))]
        }
    }
}

impl<'a> Files<'a> for Excerpt<'a> {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(self.path)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.source)
    }

    fn line_index(&'a self, (): (), byte: usize) -> Result<usize, Error> {
        let line = self.lines.iter().find(|line| byte <= line.range.end);
        line.map(|line| line.index).ok_or(Error::FileMissing)
    }

    fn line_number(&'a self, (): (), index: usize) -> Result<usize, Error> {
        self.line_at(index).map(|line| line.number)
    }

    fn line_range(&'a self, (): (), index: usize) -> Result<Range<usize>, Error> {
        self.line_at(index).map(|line| line.range.clone())
    }

    /// Where the finding itself is: the only place that codespan-reporting asks for.
    fn location(&'a self, (): (), _byte: usize) -> Result<Location, Error> {
        Ok(self.location)
    }
}
