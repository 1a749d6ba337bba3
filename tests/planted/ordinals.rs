//! Spoils series of ordinals: an item lost, a number written twice, two swapped, a first one gone, the wording changed.
//!
//! Right are, besides the rule of the defect's own name:
//!
//! | defect               | also right       | why                                                             |
//! |----------------------|------------------|-----------------------------------------------------------------|
//! | order, first two     | `sequence/start` | 二是…一是 begins at 二是, whatever comes next                    |
//!
//! A series that is announced (三点意见) and broken is one finding, that of the break: with the numbers wrong, nobody
//! knows how many items there are. Only a series that is whole but too short or too long is a miscount.

use std::ops::Range;

use regex::Regex;

use crate::plant::{Draft, Line, Plant};

/// A kind of ordinal.
struct Family {
    name: &'static str,
    marker: fn(u32) -> String,
    stands: Stands,
    /// What a writer falls into who loses the thread: after 一要, 二要 comes 四是.
    slips_into: Option<fn(u32) -> String>,
}

/// Where the markers of a family stand.
#[derive(Clone, Copy, PartialEq)]
enum Stands {
    /// At the beginning of a line.
    Line,
    /// After any punctuation as well.
    Clause,
}

const FAMILIES: &[Family] = &[
    Family { name: "一、", marker: |n| han(n) + "、", stands: Stands::Line, slips_into: None },
    Family {
        name: "（一）", marker: |n| format!("（{}）", han(n)), stands: Stands::Line, slips_into: None
    },
    Family { name: "1.", marker: |n| format!("{n}."), stands: Stands::Line, slips_into: None },
    Family { name: "1、", marker: |n| format!("{n}、"), stands: Stands::Line, slips_into: None },
    Family { name: "（1）", marker: |n| format!("（{n}）"), stands: Stands::Line, slips_into: None },
    Family { name: "(1)", marker: |n| format!("({n})"), stands: Stands::Clause, slips_into: None },
    Family { name: "①", marker: circled, stands: Stands::Clause, slips_into: None },
    Family {
        name: "第X章", marker: |n| format!("第{}章", han(n)), stands: Stands::Line, slips_into: None
    },
    Family {
        name: "第X条", marker: |n| format!("第{}条　", han(n)), stands: Stands::Line, slips_into: None
    },
    Family {
        name: "一是",
        marker: |n| han(n) + "是",
        stands: Stands::Clause,
        slips_into: Some(|n| han(n) + "要"),
    },
    Family {
        name: "一要",
        marker: |n| han(n) + "要",
        stands: Stands::Clause,
        slips_into: Some(|n| han(n) + "是"),
    },
    Family {
        name: "第一，",
        marker: |n| format!("第{}，", han(n)),
        stands: Stands::Clause,
        slips_into: Some(|n| han(n) + "是"),
    },
    Family {
        name: "其一，",
        marker: |n| format!("其{}，", han(n)),
        stands: Stands::Clause,
        slips_into: Some(|n| format!("第{}，", han(n))),
    },
];

/// The largest number in the drafts, and two more.
const MAX: u32 = 18;

/// A Chinese number below twenty.
fn han(n: u32) -> String {
    let digit = |n: u32| ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"][n as usize];
    if n < 10 { digit(n).to_owned() } else { format!("十{}", digit(n - 10)) }
}

fn circled(n: u32) -> String {
    char::from_u32('①' as u32 + n - 1).unwrap().to_string()
}

/// A series of a sound draft: where its markers 1, 2, 3 … stand.
struct Series {
    family: &'static Family,
    items: Vec<Range<usize>>,
}

/// All defects of ordinals that a draft has room for.
pub(crate) fn plants(draft: &Draft) -> Vec<Plant<'_>> {
    let all: Vec<Series> = FAMILIES.iter().flat_map(|family| series(draft, family)).collect();
    let mut plants = Vec::new();
    for series in &all {
        plants.push(without_first(draft, series));
        if series.items.len() > 2 {
            for at in 1..series.items.len() {
                plants.push(skipped(draft, series, at));
                plants.push(twice(draft, series, at));
                plants.push(swapped(draft, series, at));
                plants.extend(cut(draft, series, at, &all));
                plants.extend(mixed(draft, series, at));
            }
        }
        plants.extend(miscounted(draft, series));
        plants.extend(too_short(draft, series));
    }
    plants
}

/// The series of a family. In these drafts no series stands inside another of its own family.
fn series(draft: &Draft, family: &'static Family) -> Vec<Series> {
    let mut found: Vec<Series> = Vec::new();
    for line in &draft.lines {
        for (number, marker) in markers(draft, family, line) {
            match found.last_mut() {
                _ if number == 1 => found.push(Series { family, items: vec![marker] }),
                Some(open) if open.items.len() + 1 == number as usize => open.items.push(marker),
                _ => {}
            }
        }
    }
    found.retain(|series| series.items.len() > 1);
    found
}

/// The markers of a family in a line, with their numbers.
fn markers(draft: &Draft, family: &Family, line: &Line) -> Vec<(u32, Range<usize>)> {
    let text = &draft.text[line.range.clone()];
    let mut found = Vec::new();
    for number in 1..MAX {
        let marker = (family.marker)(number);
        for (at, _) in text.match_indices(&marker) {
            let before = text[..at].trim_end();
            let opens_line = before.is_empty() || before == "附件：";
            let opens_clause = before.ends_with(['。', '；', '：', '，', ':', ';']);
            let decimal =
                text[at + marker.len()..].starts_with(|c: char| c.is_ascii_digit()) && marker.ends_with('.');
            if (opens_line || family.stands == Stands::Clause && opens_clause) && !decimal {
                let start = line.range.start + at;
                found.push((number, start..start + marker.len()));
            }
        }
    }
    found.sort_by_key(|(_, marker)| marker.start);
    found
}

