//! One line of Markdown prose: its pieces, and which asterisks and underscores in it are marks.

use std::ops::Range;

use pulldown_cmark::CowStr;

use crate::document::{OBJECT, Segment};
use crate::text::TextRange;

/// What stands behind a mask of asterisks: `20**年**月`, `第**届`, `**市**县`.
const UNITS: &str = "年月日时分号届次期个名位户项件万亿元省市区县乡镇村";

/// How many marks in a row are looked past for the text next to them; any more are a line, not emphasis.
const RUN: usize = 8;

/// Punctuation that emphasised text hardly begins with.
const CLOSING: &str = "，。、；：！？）】〕》〉”’,.;:!?)]";

/// A piece of a line.
struct Piece<'a> {
    source: Range<usize>,
    prose: Prose<'a>,
}

/// What a piece reads.
enum Prose<'a> {
    /// Its source.
    Source,
    /// Another text.
    Other(CowStr<'a>),
    /// Asterisks that `CommonMark` does not take for marks: its source, unless [`Line::settle`] says otherwise.
    Asterisks {
        /// Whether this is inside strong emphasis.
        strong: bool,
    },
    /// Nothing: a mark.
    Nothing,
}

/// The pieces of a line, in order.
#[derive(Default)]
pub(super) struct Line<'a> {
    pieces: Vec<Piece<'a>>,
    /// How many strong emphases are open.
    strong: usize,
    /// Whether any piece is [`Prose::Asterisks`].
    unsettled: bool,
}

impl<'a> Line<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Adds a text of the parser, which differs from its source where it comes from an entity.
    pub(super) fn text(&mut self, source: &str, text: CowStr<'a>, range: Range<usize>) {
        let mut start = range.start;
        if source[range.clone()] != *text {
            return self.push(range, Prose::Other(text));
        }
        // a backslash before the text is not part of it: it escapes its first character
        let from = usize::from(source[..start].ends_with('\\') && text.starts_with('*'));
        for at in memchr::memchr_iter(b'*', &text.as_bytes()[from..]).map(|at| range.start + from + at) {
            self.verbatim(start..at);
            self.asterisk(at..at + 1);
            start = at + 1;
        }
        self.verbatim(start..range.end);
    }

    /// Adds text that reads as it stands in the source.
    pub(super) fn verbatim(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece { source, prose: Prose::Source }) if source.end == range.start => {
                source.end = range.end;
            }
            _ => self.push(range, Prose::Source),
        }
    }

    /// Adds something that is not prose.
    pub(super) fn object(&mut self, range: Range<usize>) {
        self.push(range, Prose::Other(CowStr::from(OBJECT)));
    }

    /// Opens an emphasis, `range` with its marks, which are `width` bytes wide on each side.
    pub(super) fn open(&mut self, source: &str, range: Range<usize>, width: usize) {
        self.strong += usize::from(width == 2);
        let inner = range.start + width..range.end - width;
        self.mark(source, range.start..inner.start, inner);
    }

    /// Closes what [`Line::open`] opened with the same arguments.
    pub(super) fn close(&mut self, source: &str, range: Range<usize>, width: usize) {
        self.strong = self.strong.saturating_sub(usize::from(width == 2));
        let inner = range.start + width..range.end - width;
        self.mark(source, inner.end..range.end, inner);
    }

    /// Adds one of the marks around `inner`.
    fn mark(&mut self, source: &str, mark: Range<usize>, inner: Range<usize>) {
        if is_filler(source, inner, mark.len()) {
            self.verbatim(mark);
        } else {
            self.push(mark, Prose::Nothing);
        }
    }

    fn asterisk(&mut self, range: Range<usize>) {
        self.unsettled = true;
        match self.pieces.last_mut() {
            Some(Piece { source, prose: Prose::Asterisks { .. } }) if source.end == range.start => {
                source.end = range.end;
            }
            _ => self.push(range, Prose::Asterisks { strong: self.strong > 0 }),
        }
    }

    fn push(&mut self, source: Range<usize>, prose: Prose<'a>) {
        self.pieces.push(Piece { source, prose });
    }

    /// Appends the line to the prose, with its segments, and starts a new one.
    pub(super) fn write(&mut self, source: &str, prose: &mut String, segments: &mut Vec<Segment>) {
        if std::mem::take(&mut self.unsettled) {
            self.settle(source);
        }
        for piece in self.pieces.drain(..) {
            let start = prose.len();
            match &piece.prose {
                Prose::Source | Prose::Asterisks { .. } => prose.push_str(&source[piece.source.clone()]),
                Prose::Other(text) => {
                    prose.extend(text.chars().map(|c| if is_line_end(c) { ' ' } else { c }));
                }
                Prose::Nothing => continue,
            }
            if prose.len() > start {
                let source = TextRange::new(piece.source.start, piece.source.end);
                segments.push(Segment { prose: TextRange::new(start, prose.len()), source });
            }
        }
    }

    /// Decides which of the asterisks left over were meant as marks. `CommonMark` asks for a space between emphasis that
    /// ends in punctuation and the word behind it, which Chinese does not have: `**一是抓落实。**各单位…` is strong
    /// for its writer. And four asterisks (or six, in italics) inside strong emphasis are where one piece of it ends
    /// and the next begins (`**2013****年**`, as converters write).
    fn settle(&mut self, source: &str) {
        if self.pieces.iter().all(|piece| matches!(piece.prose, Prose::Asterisks { .. } | Prose::Nothing)) {
            // the halves of an empty emphasis over two lines; a mask has something to count beside it
            self.pieces.iter_mut().for_each(|piece| piece.prose = Prose::Nothing);
            return;
        }
        // settled marks count along: one that `CommonMark` passes by makes it pair the next ones the wrong way round
        let mut opening = None;
        for at in 0..self.pieces.len() {
            match (&self.pieces[at].prose, self.pieces[at].source.len()) {
                (Prose::Asterisks { strong }, 4 | 6)
                    if (*strong || opening.is_some())
                        && !is_between_digits(source, &self.pieces[at].source) =>
                {
                    self.pieces[at].prose = Prose::Nothing;
                }
                (Prose::Asterisks { .. } | Prose::Nothing, 2) => match opening {
                    Some(open) if self.is_emphasis(source, open, at) => {
                        self.pieces[open].prose = Prose::Nothing;
                        self.pieces[at].prose = Prose::Nothing;
                        opening = None;
                    }
                    _ => opening = Some(at),
                },
                _ => {}
            }
        }
    }

    /// Whether what stands between the pieces `open` and `close`, two asterisks each, is strong emphasis or was meant
    /// so: marks on both sides, all of the line, or a text with punctuation at one of its ends.
    fn is_emphasis(&self, source: &str, open: usize, close: usize) -> bool {
        let is_mark = |at: usize| matches!(self.pieces[at].prose, Prose::Nothing);
        if is_mark(open) && is_mark(close) || (open, close + 1) == (0, self.pieces.len()) {
            return true;
        }
        let inner = self.pieces[open].source.end..self.pieces[close].source.start;
        let text = &source[inner.clone()];
        let is_punctuation = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        (text.starts_with(is_punctuation) || text.ends_with(is_punctuation))
            && !text.starts_with(char::is_whitespace)
            && !text.ends_with(char::is_whitespace)
            && !is_filler(source, inner, 2)
    }
}

