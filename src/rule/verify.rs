//! Runs the examples in rule files: a rule must find what its bad examples mark, there and nowhere else, and nothing in
//! its good ones.

use super::definition::{Definition, Example, Wording};
use super::source::RuleError;
use super::{Catalog, RuleSet};
use crate::corpus::Corpus;
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::Document;
use crate::linter::{lint, lint_in};
use crate::slot::SlotType;
use crate::text::TextRange;

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

/// What came of trying out the rules of a user.
#[derive(Clone, Debug, Default)]
pub struct Verification {
    /// How many rules were tried.
    pub rules: usize,
    /// How many examples they have.
    pub examples: usize,
    /// The examples that do not hold.
    pub failures: Vec<RuleError>,
    /// What keeps a rule from being tried at all.
    pub errors: Vec<RuleError>,
}

impl Catalog {
    /// Tries out every rule that does not come along with the program, together with those that do. An error in one
    /// does not keep the others from being tried.
    pub fn verify(mut self) -> Verification {
        let mut tried = Verification::default();
        let rules = loop {
            match self.build(Lang::Zh).and_then(|_| self.build(Lang::En)) {
                Ok(rules) => break rules,
                Err(error) => {
                    let known = self.definitions.len();
                    self.definitions.retain(|definition| definition.file != error.file);
                    tried.errors.push(error);
                    if self.definitions.len() == known {
                        // what a whole family shares is broken
                        return tried;
                    }
                }
            }
        };
        for definition in self.definitions.iter().filter(|definition| !definition.builtin) {
            tried.rules += 1;
            tried.examples += definition.examples().count();
            tried.failures.extend(definition.failures(&rules));
        }
        tried
    }
}

impl Definition {
    /// The examples that do not hold.
    pub(super) fn failures(&self, rules: &RuleSet) -> Vec<RuleError> {
        self.unmarked().chain(self.examples().filter_map(|example| self.failure(example, rules))).collect()
    }

    /// The bad examples that do not say where they are bad.
    fn unmarked(&self) -> impl Iterator<Item = RuleError> {
        let unmarked = self.bad.iter().filter(|example| !example.text().contains(OPEN));
        unmarked.map(|example| {
            let message = Wording::new(
                "[[bad]] 例子里没有用 ⟦⟧ 标出应当找到的地方",
                "a [[bad]] example has ⟦⟧ around what the rule must find",
            );
            self.error_at(example.offset(), message)
        })
    }

