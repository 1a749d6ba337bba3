//! Places in a text: byte ranges, and the lines and columns that people and editors count in.

use std::borrow::Cow;
use std::cell::Cell;

use unicode_segmentation::UnicodeSegmentation;

/// A stretch of text as byte offsets, `start` inclusive and `end` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextRange {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte; never below `start`.
    pub end: usize,
}

impl TextRange {
    /// The bytes from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a range runs forward: {start}..{end}");
        Self { start, end }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two ranges share at least one byte.
    pub fn intersects(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The part of `text` that the range names.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }
}

/// The largest char boundary of `text` that is not past `offset`.
pub fn floor_boundary(text: &str, offset: usize) -> usize {
    if offset >= text.len() {
        return text.len();
    }
    (0..=offset).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The smallest char boundary of `text` that is not before `offset`.
pub fn ceil_boundary(text: &str, offset: usize) -> usize {
    (offset..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PositionEncoding {
    /// User-perceived characters (extended grapheme clusters, UAX #29): what a person counts.
    Grapheme,
    /// UTF-16 code units: what the Language Server Protocol and SARIF count.
    Utf16,
    /// Bytes of UTF-8: what reviewdog counts, and some editors.
    Utf8,
    /// Code points: what some editors count.
    Utf32,
}

impl PositionEncoding {
    /// How many columns `text`, a part of one line, takes.
    fn width(self, text: &str) -> usize {
        match self {
            Self::Grapheme => grapheme_count(text),
            // a byte that begins a character is one unit, and two if it begins one of four bytes; counted so, the
            // compiler takes many bytes at once
            Self::Utf16 => {
                let units = |byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0);
                text.bytes().map(units).sum()
            }
            Self::Utf8 => text.len(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte length of the first `columns` columns of `line`, or of all of it if it is shorter.
    fn prefix_len(self, line: &str, columns: usize) -> usize {
        match self {
            Self::Grapheme => line.grapheme_indices(true).nth(columns).map_or(line.len(), |(at, _)| at),
            Self::Utf16 => {
                let mut left = columns;
                for (at, c) in line.char_indices() {
                    if left < c.len_utf16() {
                        return at;
                    }
                    left -= c.len_utf16();
                }
                line.len()
            }
            Self::Utf8 => floor_boundary(line, columns),
            Self::Utf32 => line.char_indices().nth(columns).map_or(line.len(), |(at, _)| at),
        }
    }
}

/// A place as line and column, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line; a line ends with LF, CRLF or a lone CR.
    pub line: usize,
    /// Column, in the units of the [`PositionEncoding`] asked for.
    pub column: usize,
}

/// Long lines get a checkpoint about every this many bytes, so that a position deep inside a line of a hundred
/// megabytes is found without walking the whole line.
const CHECKPOINT_BYTES: usize = 4096;

/// Where each line of a text starts; converts offsets to positions and back.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// Offset of the first byte of each line; the first is 0.
    starts: Vec<usize>,
    /// `(offset, graphemes since the start of its line)`, ascending, inside long lines only.
    checkpoints: Vec<(usize, usize)>,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !crlf {
                starts.push(at + 1);
            }
        }
        let mut index = Self { starts, checkpoints: Vec::new() };
        for line in 1..=index.starts.len() {
            let range = index.line(text, line);
            if range.len() > 2 * CHECKPOINT_BYTES {
                index.checkpoint(text, range);
            }
        }
        index
    }

    fn checkpoint(&mut self, text: &str, line: TextRange) {
        let (mut last, mut columns) = (line.start, 0);
        let mut at = line.start;
        for len in cluster_lens(line.of(text)) {
            if at >= last + CHECKPOINT_BYTES {
                last = at;
                self.checkpoints.push((last, columns));
            }
            at += len;
            columns += 1;
        }
    }

    /// How many lines there are; an empty text has one, and so has the stretch after a final line end.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of a line without its line end. Lines count from 1; one past the last is an empty range at the end.
    pub fn line(&self, text: &str, line: usize) -> TextRange {
        let Some(&start) = self.starts.get(line - 1) else {
            return TextRange::new(text.len(), text.len());
        };
        let mut end = self.starts.get(line).copied().unwrap_or(text.len());
        let bytes = text.as_bytes();
        if self.starts.len() > line {
            end -= 1;
            if end > start && bytes[end] == b'\n' && bytes[end - 1] == b'\r' {
                end -= 1;
            }
        }
        TextRange::new(start, end)
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset)
    }

    /// The line and column of `offset`, a byte offset into `text`. An offset inside a line end counts as the end of
    /// its line, one inside a character as that character's start, and one past the end as the end of the text.
    pub fn position(&self, text: &str, offset: usize, encoding: PositionEncoding) -> Position {
        let offset = floor_boundary(text, offset);
        let line = self.line_of(offset);
        let range = self.line(text, line);
        let offset = offset.min(range.end);
        let (from, columns) = self.checkpoint_before(range.start, offset, encoding);
        Position { line, column: 1 + columns + encoding.width(&text[from..offset]) }
    }

    fn checkpoint_before(&self, start: usize, offset: usize, encoding: PositionEncoding) -> (usize, usize) {
        let count = self.checkpoints.partition_point(|&(at, _)| at <= offset);
        match self.checkpoints[..count].last() {
            Some(&(at, columns)) if at > start && encoding == PositionEncoding::Grapheme => (at, columns),
            _ => (start, 0),
        }
    }

    /// The byte offset of a position; the reverse of [`LineIndex::position`]. A column past the end of its line is the
    /// end of that line, a line past the last is the end of the text.
    pub fn offset(&self, text: &str, position: Position, encoding: PositionEncoding) -> usize {
        let range = self.line(text, position.line.max(1));
        range.start + encoding.prefix_len(range.of(text), position.column.saturating_sub(1))
    }
}

