//! Markdown: the prose between the marks.
//!
//! `pulldown-cmark` says what is what; [`line::Line`] gathers one line of prose and settles the few places where the
//! letter of `CommonMark` and what Chinese writers mean by it part.

mod line;
#[cfg(test)]
mod tests;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use self::line::Line;
use super::{Block, BlockKind, COMMENT_MARK, Parsed, Segment, is_blank, is_han};
use crate::text::TextRange;

/// What of Markdown is read beyond `CommonMark`. Left out on purpose: smart punctuation, which would rewrite quotes;
/// heading attributes, which swallow a prompt at the end (`# 关于 {姓名}`); metadata blocks, which `pulldown-cmark`
/// finds between any two rules in the middle of a draft.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_MATH);

/// HTML elements that only dress the text within: their tags vanish, and what stood apart stands together.
const DRESS: [&str; 20] = [
    "a", "abbr", "b", "big", "center", "del", "em", "font", "i", "ins", "mark", "s", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u",
];

pub(super) fn parse(text: &str) -> Parsed {
    let mut reader = Reader::new(text);
    reader.read(front_matter_len(text)..text.len());
    Parsed {
        prose: Some(reader.prose),
        segments: reader.segments,
        blocks: reader.blocks,
        comments: reader.comments,
    }
}

/// The length in bytes of the YAML or TOML front matter that `text` begins with, with its fences; 0 if there is none.
/// A first line that could not be a setting means that the fence is a rule with prose beneath it.
fn front_matter_len(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let Some(opening) = lines.next() else { return 0 };
    let (closings, sign): (&[&str], _) = match opening.trim_end() {
        "---" => (&["---", "..."], ':'),
        "+++" => (&["+++"], '='),
        _ => return 0,
    };
    let mut len = opening.len();
    for (number, line) in lines.enumerate() {
        len += line.len();
        if closings.contains(&line.trim_end()) {
            return len;
        }
        if number == 0 && !line.starts_with(['#', '[']) && !line.contains(sign) {
            return 0;
        }
    }
    0
}