/// Whether digits stand on both sides, as of the hidden ones of a telephone number.
fn is_between_digits(source: &str, range: &Range<usize>) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    source[..range.start].ends_with(is_digit) && source[range.end..].starts_with(is_digit)
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// Whether the marks of `width` bytes on each side of `inner` are text: masks, blanks to fill or multiplication signs
/// that only look like emphasis. `共**个，**万元`, `20**年**月`, `电话：__，地址：__，`, `3*4*5`.
fn is_filler(source: &str, inner: Range<usize>, width: usize) -> bool {
    let (outer_start, outer_end) = (inner.start - width, inner.end + width);
    let before = source[..outer_start].chars().rev().take(RUN).find(|&c| is_no_mark(c));
    let after = source[outer_end..].chars().take(RUN).find(|&c| is_no_mark(c));
    let inner = &source[inner];
    let mut letters = inner.chars().take(2 * RUN).filter(|&c| is_no_mark(c));
    let Some(first) = letters.next() else { return true };
    let is_alone = letters.next().is_none();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if CLOSING.contains(first) {
        // `电话：__，` is a blank to fill; asterisks are masks if both stand so, but `1**、流程贯通**：` is a heading
        return source[outer_start..].starts_with('_')
            || !is_digit(before) && after.is_some_and(|c| CLOSING.contains(c));
    }
    if width == 1 && is_digit(before) && is_digit(after) {
        return inner.bytes().all(|b| b.is_ascii_digit());
    }
    let is_unit = |c: char| UNITS.contains(c);
    if !is_unit(first) || !after.is_some_and(is_unit) {
        return false;
    }
    if is_digit(before) {
        // `20**年**月` masks, while `2013**年**8**月**` is how converters write a date in bold
        is_alone && is_century(&source[..outer_start])
    } else {
        // an emphasised lead begins its line: `**年度任务。**项目建设…`
        is_alone || before.is_some_and(char::is_alphanumeric)
    }
}

fn is_no_mark(c: char) -> bool {
    !matches!(c, '*' | '_')
}

/// Whether `text` ends in the first two digits of a year.
fn is_century(text: &str) -> bool {
    let rest = text.strip_suffix("20").or_else(|| text.strip_suffix("19"));
    rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_digit()))
}
