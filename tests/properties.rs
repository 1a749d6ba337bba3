//! What holds for every text, however broken: the linter never panics, points at places that exist, and says the same
//! thing about the same draft.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use dinggao::diagnostic::{Applicability, Diagnostic, Lang};
use dinggao::document::encoding::{Encoding, decode};
use dinggao::document::{Document, Format};
use dinggao::fix::{apply, fix_all};
use dinggao::lint;
use dinggao::rule::{Catalog, RuleSet};
use dinggao::text::{LineIndex, PositionEncoding, TextRange};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// What drafts are made of, good and bad: the text of a test is any number of these in any order.
const PIECES: &[&str] = &[
    // words, one of them long enough for a paragraph that counts as repeated
    "完成公务接待",
    "同志",
    "有三个方面的不足",
    "人次",
    "镇",
    "研究部署",
    "全面清理腾退超标准办公用房，盘活闲置房产三处，面积一千二百平方米，有效缓解了用房紧张的问题",
    "draft ",
    "x86",
    // places to fill
    "X",
    "XX",
    "x",
    "×××",
    "＊",
    "○○",
    "20××年",
    "X月X日",
    "____",
    "        ",
    "　　",
    "（　）",
    "{{name}}",
    "待定",
    "TODO",
    "某某",
    "……………………",
    "联系人：",
    "  年  月  日",
    "【补写】",
    "1+X证书",
    "4×100米",
    // what is wrong on sight
    "阅努力?阅初心",
    "，，",
    "完成,同志",
    "县(市,区)",
    "\u{fffd}",
    "下面是小编为大家整理的通知，",
    // ordinals
    "一、",
    "二、",
    "四、",
    "（一）",
    "（三）",
    "一是",
    "二是",
    "三是",
    "五要",
    "1.",
    "3．",
    "2)",
    "①",
    "③",
    "第一条 ",
    "第三章 ",
    "首先，",
    "其次，",
    "一方面",
    "另一方面",
    "其一，",
    // punctuation
    "“",
    "”",
    "‘",
    "’",
    "（",
    "）",
    "(",
    ")",
    "《",
    "》",
    "【",
    "】",
    "\"",
    "'",
    "。",
    "，",
    "：",
    "；",
    "、",
    "——",
    // line ends
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\u{b}",
    "\u{2028}",
    // what only Markdown makes something of
    "**",
    "`",
    "```\n",
    "# ",
    "- ",
    "> ",
    "| ",
    "\n---\n",
    "[",
    "](a)",
    "<b>",
    "<!--",
    "&nbsp;",
    "&times;",
    "\\",
    "$",
    // characters of more than one code point, of no width, of both directions, outside the BMP
    "e\u{301}",
    "\u{301}",
    "👨‍👩‍👧",
    "👍🏽",
    "🇨🇳",
    "\u{200d}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "𠀀",
    "\u{1b}[31m",
    "7",
    "０",
    "%",
    "\t",
    " ",
];

fn draft() -> impl Strategy<Value = String> {
    let pieces = || vec(select(PIECES), 0..48).prop_map(|pieces| pieces.concat());
    let pasted = (pieces(), pieces()).prop_map(|(twice, once)| format!("{twice}\n{once}\n{twice}"));
    // a mark at the beginning is no text: decoding takes it off
    prop_oneof![8 => pieces(), 2 => pasted, 1 => any::<String>()]
        .prop_map(|text| text.trim_start_matches('\u{feff}').to_owned())
}

fn format() -> impl Strategy<Value = Format> {
    select(&[Format::Plain, Format::Markdown][..])
}

fn rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    let compile =
        || Catalog::builtin().and_then(|catalog| catalog.compile(Lang::Zh)).expect("the rules are sound");
    RULES.get_or_init(compile)
}

fn check(text: &str, format: Format) -> Vec<Diagnostic> {
    lint(&Document::new(text.to_owned(), format), rules())
}

/// Every range that a finding speaks of.
fn ranges(found: &Diagnostic) -> impl Iterator<Item = TextRange> {
    let labels = found.related.iter().map(|label| label.range);
    let edits = found.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.range);
    let fill = found.slot.iter().map(|slot| slot.fill);
    std::iter::once(found.range).chain(labels).chain(edits).chain(fill)
}

/// Rule, line and words of each finding; line ends within the words are all the same.
fn told(text: &str, format: Format) -> Vec<(String, usize, String)> {
    let lines = LineIndex::new(text);
    let tell = |found: Diagnostic| {
        (found.rule.id.clone(), lines.line_of(found.range.start), found.range.of(text).replace("\r\n", "\n"))
    };
    check(text, format).into_iter().map(tell).collect()
}

