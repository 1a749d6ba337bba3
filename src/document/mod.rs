//! A draft as the rules see it: its decoded text, and where in it the prose is.

pub mod encoding;
mod markdown;
mod plain;

use serde::Deserialize;

use crate::text::TextRange;

/// How a draft is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Format {
    /// Plain text: every line is a paragraph.
    #[default]
    #[serde(rename = "txt")]
    Plain,
    /// Markdown (`CommonMark` with tables): code, links, front matter and marks are not prose.
    #[serde(rename = "md")]
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

/// A stretch of the prose and the stretch of the source that it stands for. Where the two are equally long, they are
/// the same text; where not (an entity, an [`OBJECT`]), any part of the one is all of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    /// Where it is in the prose; never empty.
    prose: TextRange,
    /// Where it is in the source text; never empty.
    source: TextRange,
}

impl Segment {
    /// The source bytes that the prose byte at `offset` stands for. An offset past the segment, which is a line end
    /// that only the prose has, stands for the empty range at its end.
    fn source_of(self, offset: usize) -> TextRange {
        if offset >= self.prose.end {
            TextRange::new(self.source.end, self.source.end)
        } else if self.prose.len() == self.source.len() {
            let at = self.source.start + (offset - self.prose.start);
            TextRange::new(at, at + 1)
        } else {
            self.source
        }
    }
}

/// What a format's parser finds: the prose where it differs from the source, and its blocks.
struct Parsed {
    /// The prose, if it is not the source text itself.
    prose: Option<String>,
    /// Where the prose stands in the source, ascending in both; empty when it is the source text itself.
    segments: Vec<Segment>,
    /// The blocks, ascending.
    blocks: Vec<Block>,
    /// Comments that are meant for the linter, as ranges of the source, ascending.
    comments: Vec<TextRange>,
}

/// A draft: its text and its prose.
///
/// Rules read the *prose*, in which nothing stands between two characters that a reader sees side by side (emphasis
/// marks are gone) and code is one [`OBJECT`] character. Findings are told in ranges of the *text*;
/// [`Document::source_range`] converts.
#[derive(Debug)]
pub struct Document {
    text: String,
    format: Format,
    parsed: Parsed,
}

impl std::fmt::Debug for Parsed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parsed").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

/// What a comment begins with that is meant for the linter.
pub(crate) const COMMENT_MARK: &str = "dinggao:";

/// Stands in the prose for what is inline but not prose: code, an image, a formula (U+FFFC).
pub const OBJECT: char = '\u{fffc}';

impl Document {
    /// Finds the prose of a decoded text. Never fails: any text is a document.
    pub fn new(text: String, format: Format) -> Self {
        let parsed = match format {
            Format::Plain => plain::parse(&text),
            Format::Markdown => markdown::parse(&text),
        };
        Self { text, format, parsed }
    }

    /// How it is written.
    pub fn format(&self) -> Format {
        self.format
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

    /// The comments of the text that are meant for the linter, in order, from `<!--` to `-->`.
    pub(crate) fn comments(&self) -> &[TextRange] {
        &self.parsed.comments
    }

    /// The part of the text that a part of the prose was taken from.
    pub fn source_range(&self, range: TextRange) -> TextRange {
        if self.parsed.prose.is_none() {
            return range;
        }
        let start = self.source_of(range.start).start;
        if range.is_empty() {
            return TextRange::new(start, start);
        }
        // the last byte decides where the range ends: what follows it in the prose may come from far away
        TextRange::new(start, self.source_of(range.end - 1).end.max(start))
    }

    fn source_of(&self, prose: usize) -> TextRange {
        let count = self.parsed.segments.partition_point(|segment| segment.prose.start <= prose);
        let nearest = self.parsed.segments[..count].last();
        nearest.map_or(TextRange::new(0, 0), |segment| segment.source_of(prose))
    }
}

/// Whether a reader sees nothing in `line`: white space, and characters of no width that editors leave behind.
fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

/// Whether `c` is a Chinese character of the blocks that drafts are written with.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' | '〇')
}
