//! Plants one defect at a time in sound drafts, by the hundred, and sees whether the linter finds just that.
//!
//! `cargo test --test planted -- --nocapture` prints the table. What is planted where, and which findings are right, is
//! in one module for each family of defects; nothing here knows how the linter works.

#[path = "planted/masks.rs"]
mod masks;
#[path = "planted/ordinals.rs"]
mod ordinals;
#[path = "planted/pairs.rs"]
mod pairs;
#[path = "planted/plant.rs"]
mod plant;
#[path = "planted/random.rs"]
mod random;
#[path = "planted/repeats.rs"]
mod repeats;
#[path = "planted/signs.rs"]
mod signs;
#[path = "planted/verdict.rs"]
mod verdict;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use dinggao::diagnostic::Lang;
use dinggao::rule::{Catalog, RuleSet, Selection};

use plant::{Draft, Plant};
use verdict::{Finding, Verdict, findings, judge};

/// At least so many of a hundred plants are found.
const FOUND_PERCENT: usize = 98;

/// At most so many of a hundred plants make the linter say something else as well.
const OTHERS_PERCENT: usize = 1;

/// What is spoilt: a planter that finds none of these any more proves nothing.
#[rustfmt::skip]
const SUBJECTS: &[&str] = &[
    "一、", "（一）", "1.", "1、", "（1）", "(1)", "①", "第X章", "第X条", "一是", "一要", "第一，", "其一，",
    "“ ”", "‘ ’", "（ ）", "《 》",
    "count", "money", "percent", "date", "day", "year", "person", "place", "title", "field", "note",
    "paragraph",
    "character", "dot", "comma", "stop", "semicolon",
];

#[test]
fn planted_defects_are_found() {
    let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
    let drafts = Draft::all();
    let score = Score::of(&rules, drafts.iter().flat_map(plants));
    println!("{score}");
    for subject in SUBJECTS {
        let planted = score.rows.keys().any(|(planted, _)| planted == subject);
        assert!(planted, "no draft has room for a defect of {subject}");
    }
    assert!(score.total.planted > 3000, "only {} defects were planted", score.total.planted);
    assert!(score.total.is_good_enough(), "{}\n{score}", score.complaints);
}

#[test]
fn every_rule_that_is_expected_is_missed_when_it_is_off() {
    let drafts = Draft::all();
    let plants: Vec<Plant> = drafts.iter().flat_map(plants).collect();
    let mut expected: BTreeMap<&str, Vec<&Plant>> = BTreeMap::new();
    for plant in &plants {
        let rules: Vec<&str> = plant.expected().map(|(rule, _)| rule).collect();
        if let [only] = rules[..] {
            expected.entry(only).or_default().push(plant);
        }
    }
    for (rule, plants) in expected {
        let mut catalog = Catalog::builtin().unwrap();
        catalog.retain(&Selection { ignore: vec![rule.to_owned()], ..Selection::default() }).unwrap();
        let rules = catalog.compile(Lang::En).unwrap();
        let before = Baselines::default();
        let found = plants.iter().filter(|plant| before.judge(&rules, plant).found).count();
        assert_eq!(found, 0, "{rule} is off, yet plants for it count as found");
    }
}

#[test]
fn a_verdict_tells_right_from_wrong() {
    let draft = Draft::new("a.txt", "一是甲；二是乙；三是丙。".to_owned());
    let (second, third) = (12..18, 24..30);
    let plant = Plant::new(&draft, "missing", "一是")
        .replace(second.clone(), "")
        .replace(third.clone(), "三是")
        .expect("sequence/missing", third);
    assert_eq!(plant.text(), "一是甲；乙；三是丙。");
    let finding = |rule: &str, range: Range<usize>| Finding { rule: rule.to_owned(), range };
    let right = finding("sequence/missing", 18..24);
    let wrong_rule = finding("sequence/order", 18..24);
    let wrong_place = finding("sequence/missing", 0..6);
    let of = |after: &[&Finding]| judge(&plant, &[], after.iter().map(|&finding| finding.clone()).collect());
    let verdict = |found, others: &[&Finding]| Verdict {
        found,
        others: others.iter().map(|&finding| finding.clone()).collect(),
    };
    assert_eq!(of(&[&right]), verdict(true, &[]));
    assert_eq!(of(&[]), verdict(false, &[]));
    assert_eq!(of(&[&wrong_rule]), verdict(false, &[&wrong_rule]));
    assert_eq!(of(&[&wrong_place]), verdict(false, &[&wrong_place]));
    assert_eq!(of(&[&wrong_rule, &right]), verdict(true, &[&wrong_rule]));
    assert_eq!(of(&[&right, &right]), verdict(true, &[&right]), "one defect is one finding");
    // what was there before the plant is nothing new, wherever it has moved
    let before = [finding("pair/unclosed", 21..24)];
    let after = vec![right, finding("pair/unclosed", 15..18)];
    assert_eq!(judge(&plant, &before, after), verdict(true, &[]));
}