#[test]
fn the_drafts_of_these_tests_have_every_family_of_defects() {
    let mut runner = TestRunner::deterministic();
    let mut families = BTreeSet::new();
    for _ in 0..200 {
        let text = draft().new_tree(&mut runner).expect("a draft").current();
        families.extend(check(&text, Format::Plain).iter().map(|found| found.rule.family().to_owned()));
    }
    assert_eq!(Vec::from_iter(families), ["duplicate", "pair", "placeholder", "sequence", "text"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_range_can_be_cut_out_of_the_text(text in draft(), format in format()) {
        for found in check(&text, format) {
            for range in ranges(&found) {
                prop_assert!(text.get(range.start..range.end).is_some(), "{}: {:?}", found.rule.id, range);
            }
            prop_assert!(!found.range.is_empty(), "{}: {:?}", found.rule.id, found.range);
            prop_assert!(!found.message.is_empty());
        }
    }

    #[test]
    fn the_edits_of_a_fix_can_all_be_made(text in draft(), format in format()) {
        for fix in check(&text, format).iter().filter_map(|found| found.fix.as_ref()) {
            prop_assert!(!fix.edits.is_empty());
            prop_assert!(fix.edits.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start), "{:?}", fix.edits);
        }
    }

    #[test]
    fn fixing_comes_to_an_end_with_nothing_left_to_fix(text in draft(), format in format()) {
        for upto in [Applicability::Safe, Applicability::Unsafe] {
            let document = Document::new(text.clone(), format);
            let Some(fixed) = fix_all(&document, rules(), upto, |_, _| {}).expect("an end") else { continue };
            prop_assert_eq!(&apply(&text, fixed.patch.edits()), fixed.document.text());
            let left = check(fixed.document.text(), format);
            prop_assert!(!left.iter().filter_map(|found| found.fix.as_ref()).any(|fix| fix.applicability <= upto));
        }
    }

    #[test]
    fn fixing_leaves_every_other_byte_alone(
        text in draft(),
        label in select(&["utf-8", "utf-16le", "utf-16be", "gb18030"][..]),
        mark in select(&["", "\u{feff}"][..]),
    ) {
        let mut bytes = Vec::new();
        label.parse::<Encoding>().unwrap().encode(&format!("{mark}{text}"), &mut bytes).unwrap();
        let decoded = decode(bytes.clone(), Some(label.parse().unwrap())).unwrap();
        let document = Document::new(text, Format::Plain);
        let fixed = fix_all(&document, rules(), Applicability::Unsafe, |_, _| {}).expect("an end");
        let edits = fixed.iter().flat_map(|fixed| fixed.patch.edits());
        let edges: Vec<usize> = edits.clone().flat_map(|edit| [edit.range.start, edit.range.end]).collect();
        let edges = decoded.encoding.byte_offsets(&bytes, &decoded.text, &edges);
        let places: Vec<_> = edges.chunks_exact(2).map(|edges| edges[0]..edges[1]).collect();
        let new = edits.map(|edit| edit.text.as_str());
        let spliced = decoded.encoding.splice(&bytes, places.iter().cloned().zip(new)).unwrap();
        let mut rest = &spliced[..];
        let kept = [0].into_iter().chain(places.iter().map(|place| place.end));
        let kept = kept.zip(places.iter().map(|place| place.start).chain([bytes.len()]));
        for stretch in kept.map(|(start, end)| &bytes[start..end]) {
            let at = (0..=rest.len() - stretch.len()).find(|&at| rest[at..].starts_with(stretch));
            rest = &rest[at.expect("every stretch is still there, in order") + stretch.len()..];
        }
        let read = decode(spliced.clone(), Some(label.parse().unwrap())).unwrap();
        prop_assert_eq!(&read.text, fixed.as_ref().map_or(&document, |fixed| &fixed.document).text());
        prop_assert_eq!(read.encoding, decoded.encoding);
    }

    #[test]
    fn findings_come_in_order_and_the_same_each_time(text in draft(), format in format()) {
        let found = check(&text, format);
        let keys: Vec<_> = found.iter().map(|found| (found.range.start, found.rule.id.as_str())).collect();
        prop_assert!(keys.is_sorted(), "{:?}", keys);
        prop_assert_eq!(format!("{:?}", found), format!("{:?}", check(&text, format)));
    }

    #[test]
    fn a_position_leads_back_to_its_place(text in draft(), format in format()) {
        let lines = LineIndex::new(&text);
        for offset in check(&text, format).iter().flat_map(ranges).flat_map(|range| [range.start, range.end]) {
            let utf16 = lines.position(&text, offset, PositionEncoding::Utf16);
            prop_assert_eq!(lines.offset(&text, utf16, PositionEncoding::Utf16), offset);
            // a finding may end inside a cluster, which has one column: the way back leads to its edge
            let seen = lines.position(&text, offset, PositionEncoding::Grapheme);
            let edge = lines.offset(&text, seen, PositionEncoding::Grapheme);
            prop_assert_eq!(lines.position(&text, edge, PositionEncoding::Grapheme), seen);
        }
    }

    #[test]
    fn line_ends_of_either_kind_are_the_same(text in draft(), format in format()) {
        let text = text.replace('\r', "");
        prop_assert_eq!(told(&text.replace('\n', "\r\n"), format), told(&text, format));
    }

    #[test]
    fn a_blank_line_at_the_end_changes_nothing(text in draft(), format in format()) {
        let text = text + "\n";
        prop_assert_eq!(told(&format!("{text}\n"), format), told(&text, format));
    }

    #[test]
    fn bytes_of_any_encoding_give_the_text_back(text in draft()) {
        // a text with NUL in it is no text
        let text = text.replace('\0', "");
        prop_assert_eq!(&decode(text.clone().into_bytes(), None).unwrap().text, &text);
        let marked = format!("\u{feff}{text}");
        prop_assert_eq!(&decode(marked.clone().into_bytes(), None).unwrap().text, &text);
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes = marked.encode_utf16().flat_map(order).collect();
            prop_assert_eq!(&decode(bytes, None).unwrap().text, &text);
        }
        let (bytes, _, lossy) = encoding_rs::GB18030.encode(&text);
        prop_assume!(!lossy);
        prop_assert_eq!(&decode(bytes.into_owned(), Some("gb18030".parse().unwrap())).unwrap().text, &text);
    }
}
