//! Dates and their parts: which of them belong in a hole, and whether a value is one that exists.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::number::whole;
use crate::rule::Wording;

/// A part of a date or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Quarter,
    Hour,
    Minute,
}

impl Part {
    /// The part that the words behind a hole name.
    fn named_by(after: &str) -> Option<Self> {
        let named = [
            ("年", Self::Year),
            ("月", Self::Month),
            ("日", Self::Day),
            ("号", Self::Day),
            ("季度", Self::Quarter),
            ("时", Self::Hour),
            ("点", Self::Hour),
            ("分", Self::Minute),
        ];
        let after = after.trim_start();
        named.into_iter().find(|(word, _)| after.starts_with(word)).map(|(_, part)| part)
    }

    /// The name, and the least and the greatest number.
    fn bounds(self) -> (Wording, u32, u32) {
        match self {
            Self::Year => (Wording::new("年份", "a year"), 1, 9999),
            Self::Month => (Wording::new("月份", "a month"), 1, 12),
            Self::Day => (Wording::new("日", "a day"), 1, 31),
            Self::Quarter => (Wording::new("季度", "a quarter"), 1, 4),
            Self::Hour => (Wording::new("小时", "an hour"), 0, 24),
            Self::Minute => (Wording::new("分钟", "a minute"), 0, 59),
        }
    }
}

/// Whether `value` belongs in a hole that holds `mask` and is followed by `after`; else what does.
pub(super) fn check(value: &str, mask: &str, after: &str) -> Result<(), Wording> {
    let has_unit = mask.contains(['年', '月', '日', '号', '时', '点', ':', '：']);
    if !has_unit && let Some(part) = Part::named_by(after) {
        // 20xx—20xx, with its 年 behind it
        return if is_span(mask) { check_span(value) } else { check_part(value, part) };
    }
    if is_span(mask) {
        return check_span(value);
    }
    if is_date(value) || is_time(value) {
        return Ok(());
    }
    Err(Wording::new(
        "应为实际存在的日期，如“2026年3月1日”",
        "expected a date that exists, such as 2026年3月1日",
    ))
}

fn check_part(value: &str, part: Part) -> Result<(), Wording> {
    let (name, least, most) = part.bounds();
    if whole(value).is_some_and(|number| (least..=most).contains(&number)) {
        return Ok(());
    }
    Err(Wording::new(
        format!("应为{}：{least} 到 {most} 的一个数（后面的字稿件里已经有了）", name.zh),
        format!(
            "expected {}: a number from {least} to {most} (what follows it is in the draft already)",
            name.en
        ),
    ))
}

fn is_span(mask: &str) -> bool {
    mask.contains(['—', '–', '－', '~', '～', '-', '至', '到'])
}

/// A span of years: two of them, with something between.
fn check_span(value: &str) -> Result<(), Wording> {
    let ends: Vec<&str> =
        value.split(['—', '–', '－', '~', '～', '-', '至', '到']).filter(|end| !end.is_empty()).collect();
    let years: Option<Vec<u32>> =
        ends.iter().map(|end| whole(end.trim().trim_end_matches(['年', '度']))).collect();
    match years.as_deref() {
        Some([from, to]) if from <= to => Ok(()),
        _ => Err(Wording::new("应为起止年份，如“2021—2025”", "expected a span of years, such as 2021—2025")),
    }
}

/// A numeral of a part of a date.
const NUMERAL: &str = "([0-9０-９]+|[〇零○一二三四五六七八九十]+)";

fn is_date(value: &str) -> bool {
    static CHINESE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let time = "(?:上午|下午|晚上|晚)?(?:[0-9]{1,2}[:：][0-9]{2}|[0-9]{1,2}[时点](?:[0-9]{1,2}分|半)?)";
        Regex::new(&format!("^(?:{NUMERAL}年度?)?(?:{NUMERAL}月份?)?(?:{NUMERAL}[日号])?\\s*(?:{time})?$"))
            .ok()
    });
    static PLAIN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("^([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?$").ok());
    let compact: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    [&CHINESE, &PLAIN]
        .into_iter()
        .filter_map(|form| form.as_ref()?.captures(&compact))
        .any(|found| exists(&found))
}

/// Whether the year, month and day that are given can be together, and at least one is.
fn exists(found: &Captures<'_>) -> bool {
    let part = |group: usize| found.get(group).map(|part| whole(part.as_str()).unwrap_or(0));
    let (year, month, day) = (part(1), part(2), part(3));
    let days = match (month, year) {
        (Some(4 | 6 | 9 | 11), _) => 30,
        (Some(2), Some(year)) if year % 4 != 0 || year % 100 == 0 && year % 400 != 0 => 28,
        (Some(2), _) => 29,
        _ => 31,
    };
    (year.is_some() || month.is_some() || day.is_some())
        && year.is_none_or(|year| (1..=9999).contains(&year))
        && month.is_none_or(|month| (1..=12).contains(&month))
        && day.is_none_or(|day| (1..=days).contains(&day))
}

/// 9:30, 9：30, 9时30分.
fn is_time(value: &str) -> bool {
    let numbers: Vec<&str> = value.trim().trim_end_matches('分').split([':', '：', '时', '点']).collect();
    match numbers[..] {
        [hour, minute] => {
            whole(hour).is_some_and(|hour| hour <= 24)
                && (minute.is_empty() || whole(minute).is_some_and(|minute| minute < 60))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_fits(mask: &str, after: &str, good: &[&str], bad: &[&str]) {
        for value in good {
            assert_eq!(check(value, mask, after), Ok(()), "{value}");
        }
        for value in bad {
            assert!(check(value, mask, after).is_err(), "{value}");
        }
    }

    #[test]
    fn a_whole_date_is_one_that_exists() {
        assert_fits(
            "X年X月X日",
            "起",
            &[
                "2026年3月1日",
                "2024年2月29日",
                "二〇二六年三月一日",
                "2026-03-01",
                "2026.3.1",
                "2026年3月",
                "3月1日 9:30",
            ],
            &["2026年2月29日", "2026年13月1日", "4月31日", "2026-00-10", "明天", "2026", ""],
        );
    }

    #[test]
    fn a_part_of_a_date_is_a_number_within_bounds() {
        assert_fits("20××", "年", &["2026", "二〇二六"], &["2026年", "两千多", "0"]);
        assert_fits("X", "月", &["1", "12", "十二"], &["0", "13", "3月", "1.5"]);
        assert_fits("X", "日召开", &["1", "31"], &["32"]);
        assert_fits("X", "季度", &["1", "四"], &["5"]);
    }

    #[test]
    fn a_span_is_two_years_in_order() {
        assert_fits(
            "20xx—20xx年",
            "度",
            &["2021—2025年", "2021-2025年", "2021至2025年"],
            &["2021", "2025—2021年"],
        );
        assert_fits("x—x", "年", &["2021—2025"], &["很久"]);
    }

    #[test]
    fn a_time_of_day_is_one_too() {
        assert_fits("XX:00", "", &["9:30", "14：00", "9时", "9时30分"], &["25:00", "9:75"]);
    }
}
