//! Plain text: every line that is not blank is a block, and all of it is prose.

use memchr::{memchr2, memchr2_iter, memmem};

use super::{Block, BlockKind, Parsed, is_blank};
use crate::text::TextRange;

pub(super) fn parse(text: &str) -> Parsed {
    let mut blocks = Vec::new();
    let mut start = 0;
    // nearly no text has any: looked for once, not line by line
    let has_soft_breaks = has_soft_breaks(text);
    for end in memchr2_iter(b'\n', b'\r', text.as_bytes()).chain([text.len()]) {
        let line = TextRange::new(start, end);
        if has_soft_breaks {
            push_pieces(text, line, &mut blocks);
        } else {
            push_block(text, line, &mut blocks);
        }
        start = end + 1;
    }
    Parsed { prose: None, segments: Vec::new(), blocks, comments: Vec::new() }
}

/// Adds what stands between the soft breaks of a line.
fn push_pieces(text: &str, line: TextRange, blocks: &mut Vec<Block>) {
    let mut start = line.start;
    for piece in line.of(text).split_inclusive(is_soft_break) {
        let shown = piece.trim_end_matches(is_soft_break);
        push_block(text, TextRange::new(start, start + shown.len()), blocks);
        start += piece.len();
    }
}

fn push_block(text: &str, range: TextRange, blocks: &mut Vec<Block>) {
    if !is_blank(range.of(text)) {
        blocks.push(Block { range, kind: BlockKind::Paragraph, continues: false });
    }
}

/// Where readers see a new line or page though editors count no line end: word processors and web pages leave vertical
/// tabs, form feeds and the separators of Unicode in a text.
fn is_soft_break(c: char) -> bool {
    matches!(c, '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}')
}

/// Whether [`is_soft_break`] holds for any character, at the speed of a byte search.
fn has_soft_breaks(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr2(b'\x0b', b'\x0c', bytes).is_some()
        || ["\u{2028}", "\u{2029}"]
            .iter()
            .any(|separator| memmem::find(bytes, separator.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str) -> Vec<&str> {
        parse(text).blocks.iter().map(|block| block.range.of(text)).collect()
    }

    #[test]
    fn every_kind_of_line_end_ends_a_block() {
        assert_eq!(lines("一\n二\r\n三\r四"), ["一", "二", "三", "四"]);
    }

    #[test]
    fn breaks_that_word_processors_leave_end_a_block() {
        assert_eq!(lines("一\u{c}二\u{b}三\n\u{c}四\u{2028}\u{2029}五\u{c}"), ["一", "二", "三", "四", "五"]);
    }

    #[test]
    fn a_line_in_which_nothing_is_seen_is_no_block() {
        assert_eq!(lines("\u{feff}\n\u{3000}\u{200b}\n \t\n\u{c}\n　　正文"), ["　　正文"]);
    }

    proptest! {
        #[test]
        fn blocks_ascend_and_hold_all_that_is_seen(text in "[一X \u{3000}\u{200b}\r\n\u{b}\u{c}\u{85}\u{2028}]{0,40}") {
            let parsed = parse(&text);
            prop_assert!(parsed.blocks.windows(2).all(|pair| pair[0].range.end < pair[1].range.start));
            let is_seen = |c: &char| !is_blank(c.encode_utf8(&mut [0; 4]));
            let seen: String = parsed.blocks.iter().flat_map(|b| b.range.of(&text).chars()).filter(is_seen).collect();
            prop_assert_eq!(seen, text.chars().filter(is_seen).collect::<String>());
        }
    }
}
