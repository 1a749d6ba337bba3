//! Takes facts out of a draft and leaves what writers leave in their place: X, ××, ____, 某某, 待定, a gap.
//!
//! Markdown knows `**` and `____` as its own marks, so these are planted in plain text only.

use std::ops::Range;

use regex::Regex;

use crate::plant::{Draft, Plant};
use crate::random::Random;

/// What is taken out, and what is left in its place.
struct Fact {
    name: &'static str,
    /// Finds it: the first group, or all where there is none.
    pattern: &'static str,
    masks: &'static [Mask],
}

/// A mask and the rule that should see it.
struct Mask {
    text: &'static str,
    rule: &'static str,
}

const fn sign(text: &'static str) -> Mask {
    Mask { text, rule: "placeholder/mask" }
}

const fn blank(text: &'static str) -> Mask {
    Mask { text, rule: "placeholder/blank" }
}

const fn anonymous(text: &'static str) -> Mask {
    Mask { text, rule: "placeholder/anonymous" }
}

const fn todo(text: &'static str) -> Mask {
    Mask { text, rule: "placeholder/todo" }
}

/// Signs that stand for any fact.
const SIGNS: [Mask; 8] =
    [sign("X"), sign("XX"), sign("x"), sign("xx"), sign("××"), sign("×××"), sign("＊＊"), sign("**")];

const FACTS: &[Fact] = &[
    Fact {
        name: "count",
        pattern: r"[\p{Han}，、](\d+(?:\.\d+)?)(?:个[^百工]|户|名|人次|件|份|场|栋|座|处|公里|万平方米|间)",
        masks: &SIGNS,
    },
    Fact {
        name: "count",
        pattern: r"[\p{Han}，、](\d+(?:\.\d+)?)(?:个[^百工]|户|名|人次|件|份|公里)",
        masks: &[blank("____")],
    },
    Fact { name: "money", pattern: r"\p{Han}(\d+(?:\.\d+)?)[万亿]?元", masks: &SIGNS },
    Fact {
        name: "money",
        pattern: r"\p{Han}(\d+(?:\.\d+)?)[万亿]?元",
        masks: &[blank("    "), blank("____")],
    },
    Fact { name: "percent", pattern: r"\p{Han}(\d+(?:\.\d+)?)%", masks: &SIGNS },
    Fact { name: "percent", pattern: r"\p{Han}(\d+(?:\.\d+)?)%", masks: &[blank("____")] },
    Fact {
        name: "date",
        pattern: r"\d{4}年\d{1,2}月\d{1,2}日",
        masks: &[
            sign("X年X月X日"),
            sign("2026年X月X日"),
            sign("××××年×月×日"),
            sign("20××年×月×日"),
            sign("2026年3月×日"),
            sign("2026年xx月xx日"),
            blank("    年  月  日"),
            blank("2026年  月  日"),
            blank("____年__月__日"),
        ],
    },
    Fact {
        name: "day",
        pattern: r"(?:[\p{Han}，。（]|^)(\d{1,2}月\d{1,2}日)",
        masks: &[
            sign("X月X日"),
            sign("×月×日"),
            sign("xx月xx日"),
            sign("＊月＊日"),
            sign("**月**日"),
            sign("3月X日"),
        ],
    },
    Fact {
        name: "year",
        pattern: r"(?:[\p{Han}，。（　]|^)(\d{4})年",
        masks: &[sign("20××"), sign("20XX"), sign("20xx"), sign("202X"), sign("202×"), sign("20＊＊")],
    },
    Fact {
        name: "person",
        pattern: PEOPLE,
        masks: &[sign("×××"), sign("XXX"), sign("xxx"), sign("xx"), sign("＊＊＊")],
    },
    Fact { name: "person", pattern: PEOPLE, masks: &[sign("***"), blank("____"), anonymous("某某")] },
    Fact { name: "place", pattern: PLACES, masks: &SIGNS },
    Fact { name: "place", pattern: PLACES, masks: &[blank("____"), anonymous("某某")] },
    Fact {
        name: "title",
        pattern: r"《([^《》]+)》",
        masks: &[
            sign("×××"),
            sign("××××"),
            sign("XXX"),
            sign("xxx"),
            sign("＊＊＊"),
            sign("***"),
            blank("____"),
        ],
    },
    Fact { name: "title", pattern: r"《[^《》]+》", masks: &[blank("《》"), blank("《　》")] },
    Fact { name: "field", pattern: FIELDS, masks: &[sign("×××"), sign("XXX"), sign("xxx")] },
    Fact {
        name: "field",
        pattern: FIELDS,
        masks: &[blank("____"), todo("待定"), todo("待补充"), todo("TODO")],
    },
    // a note after the fact, which stays
    Fact {
        name: "note",
        pattern: r"\p{Han}\d+(?:\.\d+)?(?:个|户|名|件|万元|亿元|公里)()[，。；]",
        masks: &[todo("（待核实）"), todo("（待补充）"), todo("（待定）"), todo("（TODO）")],
    },
];

