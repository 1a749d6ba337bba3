//! Pastes a paragraph a second time: as it is, edited a little, or with other figures.
//!
//! Paragraphs with ordinals are left out: a second 一是 is a defect of its own.

use crate::plant::{Draft, Line, Plant};
use crate::random::Random;

/// Shorter paragraphs may well be repeated (by the design, 20 characters); a little more leaves room for edits.
const MIN_CHARS: usize = 36;

/// How many places are tried for each paragraph.
const PLACES: usize = 3;

/// All repeats that a draft has room for.
pub(crate) fn plants(draft: &Draft) -> Vec<Plant<'_>> {
    let mut random = Random::for_purpose(&format!("repeats in {}", draft.name));
    let mut plants = Vec::new();
    for (index, line) in draft.lines.iter().enumerate() {
        let text = &draft.text[line.range.clone()];
        if !is_worth_repeating(line, text) {
            continue;
        }
        let later: Vec<&Line> =
            draft.lines[index..].iter().filter(|line| draft.can_go_on_after(line)).collect();
        for after in random.some_of(later, PLACES) {
            plants.push(pasted(draft, after, "exact", "duplicate/exact", text));
            plants.push(pasted(draft, after, "near", "duplicate/near", &edited(text, &mut random)));
            if text.contains(|c: char| c.is_ascii_digit()) {
                plants.push(pasted(
                    draft,
                    after,
                    "figures",
                    "duplicate/figures",
                    &recounted(text, &mut random),
                ));
            }
        }
    }
    plants
}

/// Whether a line is a paragraph that says something of its own, whole in itself.
fn is_worth_repeating(line: &Line, text: &str) -> bool {
    let words = text.chars().filter(|c| c.is_alphabetic()).count();
    let ordinals = ["一是", "一要", "第一，", "其一，", "首先", "一方面", "①", "1）", "(1)", "First"];
    let opens_with_number = text
        .trim_start()
        .starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十第（(".contains(c));
    line.is_paragraph
        && words >= MIN_CHARS
        && !opens_with_number
        && !ordinals.iter().any(|ordinal| text.contains(ordinal))
        && !text.contains(['`', '*', '<', '['])
        && !text.trim_end().ends_with(['：', '、'])
        && !announces(text)
        && text.matches('“').count() == text.matches('”').count()
}

/// Whether a paragraph ends by announcing a series, so that its copy would announce whatever follows it.
fn announces(text: &str) -> bool {
    text.rsplit(['，', '：'])
        .next()
        .is_some_and(|end| end.contains(['点', '条', '项', '步']) && end.chars().count() < 12)
}

fn pasted<'a>(
    draft: &'a Draft,
    after: &Line,
    defect: &'static str,
    rule: &'static str,
    copy: &str,
) -> Plant<'a> {
    let end = after.range.end;
    Plant::new(draft, defect, "paragraph")
        .replace(end..end, draft.as_new_paragraph(copy))
        .expect(rule, end..end)
}

/// The text with 6 to 10 % of its characters edited: some replaced, some dropped, some added.
fn edited(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<String> = text.chars().map(String::from).collect();
    let words: Vec<usize> =
        text.char_indices().enumerate().filter(|(_, (_, c))| is_word(*c)).map(|(at, _)| at).collect();
    let percent = 6 + random.below(5);
    for at in random.some_of(words.clone(), (words.len() * percent / 100).max(1)) {
        let added = random.one_of(&["再", "更", "很", "还", "并", "都", "又"]);
        chars[at] = match random.below(3) {
            0 => (*added).to_owned(),
            1 => String::new(),
            _ => chars[at].clone() + added,
        };
    }
    chars.concat()
}

/// A character that can be edited without spoiling anything else: no punctuation, no number, nothing that makes one.
fn is_word(c: char) -> bool {
    c.is_alphabetic() && !"一二三四五六七八九十百千万亿零两第年月日元某待".contains(c)
}

/// The text with another number for each number.
fn recounted(text: &str, random: &mut Random) -> String {
    let other = |c: char, random: &mut Random| {
        let old = c.to_digit(10).unwrap();
        let new = (old + 1 + u32::try_from(random.below(8)).unwrap()) % 10;
        // a number does not begin with zero
        char::from_digit(if new == 0 { if old == 5 { 6 } else { 5 } } else { new }, 10).unwrap()
    };
    text.chars().map(|c| if c.is_ascii_digit() { other(c, random) } else { c }).collect()
}
