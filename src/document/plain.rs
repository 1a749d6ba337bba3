//! Plain text: every line that is not blank is a block, and all of it is prose.

use super::{Block, BlockKind, Parsed};
use crate::text::TextRange;

pub(super) fn parse(text: &str) -> Parsed {
    let bytes = text.as_bytes();
    let mut blocks = Vec::new();
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes).chain([text.len()]) {
        if !text[start..end].trim().is_empty() {
            let range = TextRange::new(start, end);
            blocks.push(Block { range, kind: BlockKind::Paragraph, continues: false });
        }
        start = end + 1;
    }
    Parsed { prose: None, segments: Vec::new(), blocks }
}