/// Finds the positions of many offsets of one text; cheap where they ascend, as a paragraph is one long line.
#[derive(Debug)]
pub struct Positions<'a> {
    index: Cow<'a, LineIndex>,
    text: &'a str,
    encoding: PositionEncoding,
    /// The last offset asked for, at the edge of a grapheme cluster, and its position.
    last: Cell<(usize, Position)>,
}

impl<'a> Positions<'a> {
    /// Positions in `text`.
    pub fn of(text: &'a str, encoding: PositionEncoding) -> Self {
        Self::from_index(Cow::Owned(LineIndex::new(text)), text, encoding)
    }

    /// Positions in `text`, of which `index` is the index.
    pub fn new(index: &'a LineIndex, text: &'a str, encoding: PositionEncoding) -> Self {
        Self::from_index(Cow::Borrowed(index), text, encoding)
    }

    fn from_index(index: Cow<'a, LineIndex>, text: &'a str, encoding: PositionEncoding) -> Self {
        Self { index, text, encoding, last: Cell::new((0, Position { line: 1, column: 1 })) }
    }

    /// As [`LineIndex::position`].
    pub fn at(&self, offset: usize) -> Position {
        let (known, position) = self.last.get();
        let near = self.index.starts.get(position.line).is_none_or(|&next| offset < next);
        let found = if (known..known + CHECKPOINT_BYTES).contains(&offset) && near {
            let line = self.index.line(self.text, position.line);
            let offset = floor_boundary(self.text, offset).clamp(known, line.end.max(known));
            Position { column: position.column + self.encoding.width(&self.text[known..offset]), ..position }
        } else {
            self.index.position(self.text, offset, self.encoding)
        };
        // only from between two clusters can the count go on; a glance back at a related place does not lose it
        if offset >= known
            && self.text.get(offset..).and_then(|rest| rest.chars().next()).is_some_and(stands_alone)
        {
            self.last.set((offset, found));
        }
        found
    }
}