/// People of the drafts where a post or the word for comrade stands beside the name.
const PEOPLE: &str = r"(?:局长|书记|市长|院长|主任|站长|主持：|记者|联系人：|请)(周海平|何秀兰|梁国栋|孙立群|韩雪梅|宋长河|陶静|贺晓东|石磊|冯玉珍|严松)(?:同志|先后|举起|、|；|，|宣读)";

/// Places of the drafts, before the word for what they are.
const PLACES: &str = r"(?:^|[\p{Han}，。、；（　])(清河|临江|柳溪|云岭|石桥|白鹤|白塔)(?:县|市|镇|村|水库)";

/// Values of labelled fields.
const FIELDS: &str = r"^\s*(?:时间|地点|主持|法定代表人|签订日期|合同编号)：([^，。；（]+)$";

/// How many facts of a kind are masked in each draft with each mask.
const SITES: usize = 4;

/// All masks that a draft has room for.
pub(crate) fn plants(draft: &Draft) -> Vec<Plant<'_>> {
    let mut plants = Vec::new();
    for fact in FACTS {
        let sites = sites(draft, fact);
        for mask in fact.masks {
            if draft.is_markdown() && mask.text.contains(['*', '_']) {
                continue;
            }
            let mut random =
                Random::for_purpose(&format!("{} as {} in {}", mask.text, fact.name, draft.name));
            for site in random.some_of(sites.clone(), SITES) {
                let plant = Plant::new(draft, mask.text, fact.name).replace(site.clone(), mask.text);
                plants.push(plant.expect(mask.rule, around(draft, &site)));
            }
        }
    }
    plants.extend(draft.lines.iter().filter(|line| draft.can_go_on_after(line)).map(|line| {
        let end = line.range.end;
        Plant::new(draft, "…………", "paragraph")
            .replace(end..end, draft.as_new_paragraph("…………………………"))
            .expect("placeholder/elision", end..end)
    }));
    plants
}

/// Where a kind of fact stands in the prose of a draft.
fn sites(draft: &Draft, fact: &Fact) -> Vec<Range<usize>> {
    let pattern = Regex::new(fact.pattern).unwrap();
    let mut sites = Vec::new();
    for line in &draft.lines {
        for found in pattern.captures_iter(&draft.text[line.range.clone()]) {
            let range = found.get(1).or_else(|| found.get(0)).unwrap().range();
            sites.push(line.range.start + range.start..line.range.start + range.end);
        }
    }
    sites
}

/// A site and the character after it: of a gap before 元 the finding may be the gap, the 元 or both.
fn around(draft: &Draft, site: &Range<usize>) -> Range<usize> {
    let next = draft.text[site.end..].chars().next().map_or(0, char::len_utf8);
    site.start..site.end + next
}
