//! Whether a value is of the type that a hole asks for.

use super::{Hole, date, number};
use crate::rule::Wording;
use crate::slot::SlotType;

/// Checks `value` against what belongs in a hole; `kind` is what the values file says that is.
///
/// # Errors
/// What is expected instead, in words that follow the value.
pub(super) fn check(value: &str, hole: &Hole, kind: SlotType) -> Result<(), Wording> {
    characters(value, kind)?;
    let repeats_unit = hole.unit.as_deref().is_some_and(|unit| value.trim_end().ends_with(unit));
    let number = || number::value(value);
    match kind {
        SlotType::Count | SlotType::Ordinal if number().is_some() => Ok(()),
        SlotType::Percent if number().is_some_and(|value| (0.0..=100.0).contains(&value)) => Ok(()),
        SlotType::Money if amount(value, hole).is_some() => Ok(()),
        SlotType::Date => date::check(value, &hole.anchor.text, &hole.anchor.after),
        SlotType::Count | SlotType::Ordinal | SlotType::Percent | SlotType::Money if repeats_unit => {
            let unit = hole.unit.as_deref().unwrap_or_default();
            Err(Wording::new(
                format!("只写数，稿件里已经有“{unit}”"),
                format!("expected only the number: {unit} is in the draft already"),
            ))
        }
        SlotType::Percent => Err(Wording::new(
            "应为 0 到 100 的数；如果确实超出，把这一处的 type 改为 \"count\"",
            "expected a number from 0 to 100; if it is meant to be beyond, set the type of this place to \"count\"",
        )),
        SlotType::Count => Err(Wording::new(
            "应为数，如“1200”“1.2万”“一千二百”",
            "expected a number, such as 1200, 1.2万 or 一千二百",
        )),
        SlotType::Ordinal => Err(Wording::new("应为数，如“3”“三”", "expected a number, such as 3 or 三")),
        SlotType::Money => Err(Wording::new(
            "应为金额，如“1,200.50”“壹万贰仟”",
            "expected an amount, such as 1,200.50 or 壹万贰仟",
        )),
        _ => Ok(()),
    }
}

/// An amount of money. Where the draft has no unit behind the hole, the value may bring one.
fn amount(value: &str, hole: &Hole) -> Option<f64> {
    if hole.unit.is_some() {
        return number::value(value);
    }
    let bare = value.trim().trim_start_matches("人民币").trim_start_matches(['￥', '¥']);
    let bare = ["元整", "圆整", "元", "圆"].iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare);
    number::value(bare)
}

/// No value holds what would change how the draft is read, and only text can go over several lines.
fn characters(value: &str, kind: SlotType) -> Result<(), Wording> {
    let is_line_end = |c: char| matches!(c, '\n' | '\r');
    let unseen = |c: char| c == '\u{feff}' || c.is_control() && c != '\t' && !is_line_end(c);
    if let Some(c) = value.chars().find(|&c| unseen(c)) {
        let code = c.escape_unicode();
        return Err(Wording::new(
            format!("含有控制字符 {code}"),
            format!("has a control character in it, {code}"),
        ));
    }
    let takes_lines = matches!(
        kind,
        SlotType::Phrase | SlotType::Prompt | SlotType::Todo | SlotType::Elision | SlotType::Field
    );
    if value.contains(is_line_end) && !takes_lines {
        return Err(Wording::new("应当只有一行", "expected one line"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::Anchor;
    use crate::text::TextRange;

    #[track_caller]
    fn assert_fits(kind: SlotType, unit: Option<&str>, good: &[&str], bad: &[&str]) {
        let range = TextRange::new(0, 0);
        let unit = unit.map(str::to_owned);
        let anchor = Anchor::default();
        let hole = Hole { key: String::new(), kind, unit, required: true, range, found: range, anchor };
        for value in good {
            assert_eq!(check(value, &hole, kind), Ok(()), "{value}");
        }
        for value in bad {
            assert!(check(value, &hole, kind).is_err(), "{value}");
        }
    }

    #[test]
    fn values_fit_their_types() {
        assert_fits(
            SlotType::Count,
            Some("人次"),
            &["1200", "1.2万", "一千二百", "3000余"],
            &["很多", "1200人次", "12\n"],
        );
        assert_fits(
            SlotType::Percent,
            Some("%"),
            &["0", "98.6", "100", "九十八点六"],
            &["101", "-1", "98%", "多数"],
        );
        assert_fits(SlotType::Money, Some("万元"), &["1,200.50", "三百"], &["1,20", "三百万元"]);
        assert_fits(SlotType::Money, None, &["￥1200元", "壹万贰仟元整"], &["若干"]);
        assert_fits(SlotType::Ordinal, Some("届"), &["3", "十四"], &["第三"]);
        assert_fits(SlotType::Person, None, &["李明", "阿依古丽·买买提"], &["李明\n王芳", "李\u{0}明"]);
        assert_fits(SlotType::Elision, None, &["一\n二\n三"], &["\u{feff}一", "\u{1b}[31m"]);
    }
}
