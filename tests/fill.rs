//! What holds for every draft and all values: outside the slots no byte changes, and the masks themselves, filled in,
//! give the draft back.

use std::sync::OnceLock;

use dinggao::diagnostic::Lang;
use dinggao::document::Format;
use dinggao::fill::Draft;
use dinggao::rule::{Catalog, RuleSet};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What drafts with holes are made of.
const PIECES: &[&str] = &[
    "全年完成公务接待X人次",
    "，归档率达到x%",
    "投入资金×××万元，",
    "20××年",
    "X月X日召开，",
    "请×××主持。",
    "下发《关于××××的意见》。",
    "推进X双城经济圈建设",
    "根据《　》的规定，",
    "合同总价为____元。",
    "自    年  月  日起",
    "（大写）人民币元整（￥.00元）",
    "会议时间：待定。",
    "某某同志",
    "{{name}}",
    "[主送单位]：",
    "**X**项",
    "第&times;届",
    "\n联系人：",
    "\n出租方（甲方）：          联系方式：      \n",
    "\n法定代表人（签字）：________\n",
    "\n……………………\n",
    "研究部署，€",
    "draft 7 ",
    "“",
    "”",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    "　",
];

/// Characters that not every encoding has.
const RARE: &[&str] = &["𠀀", "e\u{301}", "👍🏽", "\u{e7c7}", "\u{feff}"];

const ENCODINGS: &[(&str, bool)] = &[
    ("utf-8", false),
    ("utf-8", true),
    ("utf-16le", false),
    ("utf-16le", true),
    ("utf-16be", false),
    ("utf-16be", true),
    ("gb18030", false),
    ("gb18030", true),
    ("gbk", false),
    ("big5", false),
];

fn draft() -> impl Strategy<Value = String> {
    let piece = prop_oneof![12 => select(PIECES), 1 => select(RARE)];
    vec(piece, 0..32).prop_map(|pieces| pieces.concat().trim_start_matches('\u{feff}').to_owned())
}

fn value() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        1 => Just(None),
        3 => "[一-龥0-9Xx×，。“”《》 ]{0,12}".prop_map(Some),
        1 => any::<String>().prop_map(Some),
    ]
}

/// The bytes of a text; `None` if the encoding lacks one of its characters.
fn encode(text: &str, (label, bom): (&str, bool)) -> Option<Vec<u8>> {
    let text = format!("{}{text}", if bom { "\u{feff}" } else { "" });
    match label {
        "utf-16le" => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        "utf-16be" => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        _ => {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("an encoding");
            let (bytes, _, lossy) = encoding.encode(&text);
            (!lossy).then(|| bytes.into_owned())
        }
    }
}

fn read(bytes: Vec<u8>, label: &str, format: Format) -> Draft {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    let rules =
        || Catalog::builtin().and_then(|catalog| catalog.compile(Lang::Zh)).expect("the rules are sound");
    let asked = Some(label.parse().expect("an encoding"));
    Draft::new(bytes, asked, format, RULES.get_or_init(rules)).expect("a draft")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn outside_the_slots_no_byte_changes(
        text in draft(),
        values in vec(value(), 48),
        encoding in select(ENCODINGS),
        format in select(&[Format::Plain, Format::Markdown][..]),
    ) {
        let Some(bytes) = encode(&text, encoding) else { return Ok(()) };
        let draft = read(bytes, encoding.0, format);
        let holes = draft.holes();
        let values: Vec<Option<&str>> = (0..holes.len()).map(|hole| values[hole % values.len()].as_deref()).collect();
        let Ok(filled) = draft.fill(&values) else { return Ok(()) };
        let mut rest = &filled[..];
        let mut done = 0;
        for (hole, value) in holes.iter().zip(&values) {
            let Some(value) = value else { continue };
            // what stands between two holes is there, to the byte
            let between = encode(&draft.text()[done..hole.range.start], (encoding.0, encoding.1 && done == 0)).expect("encoded");
            prop_assert!(rest.starts_with(&between));
            rest = &rest[between.len()..];
            let line_end = ["\r\n", "\r", "\n"].into_iter().filter_map(|end| Some((draft.text().find(end)?, end))).min_by_key(|(at, end)| (*at, 2 - end.len()));
            let lines = value.replace("\r\n", "\n").replace('\r', "\n").replace('\n', line_end.map_or("\n", |(_, end)| end));
            let written = encode(&lines, (encoding.0, false)).expect("it was written");
            prop_assert!(rest.starts_with(&written));
            rest = &rest[written.len()..];
            done = hole.range.end;
        }
        let tail = encode(&draft.text()[done..], (encoding.0, encoding.1 && done == 0)).expect("encoded");
        prop_assert_eq!(rest, &tail[..]);
    }

    #[test]
    fn the_masks_themselves_give_the_draft_back(
        text in draft(),
        encoding in select(ENCODINGS),
        format in select(&[Format::Plain, Format::Markdown][..]),
    ) {
        let Some(bytes) = encode(&text, encoding) else { return Ok(()) };
        let draft = read(bytes.clone(), encoding.0, format);
        let masks: Vec<Option<&str>> = draft.holes().iter().map(|hole| Some(hole.range.of(draft.text()))).collect();
        prop_assert_eq!(draft.fill(&masks).expect("they were there"), bytes);
    }

    #[test]
    fn holes_do_not_overlap_and_each_has_a_key(text in draft(), format in select(&[Format::Plain, Format::Markdown][..])) {
        let draft = read(text.into_bytes(), "utf-8", format);
        prop_assert!(draft.holes().windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        prop_assert!(draft.holes().iter().all(|hole| !hole.key.is_empty()));
    }
}

#[test]
fn the_drafts_of_these_tests_have_holes_of_every_kind() {
    let draft = read(PIECES.concat().into_bytes(), "utf-8", Format::Plain);
    let mut kinds: Vec<String> = draft.holes().iter().map(|hole| hole.kind.to_string()).collect();
    kinds.sort();
    kinds.dedup();
    assert!(kinds.len() >= 10, "{kinds:?}");
}
