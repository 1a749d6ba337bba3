//! `dinggao check --explain-line`: what the rules looked at on one line, and what decided there.

use anyhow::{Result, anyhow};

use super::Status;
use super::args::Line;
use super::catalog::in_words;
use super::output::{Console, print};
use super::settings::Configs;
use super::source;
use super::walk::Draft;
use crate::document::Document;
use crate::document::encoding::Encoding;
use crate::report::{Paint, visible};
use crate::rule::{Decider, Look};
use crate::text::{LineIndex, PositionEncoding, TextRange};

/// How many characters are shown on either side of a place, and of one that is long at either end.
const AROUND: usize = 10;

/// How many characters of a condition are shown; its file has the rest.
const CONDITION: usize = 60;

/// Explains a line of a file.
pub(super) fn explain(
    line: &Line,
    configs: &mut Configs,
    encoding: Option<Encoding>,
    console: Console,
) -> Result<Status> {
    let lang = console.lang;
    let draft = Draft::named(&line.file);
    let document =
        source::read(&draft, encoding, lang).map_err(|unread| anyhow!(unread.in_words(&draft.name)))?;
    let index = LineIndex::new(document.text());
    if line.number > index.line_count() {
        let (name, number, count) = (&draft.name, line.number, index.line_count());
        return Err(anyhow!(lang.pick(
            format!("{name}: 没有第 {number} 行，一共 {count} 行"),
            format!("{name}: there is no line {number}; the last is {count}"),
        )));
    }
    let range = index.line(document.text(), line.number);
    let catalog = configs.catalog(draft.absolute.as_deref())?;
    let mut looks = catalog.explain(&document, lang).map_err(|error| anyhow!(in_words(&error, lang)))?;
    looks.retain(|look| touches(look.range, range));
    let mut told: Vec<String> = looks
        .chunk_by(|a, b| a.range == b.range)
        .map(|looks| place(&draft.name, document.text(), &index, looks, console))
        .collect();
    told.push(closing(!looks.is_empty(), has_prose(&document, range), console).to_owned());
    print(&told.join("\n"))?;
    Ok(Status::Clean)
}

/// What was made of one place.
fn place(name: &str, text: &str, index: &LineIndex, looks: &[Look], console: Console) -> String {
    let range = looks[0].range;
    let at = index.position(text, range.start, PositionEncoding::Grapheme);
    let head = format!("{}:{}:{}", visible(name), at.line, at.column);
    let looks: String = looks.iter().map(|look| look_lines(look, console)).collect();
    format!("{}  {}\n{looks}", Paint(console.color).bold(&head), excerpt(text, range))
}

/// Whether a place is, in part at least, on a line; the empty place at the end of one counts.
fn touches(place: TextRange, line: TextRange) -> bool {
    place.start <= line.end && line.start <= place.end.saturating_sub(1).max(place.start)
}

fn has_prose(document: &Document, line: TextRange) -> bool {
    document.blocks().iter().any(|block| document.source_range(block.range).intersects(line))
}

fn closing(seen: bool, has_prose: bool, console: Console) -> &'static str {
    match (seen, has_prose) {
        (true, _) => console.lang.pick(
            "这一行的其他文字，没有规则要看。\n",
            "No rule has anything to look at in the rest of this line.\n",
        ),
        (false, true) => console
            .lang
            .pick("这一行没有规则要看的文字。\n", "No rule has anything to look at on this line.\n"),
        (false, false) => console.lang.pick(
            "这一行没有正文：是空行、代码、链接地址或文件头。\n",
            "This line holds no prose: it is blank, code, an address or front matter.\n",
        ),
    }
}

/// What came of a look, and on lines of their own where that was decided, why, and by what.
fn look_lines(look: &Look, console: Console) -> String {
    let by = Paint(console.color).bold(&look.by);
    let mut lines = format!("  {by}: {}\n", visible(look.verdict.pick(console.lang)));
    if let Some(Decider { file, line, reason, condition }) = &look.decider {
        let (shown, rest) = cut(condition, CONDITION);
        let more = if rest.is_empty() { "" } else { "…" };
        let reason = reason.as_ref().map_or_else(String::new, |reason| format!("{reason}\n      "));
        lines.extend([&*format!("    {file}:{line}: {reason}"), &visible(shown), more, "\n"]);
    }
    lines
}

/// A place of a text with a few characters of its line around it, marked as the examples of rules are.
fn excerpt(text: &str, range: TextRange) -> String {
    let before = text[..range.start].rsplit(['\n', '\r']).next().unwrap_or_default();
    let after = text[range.end..].split(['\n', '\r']).next().unwrap_or_default();
    let (rest, before) = cut_back(before, AROUND);
    let lead = if rest.is_empty() { "" } else { "…" };
    let (after, rest) = cut(after, AROUND);
    let tail = if rest.is_empty() { "" } else { "…" };
    let place = range.of(text);
    let (head, rest) = cut(place, 2 * AROUND);
    let place =
        if rest.is_empty() { place.to_owned() } else { format!("{head}…{}", cut_back(rest, AROUND).1) };
    let shown = format!("{lead}{before}⟦{place}⟧{after}{tail}").replace(['\r', '\n'], "⏎");
    visible(&shown).into_owned()
}

/// The first `count` characters, and the rest.
fn cut(text: &str, count: usize) -> (&str, &str) {
    text.split_at(text.char_indices().nth(count).map_or(text.len(), |(at, _)| at))
}

/// The rest, and the last `count` characters.
fn cut_back(text: &str, count: usize) -> (&str, &str) {
    text.split_at(text.char_indices().rev().take(count).last().map_or(text.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_with_what_stands_around_it_on_its_line() {
        let text = "第一行\n今年以来我们完成了公务接待X人次，比去年同期有所减少。\n";
        let at = text.find('X').unwrap();
        let shown = excerpt(text, TextRange::new(at, at + 1));
        assert_eq!(shown, "…来我们完成了公务接待⟦X⟧人次，比去年同期有所…");
        assert_eq!(excerpt("X", TextRange::new(0, 1)), "⟦X⟧");
    }

    #[test]
    fn a_long_place_is_shortened() {
        let text = "一二三四五六七八九十".repeat(4) + "\n完";
        let shown = excerpt(&text, TextRange::new(0, text.len()));
        assert_eq!(shown, "⟦一二三四五六七八九十一二三四五六七八九十…三四五六七八九十⏎完⟧");
    }
}
