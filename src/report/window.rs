//! Which parts of a long line to show around the places that matter.

use super::cell;
use crate::text::{TextRange, ceil_boundary, floor_boundary};

/// No search for a place to cut looks further than this, whatever the text is made of.
const REACH: usize = 1024;

/// Two parts nearer than this many bytes are shown as one.
const NEAR: usize = 24;

/// The parts of `line` to show so that each of `foci` (places in the line, ascending by start) can be seen in about
/// `columns` columns, with as much around them as there is room for. A place too long for that shows its two ends.
///
/// `caption` is the width of what will be written to the right of the last place, beneath the line.
pub(super) fn windows(
    text: &str,
    line: TextRange,
    foci: &[TextRange],
    columns: usize,
    caption: usize,
) -> Vec<TextRange> {
    let mut parts = ends_of_long(text, foci, columns / foci.len().max(1));
    let covered: usize = parts.iter().map(|part| cell::columns(part.of(text))).sum();
    let room = columns.saturating_sub(covered);
    spread(text, line, &mut parts, room, room.saturating_sub(caption));
    join_near(parts)
}

/// The places themselves; of one wider than `share`, its first and its last few columns.
fn ends_of_long(text: &str, foci: &[TextRange], share: usize) -> Vec<TextRange> {
    let mut parts = Vec::with_capacity(foci.len() + 1);
    for &focus in foci {
        let (end, _) = extend_right(text, TextRange::new(focus.start, focus.start), focus.end, share);
        if end == focus.end {
            parts.push(focus);
            continue;
        }
        let head = extend_right(text, TextRange::new(focus.start, focus.start), focus.end, share / 2).0;
        let tail = extend_left(text, TextRange::new(focus.end, focus.end), head, share / 2).0;
        parts.push(TextRange::new(focus.start, head));
        parts.push(TextRange::new(tail, focus.end));
    }
    parts.sort_unstable();
    join_near(parts)
}

/// Widens each part by its share of `room` columns; what one side has no use for, the next gets. The first part
/// grows no more than `left_limit` columns to the left.
fn spread(text: &str, line: TextRange, parts: &mut [TextRange], room: usize, left_limit: usize) {
    let side = room / (2 * parts.len().max(1));
    let first_side = side.min(left_limit);
    let (mut spare, mut from) = (side - first_side, line.start);
    for at in 0..parts.len() {
        let (start, left) = extend_left(text, parts[at], from, if at == 0 { first_side } else { side });
        let to = parts.get(at + 1).map_or(line.end, |next| next.start.max(parts[at].end));
        let (end, right) = extend_right(text, parts[at], to, side + spare + left);
        spare = right;
        parts[at] = TextRange::new(start, end);
        from = end;
    }
    if let Some(first) = parts.first_mut() {
        first.start = extend_left(text, *first, line.start, spare.min(left_limit - first_side)).0;
    }
}

/// How far `part` can grow to the right, at most to `limit`, in `columns` columns, and how many are left.
fn extend_right(text: &str, part: TextRange, limit: usize, mut columns: usize) -> (usize, usize) {
    let reach = floor_boundary(text, limit.min(part.end + REACH)).max(part.end);
    let mut end = part.end;
    while let Some((cluster, width)) = cell::first(&text[end..reach]) {
        if width > columns {
            break;
        }
        columns -= width;
        end += cluster.len();
    }
    (end, columns)
}

/// How far `part` can grow to the left, at most to `limit`, in `columns` columns, and how many are left.
fn extend_left(text: &str, part: TextRange, limit: usize, mut columns: usize) -> (usize, usize) {
    let reach = ceil_boundary(text, limit.max(part.start.saturating_sub(REACH))).min(part.start);
    let mut start = part.start;
    while let Some((cluster, width)) = cell::last(&text[reach..start]) {
        if width > columns {
            break;
        }
        columns -= width;
        start -= cluster.len();
    }
    (start, columns)
}

fn join_near(parts: Vec<TextRange>) -> Vec<TextRange> {
    let mut joined: Vec<TextRange> = Vec::with_capacity(parts.len());
    for part in parts {
        match joined.last_mut() {
            Some(last) if part.start <= last.end + NEAR => last.end = last.end.max(part.end),
            _ => joined.push(part),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> TextRange {
        TextRange::new(0, text.len())
    }

    fn shown<'t>(text: &'t str, foci: &[(usize, usize)], columns: usize) -> Vec<&'t str> {
        let foci: Vec<_> = foci.iter().map(|&(start, end)| TextRange::new(start, end)).collect();
        windows(text, whole(text), &foci, columns, 0).iter().map(|part| part.of(text)).collect()
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(shown("全年接待X人次。", &[(12, 13)], 40), ["全年接待X人次。"]);
        assert_eq!(shown("", &[(0, 0)], 40), [""]);
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_of_the_place() {
        let text = format!("{}X{}", "甲".repeat(500), "乙".repeat(500));
        let parts = shown(&text, &[(1500, 1501)], 21);
        assert_eq!(parts, ["甲甲甲甲甲X乙乙乙乙乙"]);
    }

    #[test]
    fn room_that_one_side_has_no_use_for_goes_to_the_other() {
        let text = format!("X{}", "乙".repeat(500));
        assert_eq!(shown(&text, &[(0, 1)], 21), [format!("X{}", "乙".repeat(10))]);
        let text = format!("{}X", "甲".repeat(500));
        assert_eq!(shown(&text, &[(1500, 1501)], 21), [format!("{}X", "甲".repeat(10))]);
    }

    #[test]
    fn places_far_apart_are_shown_apart_and_near_ones_together() {
        let text = format!("X{}Y{}", "甲".repeat(500), "乙".repeat(500));
        assert_eq!(shown(&text, &[(0, 1), (1501, 1502)], 22).len(), 2);
        assert_eq!(shown("X甲甲甲甲甲甲甲Y", &[(0, 1), (22, 23)], 4).len(), 1);
    }

    #[test]
    fn a_place_wider_than_the_window_shows_its_two_ends() {
        let text = "甲".repeat(1000);
        let parts = shown(&text, &[(300, 2700)], 40);
        assert_eq!(parts.iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [10, 10]);
    }

    #[test]
    fn a_caption_pushes_the_place_to_the_left() {
        let text = format!("{}X{}", "甲".repeat(500), "乙".repeat(500));
        let parts = windows(&text, whole(&text), &[TextRange::new(1500, 1501)], 41, 30);
        assert_eq!(parts[0].of(&text).find('X'), Some(15));
        let text = format!("{}X", "甲".repeat(500));
        let parts = windows(&text, whole(&text), &[TextRange::new(1500, 1501)], 41, 30);
        assert_eq!(parts[0].of(&text), "甲甲甲甲甲X");
    }

    #[test]
    fn places_that_overlap_or_lie_in_one_another_are_one_part() {
        let text = "一二三四五六七八九十";
        assert_eq!(shown(text, &[(0, 18), (3, 6), (9, 30)], 40), [text]);
    }

    #[test]
    fn a_cut_never_splits_a_cluster() {
        let text = "👨‍👩‍👧".repeat(200);
        let middle = "👨‍👩‍👧".len() * 100;
        let parts = shown(&text, &[(middle, middle)], 9);
        assert_eq!(parts, ["👨‍👩‍👧".repeat(4)]);
    }
}
