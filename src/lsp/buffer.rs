//! The text of an open document, kept as the client has it.

use std::borrow::Cow;

use gen_lsp_types::{Position, Range, TextDocumentContentChangeEvent as Change};

use crate::text::{LineIndex, Position as Place, PositionEncoding, Positions, TextRange, ceil_boundary};

/// A text that is edited, and its lines.
#[derive(Debug)]
pub struct Buffer {
    text: String,
    lines: LineIndex,
    encoding: PositionEncoding,
}

impl Buffer {
    /// A text whose columns the client counts in `encoding`.
    pub fn new(text: String, encoding: PositionEncoding) -> Self {
        Self { lines: LineIndex::new(&text), text, encoding }
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Makes changes, each in the text that the one before left. A place that does not exist is the nearest one before
    /// it that does: the end of the line or of the text, the start of the character.
    pub fn change(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::TextDocumentContentChangePartial(change) => self.replace(change.range, &change.text),
                Change::TextDocumentContentChangeWholeDocument(change) => self.text = change.text,
            }
            self.lines = LineIndex::new(&self.text);
        }
    }

    /// Replaces a range. A client whose text is UTF-16 may cut a character in two: what it keeps of it stands in the text
    /// as U+FFFD, so that places go on to be the same.
    fn replace(&mut self, range: Range, with: &str) {
        let TextRange { start, mut end } = self.range(range);
        let mut with = Cow::Borrowed(with);
        if self.is_inside_a_character(range.start, start) {
            with = Cow::Owned(format!("{}{with}", char::REPLACEMENT_CHARACTER));
        }
        if self.is_inside_a_character(range.end, end) {
            with.to_mut().push(char::REPLACEMENT_CHARACTER);
            end = ceil_boundary(&self.text, end + 1);
        }
        self.text.replace_range(start..end, &with);
    }

    /// Whether a place is behind the first half of the character at `offset`, which is the byte offset of the place.
    fn is_inside_a_character(&self, position: Position, offset: usize) -> bool {
        let is_pair = self.text[offset..].chars().next().is_some_and(|c| c.len_utf16() == 2);
        let is_behind = || self.places().at(offset).character.checked_add(1) == Some(position.character);
        self.encoding == PositionEncoding::Utf16 && is_pair && is_behind()
    }

    /// The byte offset of a place.
    pub fn offset(&self, position: Position) -> usize {
        let from_one = |count: u32| usize::try_from(count).unwrap_or(usize::MAX).saturating_add(1);
        let place = Place { line: from_one(position.line), column: from_one(position.character) };
        self.lines.offset(&self.text, place, self.encoding)
    }

    /// The bytes of a range.
    pub fn range(&self, range: Range) -> TextRange {
        let start = self.offset(range.start);
        TextRange::new(start, self.offset(range.end).max(start))
    }

    /// Finds the places of offsets.
    pub fn places(&self) -> Places<'_> {
        Places(Positions::new(&self.lines, &self.text, self.encoding))
    }
}

/// Byte offsets of a text as the client counts its places; cheap where they ascend.
#[derive(Debug)]
pub struct Places<'a>(Positions<'a>);

impl<'a> Places<'a> {
    /// The places of a text that has been indexed.
    pub fn new(lines: &'a LineIndex, text: &'a str, encoding: PositionEncoding) -> Self {
        Self(Positions::new(lines, text, encoding))
    }

    /// The place of a byte offset.
    pub fn at(&self, offset: usize) -> Position {
        let Place { line, column } = self.0.at(offset);
        let from_zero = |count: usize| u32::try_from(count - 1).unwrap_or(u32::MAX);
        Position { line: from_zero(line), character: from_zero(column) }
    }

    /// The range of bytes.
    pub fn range(&self, range: TextRange) -> Range {
        Range { start: self.at(range.start), end: self.at(range.end) }
    }
}
