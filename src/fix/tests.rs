use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Fix, Lang, RuleInfo, Severity};
use crate::document::Format;
use crate::rule::{Catalog, Selection, SourceFile};

fn edit(start: usize, end: usize, text: &str) -> Edit {
    Edit { range: TextRange::new(start, end), text: text.to_owned() }
}

/// A finding with a fix.
fn finding(applicability: Applicability, edits: Vec<Edit>) -> Diagnostic {
    let rule = RuleInfo { id: "house/a".to_owned(), severity: Severity::Info, help: None };
    Diagnostic {
        rule: Arc::new(rule),
        range: edits[0].range,
        message: String::new(),
        caption: None,
        related: Vec::new(),
        elsewhere: Vec::new(),
        slot: None,
        fix: Some(Fix { title: String::new(), applicability, edits }),
    }
}

/// What is made of `0123456789` by the fixes of findings, in order.
fn made(fixes: &[&[Edit]]) -> String {
    let found: Vec<_> = fixes.iter().map(|edits| finding(Applicability::Safe, edits.to_vec())).collect();
    apply("0123456789", &choose(&found, Applicability::Safe))
}

#[test]
fn fixes_that_are_apart_are_made_together() {
    assert_eq!(made(&[&[edit(1, 2, "a")], &[edit(2, 3, "b")], &[edit(5, 5, "c")]]), "0ab34c56789");
}

#[test]
fn of_fixes_that_overlap_the_first_is_made() {
    assert_eq!(made(&[&[edit(1, 4, "a")], &[edit(3, 5, "b")], &[edit(5, 6, "c")]]), "0a4c6789");
    assert_eq!(made(&[&[edit(3, 3, "a")], &[edit(3, 3, "b")]]), "012a3456789");
    assert_eq!(
        made(&[&[edit(3, 5, "a")], &[edit(3, 3, "b")], &[edit(5, 5, "c")], &[edit(4, 4, "d")]]),
        "012a56789"
    );
    assert_eq!(made(&[&[edit(3, 3, "a")], &[edit(3, 5, "b")], &[edit(2, 3, "c")]]), "012a3456789");
}

#[test]
fn all_edits_of_a_fix_are_made_or_none() {
    assert_eq!(
        made(&[&[edit(4, 5, "a")], &[edit(1, 2, "b"), edit(4, 5, "b")], &[edit(1, 2, "c")]]),
        "0c23a56789"
    );
}

#[test]
fn unsafe_fixes_are_made_when_asked_for() {
    let found = [finding(Applicability::Unsafe, vec![edit(0, 1, "a")])];
    assert!(choose(&found, Applicability::Safe).is_empty());
    assert_eq!(choose(&found, Applicability::Unsafe), [edit(0, 1, "a")]);
}

#[test]
fn a_place_is_led_back_to_where_it_comes_from() {
    // 01[23→abc]4[→x]56[789→]
    let patch = Patch { edits: vec![edit(2, 4, "abc"), edit(5, 5, "x"), edit(7, 10, "")] };
    assert_eq!(apply("0123456789", patch.edits()), "01abc4x56");
    let origin = |start, end| patch.origin(TextRange::new(start, end));
    assert_eq!(origin(0, 2), TextRange::new(0, 2));
    assert_eq!(origin(3, 4), TextRange::new(2, 4));
    assert_eq!(origin(1, 5), TextRange::new(1, 4));
    assert_eq!(origin(5, 6), TextRange::new(4, 5));
    assert_eq!(origin(6, 7), TextRange::new(5, 5));
    assert_eq!(origin(7, 9), TextRange::new(5, 7));
    assert_eq!(origin(9, 9), TextRange::new(10, 10));
}

fn rules(catalog: &mut Catalog, rule: &str) -> RuleSet {
    catalog.add("house/a.toml", &SourceFile::new("house/a.toml", rule)).unwrap();
    catalog.retain(&Selection { select: vec!["house".to_owned()], ..Selection::default() }).unwrap();
    catalog.compile(Lang::En).unwrap()
}

#[test]
fn fixes_that_never_end_are_an_error_that_names_the_rule() {
    let rule = "severity = 'info'\nsummary = '循环'\nmessage = '“{text}”'\nexplanation = '说明'\n[pattern]\n\
                shapes = [{ find = '甲', fix = { safe = '乙' } }, { find = '乙', fix = { safe = '甲' } }]\n\
                [[bad]]\ntext = '⟦甲⟧'\n";
    let rules = rules(&mut Catalog::builtin().unwrap(), rule);
    let document = Document::new("甲。".to_owned(), Format::Plain);
    let error = fix_all(&document, &rules, Applicability::Safe, |_, _| {}).unwrap_err();
    assert_eq!(error.to_string(), "after 100 rounds there is still something to fix for house/a");
}

#[test]
fn what_is_left_alone_stays_so_when_what_is_beside_it_changes() {
    let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
    let document = Document::new("县（市)委、县（市)政府，，齐抓共管。".to_owned(), Format::Plain);
    let keep = |_: &Document, found: &mut Vec<Diagnostic>| {
        let first = found.iter().position(|found| found.rule.id == "pair/width").unwrap();
        found.remove(first);
    };
    let fixed = fix_all(&document, &rules, Applicability::Safe, keep).unwrap().unwrap();
    assert_eq!(fixed.document.text(), "县（市)委、县（市）政府，齐抓共管。");
    assert_eq!(fixed.patch.edits().len(), 2);
}

#[test]
fn more_places_than_are_told_of_are_fixed_at_once() {
    let mut catalog = Catalog::builtin().unwrap();
    catalog.fix_all_places();
    let rules = catalog.compile(Lang::En).unwrap();
    let text = "认真学习,抓好落实。\n".repeat(1500);
    let document = Document::new(text.clone(), Format::Plain);
    let keep =
        |_: &Document, found: &mut Vec<Diagnostic>| found.retain(|found| found.rule.family() == "text");
    let fixed = fix_all(&document, &rules, Applicability::Safe, keep).unwrap().unwrap();
    assert_eq!(fixed.document.text(), text.replace(',', "，"));
}

/// Edits of a text of `len` bytes, ascending and apart.
fn edits(len: usize) -> impl Strategy<Value = Vec<Edit>> {
    vec((0..=len, 0..4usize, "[a-c]{0,3}"), 0..5).prop_map(move |parts| {
        let mut edits: Vec<Edit> =
            parts.into_iter().map(|(at, cut, text)| edit(at, (at + cut).min(len), &text)).collect();
        edits.sort_by_key(|edit| edit.range);
        edits.dedup_by(|next, last| collide(next.range, last.range));
        edits
    })
}

proptest! {
    #[test]
    fn a_patch_of_several_rounds_makes_what_the_rounds_make(
        (first, second) in edits(10).prop_flat_map(|first| {
            let len = apply("0123456789", &first).len();
            (Just(first), edits(len))
        }),
    ) {
        let text = "0123456789";
        let mut patch = Patch::default();
        patch.add(&first);
        patch.add(&second);
        prop_assert_eq!(apply(text, patch.edits()), apply(&apply(text, &first), &second));
        prop_assert!(patch.edits().windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
    }
}
