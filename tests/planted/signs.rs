//! Spoils single characters: lost, doubled, typed in half width; and leaves words of a website in the text.
//!
//! Left out are questions, whose mark may be real, and numbers, which belong to a series.

use std::ops::Range;

use regex::Regex;

use crate::plant::{Draft, Plant};
use crate::random::Random;

/// What is spoilt, by what, and the rule that should see it.
struct Slip {
    name: &'static str,
    /// Finds it: the first group.
    pattern: &'static str,
    by: &'static str,
    rule: &'static str,
}

const SLIPS: &[Slip] = &[
    Slip {
        name: "character",
        pattern: r"\p{Han}([\p{Han}--[一二三四五六七八九十是]])\p{Han}",
        by: "\u{fffd}",
        rule: "text/garbled",
    },
    Slip {
        name: "character",
        pattern: r"\p{Han}([\p{Han}--[一二三四五六七八九十是]])\p{Han}",
        by: "锟斤拷",
        rule: "text/garbled",
    },
    Slip {
        name: "dot",
        pattern: r"[\p{Han}--[一二三四五六七八九十]](、)\p{Han}",
        by: "?",
        rule: "text/garbled",
    },
    Slip { name: "comma", pattern: r"\p{Han}(，)\p{Han}", by: "，，", rule: "text/doubled" },
    Slip { name: "stop", pattern: r"\p{Han}(。)", by: "。。", rule: "text/doubled" },
    Slip { name: "comma", pattern: r"\p{Han}(，)\p{Han}", by: ",", rule: "text/half-width" },
    Slip { name: "semicolon", pattern: r"\p{Han}(；)\p{Han}", by: ";", rule: "text/half-width" },
];

/// What websites leave after a paragraph.
const RESIDUE: &[&str] = &[
    "下面是小编为大家整理的讲话稿，供大家参考。",
    "本文来源：网络，转载请注明出处。",
    "希望这份讲话稿对您有所帮助！",
];

/// How many places are spoilt in each draft by each slip.
const SITES: usize = 4;

/// All slips that a draft has room for.
pub(crate) fn plants(draft: &Draft) -> Vec<Plant<'_>> {
    let mut plants = Vec::new();
    for slip in SLIPS {
        let mut random = Random::for_purpose(&format!("{} for a {} in {}", slip.by, slip.name, draft.name));
        for site in random.some_of(sites(draft, slip), SITES) {
            let plant = Plant::new(draft, slip.by, slip.name).replace(site.clone(), slip.by);
            plants.push(plant.expect(slip.rule, site));
        }
    }
    let after = draft.lines.iter().filter(|line| draft.can_go_on_after(line)).map(|line| line.range.end);
    for (end, words) in after.zip(RESIDUE.iter().cycle()).take(SITES) {
        let plant =
            Plant::new(draft, "residue", "paragraph").replace(end..end, draft.as_new_paragraph(words));
        plants.push(plant.expect("text/residue", end..end));
    }
    plants
}

/// Where a slip can happen in the prose of a draft.
fn sites(draft: &Draft, slip: &Slip) -> Vec<Range<usize>> {
    let pattern = Regex::new(slip.pattern).unwrap();
    let mut sites = Vec::new();
    for line in draft.lines.iter().filter(|line| line.is_paragraph) {
        let text = &draft.text[line.range.clone()];
        if text.contains(['？', '吗', '么', '何']) {
            continue;
        }
        for found in pattern.captures_iter(text) {
            let range = found.get(1).unwrap().range();
            sites.push(line.range.start + range.start..line.range.start + range.end);
        }
    }
    sites
}