#[test]
fn a_score_that_is_too_low_does_not_pass() {
    let row = |found, others| Row { planted: 200, found, others };
    assert!(row(200, 0).is_good_enough());
    assert!(row(196, 2).is_good_enough());
    assert!(!row(195, 0).is_good_enough());
    assert!(!row(200, 3).is_good_enough());
    assert!(!Row::default().is_good_enough(), "nothing planted, nothing proved");
}

/// Every defect that a draft has room for.
fn plants(draft: &Draft) -> Vec<Plant<'_>> {
    [ordinals::plants, pairs::plants, masks::plants, repeats::plants, signs::plants]
        .into_iter()
        .flat_map(|planter: fn(&Draft) -> Vec<Plant<'_>>| planter(draft))
        .collect()
}

/// What the linter finds in the sound drafts: nothing, as `tests/drafts.rs` sees to. While something is amiss there,
/// it should not count against every plant.
#[derive(Default)]
struct Baselines(std::cell::RefCell<BTreeMap<String, Vec<Finding>>>);

impl Baselines {
    fn judge(&self, rules: &RuleSet, plant: &Plant) -> Verdict {
        let draft = plant.draft;
        let mut known = self.0.borrow_mut();
        let before =
            known.entry(draft.name.clone()).or_insert_with(|| findings(rules, draft, draft.text.clone()));
        judge(plant, before, findings(rules, draft, plant.text()))
    }
}

/// What came of some plants.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    planted: usize,
    found: usize,
    /// Plants after which the linter said something else, too.
    others: usize,
}

impl Row {
    fn count(&mut self, verdict: &Verdict) {
        self.planted += 1;
        self.found += usize::from(verdict.found);
        self.others += usize::from(!verdict.others.is_empty());
    }

    fn is_good_enough(self) -> bool {
        self.planted > 0
            && 100 * self.found >= FOUND_PERCENT * self.planted
            && 100 * self.others <= OTHERS_PERCENT * self.planted
    }
}

/// What came of all plants, by defect and subject.
#[derive(Default)]
struct Score {
    rows: BTreeMap<(&'static str, &'static str), Row>,
    total: Row,
    /// One line for each plant that was missed or made the linter say something else.
    complaints: String,
}

impl Score {
    fn of<'a>(rules: &RuleSet, plants: impl Iterator<Item = Plant<'a>>) -> Self {
        let mut score = Self::default();
        let baselines = Baselines::default();
        for plant in plants {
            let verdict = baselines.judge(rules, &plant);
            score.rows.entry((plant.subject, plant.defect)).or_default().count(&verdict);
            score.total.count(&verdict);
            if !verdict.found || !verdict.others.is_empty() {
                score.complain(&plant, &verdict);
            }
        }
        score
    }

    fn complain(&mut self, plant: &Plant, verdict: &Verdict) {
        let text = plant.text();
        let missed = plant.expected().filter(|_| !verdict.found).map(|(rule, place)| ("missed", rule, place));
        let others = verdict.others.iter().map(|other| ("extra", other.rule.as_str(), other.range.clone()));
        write!(self.complaints, "{}: {} {}", plant.draft.name, plant.subject, plant.defect).unwrap();
        for (what, rule, place) in missed.chain(others) {
            write!(self.complaints, "; {what} {rule} at {}", excerpt(&text, place)).unwrap();
        }
        self.complaints.push('\n');
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "planted  found  other changes  defect")?;
        let mut line = |row: &Row, name: &str| {
            writeln!(f, "{:>7}  {:>5}  {:>13}  {name}", row.planted, row.found, row.others)
        };
        for ((subject, defect), row) in &self.rows {
            line(row, &format!("{subject}: {defect}"))?;
        }
        line(&self.total, "all")
    }
}

/// A place with a few characters on either side.
fn excerpt(text: &str, place: Range<usize>) -> String {
    let before: Vec<char> = text[..place.start].chars().rev().take(16).collect();
    let after: String = text[place.end..].chars().take(16).collect();
    let inside: String = text[place].chars().take(40).collect();
    format!("{}⟦{inside}⟧{after}", before.into_iter().rev().collect::<String>()).replace('\n', "⏎")
}
