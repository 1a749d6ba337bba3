//! Runs the examples in rule files: a rule must find what its bad examples mark, there and nowhere else, and nothing in
//! its good ones.

use super::definition::{Example, RuleError};
use super::{Catalog, RuleSet};
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::linter::lint;
use crate::text::TextRange;

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

impl Catalog {
    /// Checks every rule against its own examples: an error for each that does not hold, which shows what was found.
    pub fn verify(&self, rules: &RuleSet) -> Vec<RuleError> {
        let mut errors = Vec::new();
        for definition in &self.definitions {
            for example in definition.examples() {
                let (document, expected) = read(example);
                let found = lint(&document, rules);
                let own: Vec<&Diagnostic> =
                    found.iter().filter(|found| found.rule.id == definition.id).collect();
                let ranges: Vec<TextRange> = own.iter().map(|found| found.range).collect();
                if ranges != expected || !own.iter().all(|found| fits(found, example)) {
                    let shown = mark(document.text(), &own);
                    let at = example.text.span().start;
                    errors
                        .push(definition.error_at(at, format!("the example does not hold; found: {shown}")));
                }
            }
        }
        errors
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

fn fits(found: &Diagnostic, example: &Example) -> bool {
    let kind = found.slot.as_ref().map(|slot| slot.kind);
    let unit = found.slot.as_ref().and_then(|slot| slot.unit.as_ref());
    (example.slot.is_none() || example.slot == kind)
        && (example.unit.is_none() || example.unit.as_ref() == unit)
}

/// The text with marks around what was found, and its slot types.
fn mark(text: &str, found: &[&Diagnostic]) -> String {
    let mut shown = String::new();
    let mut end = 0;
    for diagnostic in found {
        let range = diagnostic.range;
        shown.push_str(&text[end.min(range.start)..range.start]);
        shown.push(OPEN);
        shown.push_str(range.of(text));
        shown.push(CLOSE);
        if let Some(slot) = &diagnostic.slot {
            shown.push_str(&format!("({:?} {:?})", slot.kind, slot.unit));
        }
        end = range.end;
    }
    shown.push_str(&text[end..]);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Lang;

    #[test]
    fn the_rules_that_come_along_hold_their_examples() {
        let catalog = Catalog::builtin().unwrap();
        let rules = catalog.compile(Lang::Zh).unwrap();
        let errors: Vec<String> = catalog.verify(&rules).iter().map(ToString::to_string).collect();
        assert!(errors.is_empty(), "\n{}", errors.join("\n"));
    }
}