/// The number of extended grapheme clusters in `text`.
fn grapheme_count(text: &str) -> usize {
    let (mut at, mut count) = (0, 0);
    while let Some(&lead) = text.as_bytes().get(at) {
        at += match lead {
            // what most characters are needs no more than a look at its first byte: ASCII, and U+4000 to U+9FFF
            b' '..=b'~' => 1,
            0xe4..=0xe9 => 3,
            _ => match text[at..].chars().next().filter(|&c| stands_alone(c)) {
                Some(c) => c.len_utf8(),
                None => return cluster_lens(text).count(),
            },
        };
        count += 1;
    }
    count
}

/// The byte length of each extended grapheme cluster of `text`. Segments only what does not stand alone.
fn cluster_lens(text: &str) -> impl Iterator<Item = usize> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.chars();
        let first = chars.next()?;
        let len = if stands_alone(first) && chars.next().is_none_or(stands_alone) {
            first.len_utf8()
        } else {
            rest.graphemes(true).next()?.len()
        };
        rest = &rest[len..];
        Some(len)
    })
}

/// Whether a character is a grapheme cluster of its own next to any other such character. True of what Chinese drafts
/// are made of, where it saves the segmentation.
fn stands_alone(c: char) -> bool {
    // the first question settles nine characters in ten
    matches!(c, '\u{4000}'..='\u{9fff}')
        || matches!(c,
            ' '..='~' | '\u{d7}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2160}'..='\u{2188}'
            | '\u{2460}'..='\u{24ff}' | '\u{3000}'..='\u{3029}' | '\u{3400}'..='\u{3fff}' | '\u{ff01}'..='\u{ff9d}')
}

#[cfg(test)]
mod tests {
    use super::PositionEncoding::{Grapheme, Utf8, Utf16, Utf32};
    use super::*;
    use proptest::prelude::*;

    fn position(text: &str, offset: usize) -> (usize, usize) {
        let position = LineIndex::new(text).position(text, offset, PositionEncoding::Grapheme);
        (position.line, position.column)
    }

    #[test]
    fn every_kind_of_line_end_starts_a_line() {
        let text = "甲\n乙\r\n丙\r丁";
        assert_eq!(LineIndex::new(text).line_count(), 4);
        assert_eq!(position(text, text.find('丙').unwrap()), (3, 1));
        assert_eq!(position(text, text.len()), (4, 2));
    }

    #[test]
    fn a_column_is_a_character_that_a_person_sees() {
        let text = "家👨‍👩‍👧e\u{301}X";
        assert_eq!(position(text, text.find('X').unwrap()), (1, 4));
    }

    #[test]
    fn a_position_deep_inside_a_long_line_is_exact() {
        let text = "年👨‍👩‍👧".repeat(20_000);
        let offset = "年👨‍👩‍👧".len() * 15_000;
        assert_eq!(position(&text, offset), (1, 30_001));
    }

    #[test]
    fn offsets_outside_the_text_or_inside_a_character_are_moved_to_a_place_that_exists() {
        assert_eq!(position("甲\r\n乙", 1), (1, 1));
        assert_eq!(position("甲\r\n乙", 4), (1, 2));
        assert_eq!(position("甲", 99), (1, 2));
    }

    proptest! {
        #[test]
        fn positions_round_trip(text in "[一二x×\u{301}👨\u{200d}👩\r\n ]{0,60}") {
            let index = LineIndex::new(&text);
            for encoding in [Grapheme, Utf16, Utf8, Utf32] {
                let positions = Positions::new(&index, &text, encoding);
                for line in 1..=index.line_count() {
                    let range = index.line(&text, line);
                    let boundaries: Vec<usize> = match encoding {
                        Grapheme => range.of(&text).grapheme_indices(true).map(|(at, _)| at).collect(),
                        _ => range.of(&text).char_indices().map(|(at, _)| at).collect(),
                    };
                    for offset in boundaries.into_iter().map(|at| range.start + at).chain([range.end]) {
                        let position = index.position(&text, offset, encoding);
                        prop_assert_eq!(position.line, line);
                        prop_assert_eq!(index.offset(&text, position, encoding), offset);
                        prop_assert_eq!(positions.at(offset), position);
                    }
                }
            }
        }
    }
}