/// The number of the item at an index.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap() + 1
}

/// 一是 [] 三是: an item is lost, with all that stands beneath it.
fn cut<'a>(draft: &'a Draft, series: &Series, at: usize, all: &[Series]) -> Option<Plant<'a>> {
    let (item, next) = (&series.items[at], series.items.get(at + 1)?);
    let lost = item.start..next.start;
    // a cut that takes along a heading of a series around this one is more than one defect
    let around = all.iter().filter(|other| other.items[0].start < item.start);
    let torn = around
        .flat_map(|other| &other.items)
        .any(|marker| lost.contains(&marker.start) && marker.start != item.start);
    (!torn && balanced(&draft.text[lost.clone()])).then(|| {
        Plant::new(draft, "missing, cut", series.family.name)
            .replace(lost, "")
            .expect("sequence/missing", next.clone())
    })
}

/// 一是 二是 四是: the text is there, a number is left out.
fn skipped<'a>(draft: &'a Draft, series: &Series, at: usize) -> Plant<'a> {
    renumbered(draft, series, at, "missing", series.family.marker)
        .expect("sequence/missing", series.items[at].clone())
}

/// 一要 二要 四是: a number is left out, and the wording changes.
fn mixed<'a>(draft: &'a Draft, series: &Series, at: usize) -> Option<Plant<'a>> {
    let marker = series.family.slips_into?;
    // where a 一是 stands inside an item, 四是 is rather the fourth of that series
    let whole = &draft.text[series.items[0].start..series.items.last()?.end];
    (!whole.contains(&marker(1))).then(|| {
        renumbered(draft, series, at, "mixed", marker).expect("sequence/mixed", series.items[at].clone())
    })
}

/// Writes the items from `at` on with numbers one too large.
fn renumbered<'a>(
    draft: &'a Draft,
    series: &Series,
    at: usize,
    defect: &'static str,
    marker: fn(u32) -> String,
) -> Plant<'a> {
    let plant = Plant::new(draft, defect, series.family.name);
    let items = series.items.iter().enumerate().skip(at);
    items.fold(plant, |plant, (at, item)| plant.replace(item.clone(), marker(number(at) + 1)))
}

/// 一是 二是 二是 四是.
fn twice<'a>(draft: &'a Draft, series: &Series, at: usize) -> Plant<'a> {
    let (last, item) = (&series.items[at - 1], &series.items[at]);
    Plant::new(draft, "duplicate", series.family.name)
        .replace(item.clone(), (series.family.marker)(number(at) - 1))
        .expect("sequence/duplicate", last.start..item.end)
}

/// 一是 三是 二是 四是.
fn swapped<'a>(draft: &'a Draft, series: &Series, at: usize) -> Plant<'a> {
    let (last, item) = (&series.items[at - 1], &series.items[at]);
    let plant = Plant::new(draft, "order", series.family.name)
        .replace(last.clone(), (series.family.marker)(number(at)))
        .replace(item.clone(), (series.family.marker)(number(at) - 1))
        .expect("sequence/order", last.start..item.end);
    if at == 1 { plant.expect("sequence/start", last.clone()) } else { plant }
}

/// 〔一是〕 二是 三是: the text of the first item is there, its number is not.
fn without_first<'a>(draft: &'a Draft, series: &Series) -> Plant<'a> {
    Plant::new(draft, "start", series.family.name)
        .replace(series.items[0].clone(), "")
        .expect("sequence/start", series.items[1].clone())
}

/// The number of items that is announced right before a series: the 三 of 三点意见.
fn announced(draft: &Draft, series: &Series) -> Option<Range<usize>> {
    let pattern =
        Regex::new(r"([两二三四五六七八九十])(?:个方面|个|条|点|项|类)[^，。；：\d]{0,6}[：。]\s*[#\s]*$")
            .unwrap();
    let before = &draft.text[..series.items[0].start];
    Some(pattern.captures(before)?.get(1)?.range())
}

/// 四点意见 with three items.
fn miscounted<'a>(draft: &'a Draft, series: &Series) -> Option<Plant<'a>> {
    let announced = announced(draft, series)?;
    let wrong = han(number(series.items.len()));
    let plant = Plant::new(draft, "count", series.family.name);
    Some(plant.replace(announced.clone(), wrong).expect("sequence/count", announced))
}

/// 三点意见 with two items: the last one is lost.
fn too_short<'a>(draft: &'a Draft, series: &Series) -> Option<Plant<'a>> {
    let announced = announced(draft, series)?;
    let last = series.items.last()?;
    let line = draft.lines.iter().find(|line| line.range.contains(&last.start))?;
    let end = last.end + draft.text[last.end..line.range.end].find('。')?;
    let whole_in_a_sentence = series.items.len() > 2 && line.range.contains(&series.items[0].start);
    let start = draft.text[..last.start].strip_suffix(['；', '，'])?.len();
    (whole_in_a_sentence && balanced(&draft.text[start..end])).then(|| {
        Plant::new(draft, "count, cut", series.family.name)
            .replace(start..end, "")
            .expect("sequence/count", announced)
    })
}

/// Whether a text has as many opening quotes and brackets as closing ones.
fn balanced(text: &str) -> bool {
    ["“”", "‘’", "（）", "《》"].iter().all(|pair| {
        let mut marks = pair.chars().map(|mark| text.matches(mark).count());
        marks.next() == marks.next()
    })
}