/// Walks over the events of the parser and writes the prose.
struct Reader<'a> {
    text: &'a str,
    prose: String,
    segments: Vec<Segment>,
    blocks: Vec<Block>,
    /// Comments that are meant for the linter.
    comments: Vec<TextRange>,
    line: Line<'a>,
    /// What the next line is.
    kind: BlockKind,
    /// Whether the next line goes on with the paragraph of the last block.
    continues: bool,
    /// How many elements are open of which nothing is prose.
    skipping: usize,
    /// Whether this is the inside of an indented block.
    indented: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            prose: String::with_capacity(text.len()),
            segments: Vec::new(),
            blocks: Vec::new(),
            comments: Vec::new(),
            line: Line::default(),
            kind: BlockKind::Paragraph,
            continues: false,
            skipping: 0,
            indented: false,
        }
    }

    /// Reads a part of the text as a document of its own.
    fn read(&mut self, part: Range<usize>) {
        let base = part.start;
        for (event, range) in Parser::new_ext(&self.text[part], OPTIONS).into_offset_iter() {
            self.event(event, base + range.start..base + range.end);
        }
        self.end_block();
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(_) if self.skipping > 0 => self.skipping += 1,
            Event::End(_) if self.skipping > 0 => self.skipping -= 1,
            _ if self.skipping > 0 => {}
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.line.text(self.text, text, range),
            Event::InlineMath(tex) | Event::DisplayMath(tex) => self.math(&tex, range),
            Event::Code(_) => self.line.object(range),
            Event::InlineHtml(tag) => self.inline_html(&tag, range),
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::Rule => self.end_block(),
            Event::Html(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>, range: Range<usize>) {
        match tag {
            // the first paragraph of a list item is its text: `kind` stays
            Tag::Paragraph => self.end_paragraph(),
            Tag::Heading { .. } => self.begin(heading_kind(&self.text[range])),
            Tag::Item => self.begin(BlockKind::ListItem),
            Tag::TableCell => self.begin(BlockKind::Cell),
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.end_block();
                self.indented_block(range);
                self.skipping = 1;
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {
                self.end_block();
                if *tag == Tag::HtmlBlock {
                    self.comments(range);
                }
                self.skipping = 1;
            }
            Tag::Image { .. } | Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. } => {
                self.line.object(range);
                self.skipping = 1;
            }
            Tag::Strong => self.line.open(self.text, range, 2),
            Tag::Emphasis => self.line.open(self.text, range, 1),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript | Tag::Link { .. } => {}
            _ => self.end_block(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Strong => self.line.close(self.text, range, 2),
            TagEnd::Emphasis => self.line.close(self.text, range, 1),
            TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript | TagEnd::Link => {}
            _ => self.end_block(),
        }
    }

    /// A formula is an object. Chinese without a command of TeX between two dollar signs is two sums of money.
    fn math(&mut self, tex: &str, range: Range<usize>) {
        if tex.contains(is_han) && !tex.contains(['\\', '\n', '\r']) {
            self.line.verbatim(range);
        } else {
            self.line.object(range);
        }
    }

    fn inline_html(&mut self, tag: &CowStr<'a>, range: Range<usize>) {
        if tag.starts_with("<!--") {
            return self.comments(range);
        }
        let name = tag.trim_start_matches(['<', '/']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if name.eq_ignore_ascii_case("br") {
            self.end_line();
        } else if !name.is_empty() && name.trim_matches(['x', 'X']).is_empty() {
            // no element of HTML: `<XX>` is a mask in brackets
            self.line.verbatim(range);
        } else if !DRESS.iter().any(|dress| name.eq_ignore_ascii_case(dress)) {
            self.line.object(range);
        }
    }

    /// Notes the comments in a stretch of HTML that are meant for the linter.
    fn comments(&mut self, range: Range<usize>) {
        let html = &self.text[range.clone()];
        let mut from = 0;
        while let Some(start) = html[from..].find("<!--").map(|at| from + at) {
            let Some(end) = html[start..].find("-->").map(|at| start + at + "-->".len()) else { break };
            if html[start..end].trim_start_matches("<!--").trim_start().starts_with(COMMENT_MARK) {
                self.comments.push(TextRange::new(range.start + start, range.start + end));
            }
            from = end;
        }
    }

    /// Chinese writers indent paragraphs, and four spaces make code of them. So an indented block is prose, a line
    /// its own paragraph, when more of its letters and digits are Chinese than not. In such a block lines that are
    /// not so are still code: the admonitions of some dialects indent both.
    fn indented_block(&mut self, range: Range<usize>) {
        if self.indented || !is_mostly_han(&self.text[range.clone()]) {
            return;
        }
        // no indented block inside an indented block: the nesting stays bounded
        self.indented = true;
        let mut start = range.start;
        for line in self.text[range].split_inclusive(['\n', '\r']) {
            let end = start + line.len();
            if is_mostly_han(line) {
                self.read(end - line.trim_start().len()..end);
            }
            start = end;
        }
        self.indented = false;
    }

    fn begin(&mut self, kind: BlockKind) {
        self.end_block();
        self.kind = kind;
    }

    fn end_block(&mut self) {
        self.end_paragraph();
        self.kind = BlockKind::Paragraph;
    }

    fn end_paragraph(&mut self) {
        self.end_line();
        self.continues = false;
    }

    /// Writes the line gathered so far as a block, unless a reader would find no word in it.
    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let before = self.prose.len();
        if before > 0 {
            self.prose.push('\n');
        }
        let start = self.prose.len();
        self.line.write(self.text, &mut self.prose, &mut self.segments);
        if self.kind == BlockKind::Heading {
            self.truncate(start + without_attributes(&self.prose[start..]).len());
        }
        if is_blank(self.prose[start..].trim_matches(super::OBJECT)) {
            self.truncate(before);
        } else {
            let range = TextRange::new(start, self.prose.len());
            self.blocks.push(Block { range, kind: self.kind, continues: self.continues });
            self.continues = true;
        }
        if self.kind == BlockKind::ListItem {
            self.kind = BlockKind::Paragraph;
        }
    }

    /// Takes back the prose from `len` on.
    fn truncate(&mut self, len: usize) {
        self.prose.truncate(len);
        while self.segments.pop_if(|segment| segment.prose.start >= len).is_some() {}
        if let Some(last) = self.segments.last_mut()
            && last.prose.end > len
        {
            last.source.end -= last.prose.end - len;
            last.prose.end = len;
        }
    }
}

/// A rule drawn right under a paragraph makes a heading of it for `CommonMark`. A sentence, or a text of several lines,
/// was not meant as one.
fn heading_kind(source: &str) -> BlockKind {
    if source.starts_with('#') {
        return BlockKind::Heading;
    }
    let content = source.trim_end().rsplit_once(['\n', '\r']).map_or("", |(content, _)| content).trim_end();
    if content.contains(['\n', '\r']) || content.ends_with(['。', '；', '：', '，', '！', '？', ';', ':'])
    {
        BlockKind::Paragraph
    } else {
        BlockKind::Heading
    }
}

/// A heading without the identifier or class that some dialects put behind it: `标题 {#id}`.
fn without_attributes(heading: &str) -> &str {
    match heading.rfind(" {") {
        Some(at) if heading.ends_with('}') && heading[at + 2..].starts_with(['#', '.']) => {
            heading[..at].trim_end()
        }
        _ => heading,
    }
}

/// Whether more than half of the letters and digits of `text` are Chinese characters.
fn is_mostly_han(text: &str) -> bool {
    let words = text.chars().filter(|c| c.is_alphanumeric());
    let (han, others) =
        words.fold((0, 0), |(han, others), c| if is_han(c) { (han + 1, others) } else { (han, others + 1) });
    han > others
}
