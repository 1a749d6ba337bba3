//! Fixes what has been planted: the finding is gone, and where nothing was lost the draft is what it was.

use std::collections::BTreeMap;
use std::fmt::Write;

use dinggao::diagnostic::{Applicability, Lang};
use dinggao::document::Document;
use dinggao::fix::fix_all;
use dinggao::lint;
use dinggao::rule::{Catalog, RuleSet};

use crate::plant::{Draft, Plant};

/// Defects after which all is there that the draft had: the plants whose fix gives it back.
const LOST_NOTHING: &[&str] = &[
    "width",
    "straight",
    "reversed, both open",
    "reversed, both close",
    "reversed, swapped",
    "missing",
    "duplicate",
    "order",
    ",",
    ";",
    "，，",
    "。。",
];

/// At least so many of a hundred fixes that are offered for those give the draft back.
const RESTORED_PERCENT: usize = 97;

/// At least so many of a hundred fixes leave nothing of their rule to find.
const GONE_PERCENT: usize = 97;

/// What came of the plants of a defect.
#[derive(Default)]
struct Row {
    planted: usize,
    /// A fix is offered.
    offered: usize,
    /// After which the rule finds nothing.
    gone: usize,
    /// And the draft is what it was.
    restored: usize,
}

/// The draft as a plant made it, with all fixes up to `upto`.
fn fixed(plant: &Plant, rules: &RuleSet, upto: Applicability) -> String {
    let document = Document::new(plant.text(), plant.draft.format);
    let fixed = fix_all(&document, rules, upto, |_, _| {}).expect("fixing comes to an end");
    fixed.as_ref().map_or(&document, |fixed| &fixed.document).text().to_owned()
}

#[test]
fn planted_defects_are_mended() {
    let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut complaints = String::new();
    let drafts = Draft::all();
    for plant in drafts.iter().flat_map(crate::plants) {
        let is_expected = |rule: &str| plant.expected().any(|(expected, _)| expected == rule);
        let found = |text: String| lint(&Document::new(text, plant.draft.format), &rules);
        let row = rows.entry(plant.defect).or_default();
        row.planted += 1;
        if !found(plant.text()).iter().any(|found| is_expected(&found.rule.id) && found.fix.is_some()) {
            continue;
        }
        row.offered += 1;
        let text = fixed(&plant, &rules, Applicability::Unsafe);
        let is_restored = text == plant.draft.text;
        let is_gone = !found(text).iter().any(|found| is_expected(&found.rule.id));
        row.gone += usize::from(is_gone);
        row.restored += usize::from(is_restored);
        if !is_gone || (!is_restored && LOST_NOTHING.contains(&plant.defect)) {
            writeln!(complaints, "{}: {} {}", plant.draft.name, plant.subject, plant.defect).unwrap();
        }
    }
    println!("planted  offered  gone  restored  defect");
    for (defect, Row { planted, offered, gone, restored }) in &rows {
        println!("{planted:>7}  {offered:>7}  {gone:>4}  {restored:>8}  {defect}");
    }
    for (defect, row) in &rows {
        assert!(100 * row.gone >= GONE_PERCENT * row.offered, "{defect}:\n{complaints}");
    }
    for defect in LOST_NOTHING {
        let row = &rows[defect];
        let is_good = row.offered > 0 && 100 * row.restored >= RESTORED_PERCENT * row.offered;
        assert!(is_good, "{defect}: {} of {}\n{complaints}", row.restored, row.offered);
    }
}

#[test]
fn a_safe_fix_gives_the_draft_back_or_changes_nothing() {
    let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
    let drafts = Draft::all();
    let mut made = 0;
    for plant in drafts.iter().flat_map(crate::plants) {
        // two pairs that cross each other have come from nowhere
        if plant.defect == "crossed" {
            continue;
        }
        let text = fixed(&plant, &rules, Applicability::Safe);
        let is_right = text == plant.text() || text == plant.draft.text;
        assert!(is_right, "{}: {} {}\n{text}", plant.draft.name, plant.subject, plant.defect);
        made += usize::from(text == plant.draft.text);
    }
    assert!(made > 300, "only {made} safe fixes were made");
}
