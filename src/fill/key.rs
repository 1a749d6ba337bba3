//! Keys: short names for what belongs in a hole, made of the words around it (`接待人次`, `签订日期`), and one for holes
//! that plainly stand for the same thing.

use std::collections::HashMap;

use super::{Anchor, Hole, number};
use crate::slot::SlotType;
use crate::text::floor_boundary;

/// The most characters that a key takes from the words on one side of a hole.
const WORDS: usize = 8;

/// Of the words behind a hole: most compounds have two or four characters.
const WORDS_AFTER: usize = 4;

/// Of those behind a name: 同志, 主持.
const WORDS_AFTER_PERSON: usize = 2;

/// How many characters on both sides must be the same for two holes to stand for the same thing.
const SAME_AROUND: usize = 8;

/// How many Chinese characters right behind a name make a fixed expression of the two: X双城经济圈.
const SAME_AFTER: usize = 5;

/// A prompt of this many characters says what it asks for; （姓名） may be anyone's.
const TELLING_PROMPT: usize = 4;

/// Two lines longer than this on either side of a hole are not compared.
const LINE_BYTES: usize = 2048;

/// A label stands in so many bytes before its hole.
const LABEL_BYTES: usize = 120;

/// Words between the thing that is counted and its number.
const LIGHT: [&str; 25] = [
    "关于",
    "达到了",
    "达到",
    "完成了",
    "完成",
    "共计",
    "合计",
    "总计",
    "总共",
    "累计",
    "超过",
    "不少于",
    "不低于",
    "增加了",
    "增加",
    "约",
    "近",
    "达",
    "共",
    "为",
    "了",
    "是",
    "有",
    "第",
    "的",
];

/// Characters that end the name of a thing.
const BREAKS: &str = "的了和与及或等在对将把被从向至到以并";

/// Gives each hole its key. The holes have their anchors.
pub(super) fn set(text: &str, holes: &mut [Hole]) {
    let same: Vec<Option<Anchor>> = holes.iter().map(|hole| sameness(text, hole)).collect();
    let mut counts: HashMap<&Anchor, usize> = HashMap::new();
    same.iter().flatten().for_each(|same| *counts.entry(same).or_default() += 1);
    let (mut known, mut names) = (HashMap::<&Anchor, String>::new(), Names::default());
    for (hole, same) in holes.iter_mut().zip(&same) {
        if let Some(key) = same.as_ref().and_then(|same| known.get(same)) {
            hole.key.clone_from(key);
            continue;
        }
        let is_shared = same.as_ref().is_some_and(|same| counts[same] > 1);
        hole.key = names.free(name(text, hole, is_shared));
        known.extend(same.as_ref().map(|same| (same, hole.key.clone())));
    }
}

/// Names that are taken, each with the number that the last one like it got.
#[derive(Debug, Default)]
struct Names(HashMap<String, usize>);

impl Names {
    /// The name, with a number if it is taken.
    fn free(&mut self, name: String) -> String {
        let Some(last) = self.0.get(&name).copied() else {
            self.0.insert(name.clone(), 1);
            return name;
        };
        let numbered = (last + 1..).map(|number| (number, format!("{name}-{number}")));
        let free = numbered.into_iter().find(|(_, key)| !self.0.contains_key(key));
        let (number, key) = free.unwrap_or((last, name.clone()));
        self.0.insert(name, number);
        self.0.insert(key.clone(), 1);
        key
    }
}

/// What two holes have in common exactly if they plainly stand for the same thing; `None` for a hole that stands for
/// itself alone.
fn sameness(text: &str, hole: &Hole) -> Option<Anchor> {
    let Anchor { before, text: mask, after } = &hole.anchor;
    let expression = |before: &str, after: &str| Anchor {
        before: before.to_owned(),
        text: mask.clone(),
        after: after.to_owned(),
    };
    match hole.kind {
        // the variable of a template, or a prompt that says what it asks for
        SlotType::Prompt => {
            let is_variable = mask.starts_with(['{', '$']);
            (is_variable || prompt_words(mask).chars().count() >= TELLING_PROMPT).then(|| expression("", ""))
        }
        SlotType::Field | SlotType::Todo | SlotType::Elision => None,
        SlotType::Org | SlotType::Phrase | SlotType::Title if quoted(before, after).is_some() => {
            quoted(before, after).map(|(before, after)| expression(before, after))
        }
        SlotType::Org | SlotType::Phrase | SlotType::Title if han_run(after).count() >= SAME_AFTER => {
            Some(expression("", &han_run(after).take(SAME_AFTER).collect::<String>()))
        }
        SlotType::Org | SlotType::Phrase | SlotType::Title => {
            (hole.anchor.weight() >= SAME_AROUND).then(|| hole.anchor.clone())
        }
        // a figure may be that of another year even where the words around it are the same
        _ => {
            let (before, after) = line_around(text, hole)?;
            let whole = expression(before, after);
            (whole.weight() >= SAME_AROUND).then_some(whole)
        }
    }
}