    fn failure(&self, example: &Example, rules: &RuleSet) -> Option<RuleError> {
        let (document, expected) = read(example);
        let found = findings(&document, example, rules);
        let (own, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            found.iter().partition(|found| found.rule.id == self.id);
        let ranges: Vec<TextRange> = own.iter().map(|found| found.range).collect();
        let text = document.text();
        if ranges == expected && own.iter().all(|found| self.fits(found, example)) {
            return self.misfixed(example, &fixed(text, &own));
        }
        let slot = (example.slot, example.unit.as_deref());
        let wanted = marked(text, expected.iter().map(|&range| (range, slot)));
        let got = marked(text, own.iter().map(|found| (found.range, slot_of(found))));
        let mut message = Wording::new(
            format!("例子不成立：应当找到 {wanted}，实际找到 {got}"),
            format!("the example does not hold: expected {wanted}, found {got}"),
        );
        // of the rules of one family, one finds what stands at a place
        let taken = |found: &&&Diagnostic| expected.iter().any(|range| range.intersects(found.range));
        if let Some(other) = others.iter().find(taken) {
            let Wording { zh, en } = &message;
            let other = &other.rule.id;
            message = Wording::new(
                format!("{zh}；{other} 在这里有发现"),
                format!("{en}; {other} has a finding there"),
            );
        }
        Some(self.error_at(example.offset(), message))
    }

    /// Whether a finding is what an example says of it. Whoever makes the rule less severe makes all of it so.
    fn fits(&self, found: &Diagnostic, example: &Example) -> bool {
        let (kind, unit) = slot_of(found);
        (example.slot.is_none() || example.slot == kind)
            && (example.unit.is_none() || example.unit.as_deref() == unit)
            && example.severity.is_none_or(|severity| found.rule.severity == severity.min(self.severity))
    }

    /// What is wrong if `fixed` is not what the example says the fixes make of it.
    fn misfixed(&self, example: &Example, fixed: &str) -> Option<RuleError> {
        let wanted = example.fixed.as_ref().filter(|wanted| *wanted != fixed)?;
        let message = Wording::new(
            format!("例子不成立：改好后应当是“{wanted}”，实际是“{fixed}”"),
            format!("the example does not hold: fixed, it should read “{wanted}”, but reads “{fixed}”"),
        );
        Some(self.error_at(example.offset(), message))
    }
}

/// The draft of an example without its marks, and the places that they mark.
fn read(example: &Example) -> (Document, Vec<TextRange>) {
    let (mut text, mut ranges, mut start) = (String::new(), Vec::new(), 0);
    for c in example.text.get_ref().chars() {
        match c {
            OPEN => start = text.len(),
            CLOSE => ranges.push(TextRange::new(start, text.len())),
            _ => text.push(c),
        }
    }
    (Document::new(text, example.format), ranges)
}

/// What is found in the draft of an example, which may have others beside it.
fn findings(document: &Document, example: &Example, rules: &RuleSet) -> Vec<Diagnostic> {
    if example.others.is_empty() {
        return lint(document, rules);
    }
    let others = example.others.iter().map(|text| Document::new(text.clone(), example.format));
    let mut prints = vec![(String::new(), rules.prints(document))];
    prints.extend(
        (1..).zip(others).map(|(number, other): (usize, _)| (number.to_string(), rules.prints(&other))),
    );
    lint_in(document, rules, &Corpus::new(prints), "")
}

fn slot_of(found: &Diagnostic) -> (Option<SlotType>, Option<&str>) {
    found.slot.as_ref().map_or((None, None), |slot| (Some(slot.kind), slot.unit.as_deref()))
}

/// The text once the fixes of all findings are made.
fn fixed(text: &str, found: &[&Diagnostic]) -> String {
    let (mut fixed, mut done) = (String::new(), 0);
    for edit in found.iter().filter_map(|found| found.fix.as_ref()).flat_map(|fix| &fix.edits) {
        fixed.push_str(&text[done.min(edit.range.start)..edit.range.start]);
        fixed.push_str(&edit.text);
        done = edit.range.end;
    }
    fixed + &text[done..]
}

/// The text with marks around places in it, as an example is written, each with the type and the unit of its slot.
fn marked<'a>(
    text: &str,
    places: impl Iterator<Item = (TextRange, (Option<SlotType>, Option<&'a str>))>,
) -> String {
    let mut shown = String::from('“');
    let mut end = 0;
    for (range, (kind, unit)) in places {
        shown.push_str(&text[end.min(range.start)..range.start]);
        shown.push(OPEN);
        shown.push_str(range.of(text));
        shown.push(CLOSE);
        let kind = kind.map(|kind| kind.to_string());
        let slot: Vec<&str> = kind.as_deref().into_iter().chain(unit).collect();
        if !slot.is_empty() {
            shown.extend(["(", &slot.join(" "), ")"]);
        }
        end = range.end;
    }
    shown.push_str(&text[end..]);
    shown.push('”');
    shown.replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_come_along_hold_their_examples() {
        let catalog = Catalog::builtin().unwrap();
        let rules = catalog.build(Lang::Zh).unwrap();
        let failures = catalog.definitions.iter().flat_map(|rule| rule.failures(&rules));
        let failures: Vec<String> = failures.map(|failure| failure.to_string()).collect();
        assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    }
}
