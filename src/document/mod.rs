//! A draft as the rules see it: its decoded text, and where in it the prose is.

pub mod encoding;
mod markdown;
mod plain;

use crate::text::TextRange;

/// How a draft is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text: every line is a paragraph.
    Plain,
    /// Markdown (CommonMark with tables): code, links, front matter and marks are not prose.
    Markdown,
}

impl Format {
    /// The format that a file name speaks of: `.md` and `.markdown` are Markdown, all else is plain text.
    pub fn of_file_name(name: &str) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if ["md", "markdown"].iter().any(|e| extension.eq_ignore_ascii_case(e)) {
            Self::Markdown
        } else {
            Self::Plain
        }
    }
}

/// What a block is in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text; in plain text, every line that is not blank.
    Paragraph,
    /// A heading of a format that has them.
    Heading,
    /// The text of a list item whose number or bullet the format itself draws.
    ListItem,
    /// A cell of a table.
    Cell,
}

/// One line of prose; a byte range of [`Document::prose`], without its line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where it is in the prose.
    pub range: TextRange,
    /// What it is.
    pub kind: BlockKind,
    /// Whether it goes on with the paragraph of the block before it (a soft line break of Markdown).
    pub continues: bool,
}

/// A stretch of the prose that stands in the source unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    /// Offset in the prose.
    prose: usize,
    /// Offset in the source text.
    source: usize,
}

/// What a format's parser finds: the prose where it differs from the source, and its blocks.
struct Parsed {
    /// The prose, if it is not the source text itself.
    prose: Option<String>,
    /// Where the prose stands in the source, ascending in both; empty when it is the source text itself.
    segments: Vec<Segment>,
    /// The blocks, ascending.
    blocks: Vec<Block>,
}

/// A draft: its text and its prose.
///
/// Rules read the *prose*, in which nothing stands between two characters that a reader sees side by side (emphasis
/// marks are gone) and code is one [`OBJECT`] character. Findings are told in ranges of the *text*;
/// [`Document::source_range`] converts.
#[derive(Debug)]
pub struct Document {
    text: String,
    parsed: Parsed,
}

impl std::fmt::Debug for Parsed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parsed").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

/// Stands in the prose for what is inline but not prose: code, an image, a formula (U+FFFC).
pub const OBJECT: char = '\u{fffc}';

impl Document {
    /// Finds the prose of a decoded text. Never fails: any text is a document.
    pub fn new(text: String, format: Format) -> Self {
        let parsed = match format {
            Format::Plain => plain::parse(&text),
            Format::Markdown => markdown::parse(&text),
        };
        Self { text, parsed }
    }

    /// The decoded text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that the rules read.
    pub fn prose(&self) -> &str {
        self.parsed.prose.as_deref().unwrap_or(&self.text)
    }

    /// The lines of prose that are not blank, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.parsed.blocks
    }

    /// The part of the text that a part of the prose was taken from.
    pub fn source_range(&self, range: TextRange) -> TextRange {
        if self.parsed.prose.is_none() {
            return range;
        }
        let start = self.source_offset(range.start);
        if range.is_empty() {
            return TextRange::new(start, start);
        }
        // the last byte decides where the range ends: what follows it in the prose may come from far away
        TextRange::new(start, (self.source_offset(range.end - 1) + 1).max(start))
    }

    fn source_offset(&self, prose: usize) -> usize {
        let count = self.parsed.segments.partition_point(|segment| segment.prose <= prose);
        let segment =
            self.parsed.segments[..count].last().copied().unwrap_or(Segment { prose: 0, source: 0 });
        (segment.source + (prose - segment.prose)).min(self.text.len())
    }
}