/// The rest of what stands within the same quotes as the hole, if that is something and short enough to be seen.
fn quoted<'a>(before: &'a str, after: &'a str) -> Option<(&'a str, &'a str)> {
    let (open, close) = (before.rfind(['“', '《', '「'])?, after.find(['”', '》', '」'])?);
    let inner = (&before[open..], &after[..close]);
    let is_whole = !inner.0.contains(['”', '》', '…']) && !inner.1.contains(['“', '《', '…']);
    let words = inner.0.chars().skip(1).chain(inner.1.chars()).count();
    (is_whole && words >= 2).then_some(inner)
}

fn han_run(text: &str) -> impl Iterator<Item = char> {
    text.chars().take_while(|&c| is_han(c))
}

fn is_han(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() && !matches!(c, 'Ａ'..='ｚ')
}

/// A name for what belongs in a hole. One that is shared goes by all that its holes have in common.
fn name(text: &str, hole: &Hole, is_shared: bool) -> String {
    if hole.kind == SlotType::Prompt {
        let words = prompt_words(&hole.anchor.text);
        if !words.is_empty() {
            return words;
        }
    }
    if let Some(label) = label(text, hole) {
        return label;
    }
    let most = match hole.kind {
        _ if is_shared => SAME_AFTER,
        SlotType::Person => WORDS_AFTER_PERSON,
        _ => WORDS_AFTER,
    };
    let (before, after) = (words_before(&hole.anchor.before), words_after(hole, most));
    let is_telling = |words: &String| words.chars().count() >= 2;
    let suffix = suffix(hole);
    // a thing that is counted stands behind its measure word, or before the number
    let is_before = hole.kind == SlotType::Date && date_part(hole).is_some();
    let words = if is_telling(&after) && !is_before { after } else { before };
    if is_telling(&words) || !suffix.is_empty() {
        return words + &suffix;
    }
    // X省, X县
    match words_after(hole, most) {
        after if after.is_empty() => hole.kind.names().0.to_owned(),
        after => format!("某{after}"),
    }
}

/// The label of a form that the hole belongs to: 签订日期 of `签订日期：____年__月__日`.
fn label(text: &str, hole: &Hole) -> Option<String> {
    let from = floor_boundary(text, hole.range.start.saturating_sub(LABEL_BYTES));
    let line = text[from..hole.range.start].rsplit(['\n', '\r']).next().unwrap_or_default();
    let before = line.trim_end().strip_suffix(['：', ':'])?;
    let start = before
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphanumeric() || is_gap(c) || "（）()、/*".contains(c))
        .last()?
        .0;
    // the labels of one line stand apart
    let label = before[start..].rsplit("   ").next().unwrap_or_default();
    // the number of a heading is no part of it
    let label = match label.split_once('、') {
        Some((number, label)) if number::whole(number).is_some() => label,
        _ => label,
    };
    let label: String = label.chars().filter(|c| c.is_alphanumeric()).take(2 * WORDS).collect();
    (label.chars().count() >= 2).then_some(label)
}

/// What stands before and behind the hole on its line; `None` for a line so long that no two will be the same.
fn line_around<'a>(text: &'a str, hole: &Hole) -> Option<(&'a str, &'a str)> {
    let from = floor_boundary(text, hole.range.start.saturating_sub(LINE_BYTES));
    let to = floor_boundary(text, hole.range.end + LINE_BYTES);
    let (before, after) = (&text[from..hole.range.start], &text[hole.range.end..to]);
    let is_end = |c: char| matches!(c, '\n' | '\r');
    let start = before.rfind(is_end).map(|at| at + 1).or_else(|| (from == 0).then_some(0))?;
    let end = after.find(is_end).or_else(|| (to == text.len()).then_some(after.len()))?;
    Some((&before[start..], &after[..end]))
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{3000}' | '\u{a0}')
}

/// What a prompt in brackets asks for.
fn prompt_words(prompt: &str) -> String {
    let inner = prompt.trim_matches(|c: char| !c.is_alphanumeric());
    let asked = inner.rsplit(['：', ':']).next().unwrap_or_default();
    let asked = ["请", "待", "填写", "补写", "补充", "写明", "填入", "此处"]
        .iter()
        .fold(asked, |asked, word| asked.strip_prefix(word).unwrap_or(asked));
    asked.chars().filter(|c| c.is_alphanumeric() || *c == '_').take(2 * WORDS).collect()
}

