//! What text looks like in a terminal: how wide each character is, and what stands in for those that a terminal
//! would hide, obey, or draw at a width that nobody can predict.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A cluster of more characters than this is cut: a tower of combining marks spills over the lines around it.
const MAX_CLUSTER_CHARS: usize = 8;

/// How many columns a tab takes.
const TAB: &str = "    ";

/// The first cluster of `text` and the columns that it takes as [`push_shown`] writes it.
pub(super) fn first(text: &str) -> Option<(&str, usize)> {
    let mut chars = text.chars();
    let c = chars.next()?;
    match plain_width(c) {
        Some(width) if chars.next().is_none_or(is_plain) => Some((&text[..c.len_utf8()], width)),
        _ => text.graphemes(true).next().map(measured),
    }
}

/// The last cluster of `text` and the columns that it takes.
pub(super) fn last(text: &str) -> Option<(&str, usize)> {
    let mut chars = text.chars();
    let c = chars.next_back()?;
    match plain_width(c) {
        Some(width) if chars.next_back().is_none_or(is_plain) => {
            Some((&text[text.len() - c.len_utf8()..], width))
        }
        _ => text.graphemes(true).next_back().map(measured),
    }
}

/// Appends `text` as it can be shown in a terminal. What is appended has exactly as many columns as the sum of its
/// characters' widths, which is how codespan-reporting counts.
pub(super) fn push_shown(mut text: &str, out: &mut String) {
    while !text.is_empty() {
        let (run, rest) = text.split_at(plain_run(text));
        out.push_str(run);
        text = rest;
        if let Some((cluster, _)) = first(text) {
            push_cluster(cluster, out);
            text = &text[cluster.len()..];
        }
    }
}

/// The columns that a text takes once its hidden characters are made visible.
pub(crate) fn columns(text: &str) -> usize {
    let (mut rest, mut sum) = (text, 0);
    while let Some((cluster, width)) = first(rest) {
        sum += width;
        rest = &rest[cluster.len()..];
    }
    sum
}

/// The text with everything made visible that a terminal would hide or obey, so that neither the name of a file nor
/// a quoted word can move the cursor, change colours or turn the writing direction.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| !is_plain(c) && is_unseen(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push_char(c, &mut shown));
    Cow::Owned(shown)
}

/// The length of the plain characters that `text` starts with, without one that what follows may belong to.
fn plain_run(text: &str) -> usize {
    let mut last = 0;
    for (at, c) in text.char_indices() {
        if !is_plain(c) {
            return last;
        }
        last = at;
    }
    text.len()
}

fn measured(cluster: &str) -> (&str, usize) {
    let mut shown = String::new();
    push_cluster(cluster, &mut shown);
    (cluster, summed_width(&shown))
}

fn push_cluster(cluster: &str, out: &mut String) {
    let mut chars = cluster.chars();
    let Some(first) = chars.next() else { return };
    if chars.as_str().is_empty() {
        push_char(first, out);
    } else if needs_stand_in(first, cluster) {
        out.push(first);
    } else {
        cluster.chars().take(MAX_CLUSTER_CHARS).for_each(|c| push_char(c, out));
    }
}

/// Whether a cluster (a family joined by ZWJ, a skin tone, a keycap) is drawn at another width than the sum of its
/// characters. Its first character alone has the same width everywhere.
fn needs_stand_in(first: char, cluster: &str) -> bool {
    !is_unseen(first)
        && summed_width(cluster) != cluster.width()
        && (first.width() == Some(2) || !cluster.chars().any(is_unseen))
}

fn push_char(c: char, out: &mut String) {
    if c == '\t' {
        out.push_str(TAB);
    } else if is_unseen(c) {
        // writing to a String cannot fail
        let _ = write!(out, "{}", c.escape_unicode());
    } else {
        out.push(c);
    }
}

fn summed_width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

fn is_plain(c: char) -> bool {
    plain_width(c).is_some()
}

/// The width of a character that is a cluster of its own next to any other such character: what Chinese drafts are
/// made of, for which the tables of Unicode need not be asked.
fn plain_width(c: char) -> Option<usize> {
    match c {
        ' '..='~' | '\u{b7}' | '\u{d7}' | '\u{2010}'..='\u{2027}' | '\u{2460}'..='\u{24ff}' => Some(1),
        '\u{3000}'..='\u{3029}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ff01}'..='\u{ff60}' => Some(2),
        _ => None,
    }
}

/// Controls, bidirectional marks and what else leaves no trace on the screen.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let mut out = String::new();
        push_shown(text, &mut out);
        out
    }

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_spelled_out() {
        assert_eq!(shown("甲\u{202e}乙\u{1b}[2J\u{feff}"), "甲\\u{202e}乙\\u{1b}[2J\\u{feff}");
        assert_eq!(shown("a\u{200d}b\u{2028}\u{85}\u{7f}"), "a\\u{200d}b\\u{2028}\\u{85}\\u{7f}");
        assert_eq!(shown("甲\t乙"), "甲    乙");
        assert_eq!(visible("a\nb"), "a\\u{a}b");
    }

    #[test]
    fn a_cluster_of_unpredictable_width_shows_its_first_character() {
        assert_eq!(shown("家👨‍👩‍👧人"), "家👨人");
        assert_eq!(shown("👍🏽"), "👍");
        assert_eq!(shown("e\u{301}"), "e\u{301}");
        assert_eq!(columns("家👨‍👩‍👧人"), 6);
    }

    #[test]
    fn the_widths_known_by_heart_are_those_of_unicode() {
        for c in ('\0'..=char::MAX).filter(|&c| is_plain(c)) {
            assert_eq!((plain_width(c), is_unseen(c)), (c.width(), false), "{c:?}");
            let pair = format!("年{c}年");
            assert_eq!(pair.graphemes(true).count(), 3, "{c:?}");
        }
    }

    #[test]
    fn a_tower_of_marks_is_cut() {
        let tower = format!("e{}", "\u{301}".repeat(1000));
        assert_eq!(shown(&tower).chars().count(), MAX_CLUSTER_CHARS);
    }

    proptest! {
        #[test]
        fn the_columns_counted_are_the_columns_shown(text in "[一x×…\u{301}👨\u{200d}👩🏽1\u{fe0f}\u{20e3}\t\u{202e}🇨🇳]{0,30}") {
            prop_assert_eq!(columns(&text), summed_width(&shown(&text)));
            let (mut rest, mut sum) = (text.as_str(), 0);
            while let Some((cluster, width)) = last(rest) {
                rest = &rest[..rest.len() - cluster.len()];
                sum += width;
            }
            prop_assert_eq!(sum, columns(&text));
        }
    }
}
