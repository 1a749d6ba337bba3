//! Spoils quotes and brackets: one half lost, turned round, of the wrong width, or two pairs crossed.
//!
//! Left out is what is no defect or another one:
//! - brackets that are a number (（一）, （3）), which belong to the series;
//! - a quotation that lacks its end right before a paragraph that begins with a quote, since that is how a quotation
//!   over several paragraphs is written; and the last paragraph of such a one, which may do without its beginning;
//! - in English ‘ and ’, which are apostrophes as well, and straight quotes, which are not frowned upon.

use std::ops::Range;

use crate::plant::{Draft, Line, Plant};
use crate::random::Random;

/// The kinds of pairs.
const KINDS: &[(&str, char, char)] =
    &[("“ ”", '“', '”'), ("‘ ’", '‘', '’'), ("（ ）", '（', '）'), ("《 》", '《', '》')];

/// How many pairs of a kind are taken from each draft.
const PAIRS: usize = 8;

/// A pair of a sound draft: its two halves.
#[derive(Clone)]
struct Pair {
    kind: &'static str,
    open: Range<usize>,
    close: Range<usize>,
}

/// All defects of pairs that a draft has room for.
pub(crate) fn plants(draft: &Draft) -> Vec<Plant<'_>> {
    let mut random = Random::for_purpose(&format!("pairs of {}", draft.name));
    let mut plants = Vec::new();
    for &(name, open, close) in KINDS {
        for pair in random.some_of(pairs(draft, name, open, close), PAIRS) {
            if !could_go_on(draft, &pair) {
                plants.push(unclosed(draft, &pair));
            }
            plants.push(unopened(draft, &pair));
            plants.extend(crossed(draft, &pair));
            match open {
                '“' | '‘' => plants.extend(reversed(draft, &pair)),
                '（' => plants.extend(of_two_widths(draft, &pair)),
                _ => {}
            }
            if open == '“' && pair.inside(draft).contains(is_han) {
                plants.push(straight(draft, &pair));
            }
        }
    }
    plants
}

/// The pairs of a kind that begin and end in one line.
fn pairs(draft: &Draft, kind: &'static str, open: char, close: char) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut goes_on = false;
    for line in &draft.lines {
        let mut opened = None;
        if std::mem::replace(&mut goes_on, ends_open(draft, line, open, close)) {
            continue;
        }
        for (at, mark) in draft.text[line.range.clone()].char_indices() {
            let at = line.range.start + at;
            let range = at..at + mark.len_utf8();
            if mark == open {
                opened = Some(range);
            } else if mark == close
                && let Some(open) = opened.take()
            {
                pairs.push(Pair { kind, open, close: range });
            }
        }
    }
    pairs.retain(|pair| {
        let inside = pair.inside(draft);
        !is_number(inside) && (open != '‘' || inside.contains(is_han))
    });
    pairs
}

/// Whether what a line opens goes on in the next one.
fn ends_open(draft: &Draft, line: &Line, open: char, close: char) -> bool {
    let text = &draft.text[line.range.clone()];
    text.matches(open).count() > text.matches(close).count()
}

impl Pair {
    fn inside<'a>(&self, draft: &'a Draft) -> &'a str {
        &draft.text[self.open.end..self.close.start]
    }

    fn whole(&self) -> Range<usize> {
        self.open.start..self.close.end
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
}

/// Whether the quotation, without its end, could be one that goes on in the next paragraph.
fn could_go_on(draft: &Draft, pair: &Pair) -> bool {
    let mark = &draft.text[pair.open.clone()];
    let rest = &draft.text[pair.close.end..];
    let next = rest.find('\n').map_or("", |end| rest[end..].trim_start());
    next.starts_with(mark)
}

fn unclosed<'a>(draft: &'a Draft, pair: &Pair) -> Plant<'a> {
    Plant::new(draft, "unclosed", pair.kind)
        .replace(pair.close.clone(), "")
        .expect("pair/unclosed", pair.open.clone())
}

fn unopened<'a>(draft: &'a Draft, pair: &Pair) -> Plant<'a> {
    Plant::new(draft, "unopened", pair.kind)
        .replace(pair.open.clone(), "")
        .expect("pair/unopened", pair.close.clone())
}

/// “四个（意识”）: brackets around the second half of the pair and its end.
fn crossed<'a>(draft: &'a Draft, pair: &Pair) -> Option<Plant<'a>> {
    let inside = pair.inside(draft);
    let middle = inside.char_indices().nth(inside.chars().count() / 2)?.0 + pair.open.end;
    // of other marks in it one cannot tell which is crossed with which
    let plain = inside.chars().all(|c| c.is_alphanumeric() || "，、。！？".contains(c));
    let (open, close) = if pair.kind == "（ ）" { ("“", "”") } else { ("（", "）") };
    (plain && inside.chars().count() > 3).then(|| {
        Plant::new(draft, "crossed", pair.kind)
            .replace(middle..middle, open)
            .replace(pair.close.end..pair.close.end, close)
            .expect("pair/crossed", pair.whole())
    })
}

/// “四个意识“, ”四个意识”, ”四个意识“.
fn reversed<'a>(draft: &'a Draft, pair: &Pair) -> [Plant<'a>; 3] {
    let (open, close) = (&draft.text[pair.open.clone()], &draft.text[pair.close.clone()]);
    let plant = |defect, left: &str, right: &str| {
        Plant::new(draft, defect, pair.kind)
            .replace(pair.open.clone(), left)
            .replace(pair.close.clone(), right)
            .expect("pair/reversed", pair.whole())
    };
    [
        plant("reversed, both open", open, open),
        plant("reversed, both close", close, close),
        plant("reversed, swapped", close, open),
    ]
}

/// （四个意识) and (四个意识）.
fn of_two_widths<'a>(draft: &'a Draft, pair: &Pair) -> [Plant<'a>; 2] {
    let plant = |half: &Range<usize>, mark: &str| {
        Plant::new(draft, "width", pair.kind).replace(half.clone(), mark).expect("pair/width", pair.whole())
    };
    [plant(&pair.open, "("), plant(&pair.close, ")")]
}

/// "四个意识".
fn straight<'a>(draft: &'a Draft, pair: &Pair) -> Plant<'a> {
    Plant::new(draft, "straight", pair.kind)
        .replace(pair.open.clone(), "\"")
        .replace(pair.close.clone(), "\"")
        .expect("pair/straight", pair.whole())
}