/// The words that end where the hole begins.
fn words_before(before: &str) -> String {
    let mut run = before.trim_end_matches(['“', '《', ' ', '（']);
    while let Some(rest) = LIGHT.iter().find_map(|light| run.strip_suffix(light)) {
        run = rest;
    }
    let words: Vec<char> =
        run.chars().rev().take_while(|&c| is_han(c) && !BREAKS.contains(c)).take(WORDS).collect();
    let words: String = words.into_iter().rev().collect();
    // 全年完成公务接待: the thing stands behind the verb
    let mut verbs = LIGHT.iter().filter(|light| light.chars().count() > 1);
    let thing = verbs.find_map(|verb| words.rsplit_once(*verb)).map(|(_, thing)| thing);
    thing.unwrap_or(&words).to_owned()
}

/// The words behind the hole and its unit, as far as they name one thing.
fn words_after(hole: &Hole, most: usize) -> String {
    let after = hole.anchor.after.trim_start_matches(' ');
    let after = match &hole.unit {
        Some(unit) => {
            after.trim_start_matches(['余', '多', '来']).strip_prefix(unit.as_str()).unwrap_or(after)
        }
        None => after,
    };
    after.chars().take_while(|&c| is_han(c) && !BREAKS.contains(c)).take(most).collect()
}

/// The part of a date that belongs in a hole before 年, 月 or 日.
fn date_part(hole: &Hole) -> Option<&'static str> {
    let parts = [("年", "年份"), ("月", "月份"), ("日", "日")];
    let part = parts.iter().find(|(part, _)| hole.anchor.after.trim_start().starts_with(part))?;
    (!hole.anchor.text.contains(['年', '月', '日'])).then_some(part.1)
}

/// What is said of the thing: how it is counted, or what of it is asked for.
fn suffix(hole: &Hole) -> String {
    let unit = hole.unit.as_deref().unwrap_or_default();
    match hole.kind {
        SlotType::Percent => match unit {
            "‰" => "千分比",
            "个百分点" => "百分点",
            _ => "百分比",
        }
        .to_owned(),
        SlotType::Count if unit.chars().count() == 1 => format!("{unit}数"),
        SlotType::Count if unit.is_empty() => "数".to_owned(),
        SlotType::Money if unit.is_empty() => "金额".to_owned(),
        SlotType::Count | SlotType::Money | SlotType::Ordinal => unit.to_owned(),
        SlotType::Date => date_part(hole).unwrap_or("日期").to_owned(),
        SlotType::Person => "姓名".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Lang;
    use crate::document::Format;
    use crate::fill::Draft;
    use crate::rule::Catalog;

    #[track_caller]
    fn assert_keys(text: &str, expected: &[&str]) {
        let rules = Catalog::builtin().unwrap().compile(Lang::Zh).unwrap();
        let draft = Draft::new(text.into(), None, Format::Plain, &rules).unwrap();
        let keys: Vec<&str> = draft.holes().iter().map(|hole| hole.key.as_str()).collect();
        assert_eq!(keys, expected);
    }

    #[test]
    fn a_key_is_made_of_the_words_around() {
        assert_keys(
            "全年完成公务接待X人次，归档率达到X%，投入资金×××万元。",
            &["公务接待人次", "归档率百分比", "投入资金万元"],
        );
        assert_keys(
            "签订日期：____年__月__日\n联系电话：________\n联 系 人：",
            &["签订日期", "联系电话", "联系人"],
        );
        assert_keys("[主送单位]：\n现将{{事项}}通知如下。", &["主送单位", "事项"]);
        assert_keys("排查廉政风险点X项，实施了X个市级项目。", &["排查廉政风险点数", "市级项目个数"]);
    }

    #[test]
    fn holes_that_stand_for_the_same_thing_share_a_key() {
        assert_keys(
            "推进X双城经济圈建设，X双城经济圈是重大战略。\n服务X双城经济圈。",
            &["双城经济圈", "双城经济圈", "双城经济圈"],
        );
        assert_keys("发扬“x精神”，弘扬“x精神”。", &["精神", "精神"]);
        assert_keys("{{name}}同志：\n请{{name}}到会。", &["name", "name"]);
    }

    #[test]
    fn holes_that_may_stand_for_different_things_do_not() {
        assert_keys("四X省和四X日报", &["某省", "日报"]);
        assert_keys("接待X人次，接待X人次。", &["接待人次", "接待人次-2"]);
        assert_keys(
            "2018年市政府门户网站在全省排第X位，继续保持领先。\n2019年市政府门户网站在全省排第X位，继续保持领先。",
            &["全省排位", "全省排位-2"],
        );
        assert_keys(
            "本人（姓名）系（供应商名称）的法定代表人，现委托（姓名）为我方代理人。",
            &["姓名", "供应商名称", "姓名-2"],
        );
    }
}
