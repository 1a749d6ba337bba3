//! Conditions on the words around a match: data in the rule files, tried together here.

use std::array;
use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::automaton::{Automaton, Reading};
use super::definition::Example;
use super::family::Family;
use super::first::Firsts;
use super::matcher::{CONTEXT_BYTES, ErrorAt, Pattern, tied};
use super::source::RuleError;
use crate::document::Format;
use crate::text::{TextRange, ceil_boundary, floor_boundary};

/// One condition on a match: every part that is given must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionSettings {
    /// Matches the text that ends where the match begins.
    pub before: Option<Spanned<String>>,
    /// Matches the whole match.
    pub inside: Option<Spanned<String>>,
    /// Matches the text that begins where the match ends.
    pub after: Option<Spanned<String>>,
    /// Matches the text that begins on the next line, which may be blank.
    next: Option<Spanned<String>>,
    /// Matches somewhere in the document before the match, however far.
    earlier: Option<Spanned<String>>,
    /// Why, for whoever reads the rule.
    pub reason: Option<String>,
    /// A draft that shows it; marks stand around what the rule still finds.
    example: Option<Spanned<String>>,
}

impl ConditionSettings {
    pub(super) fn example(&self) -> Option<Example> {
        let text = self.example.clone()?;
        let why = self.reason.clone();
        Some(Example {
            text,
            others: Vec::new(),
            format: Format::Plain,
            slot: None,
            unit: None,
            severity: None,
            fixed: None,
            why,
        })
    }

    /// Its parts, each under its name.
    fn parts(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
        let parts = [&self.before, &self.inside, &self.after, &self.next, &self.earlier];
        let named = ["before", "inside", "after", "next", "earlier"].into_iter().zip(parts);
        named.filter_map(|(name, part)| Some((name, part.as_ref()?)))
    }

    /// Where it begins in its file.
    pub(super) fn offset(&self) -> usize {
        self.parts().map(|(_, part)| part.span().start).min().unwrap_or(0)
    }
}

impl fmt::Display for ConditionSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> =
            self.parts().map(|(name, part)| format!("{name} '{}'", part.get_ref())).collect();
        f.write_str(&parts.join(", "))
    }
}

/// A match with what stands around it on its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    prose: &'a str,
    start: usize,
    /// Where its line ends.
    line_end: usize,
    pub before: &'a str,
    pub inside: &'a str,
    pub after: &'a str,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(prose: &'a str, line: TextRange, range: TextRange) -> Self {
        let from = ceil_boundary(prose, range.start.saturating_sub(CONTEXT_BYTES)).max(line.start);
        let to = floor_boundary(prose, range.end + CONTEXT_BYTES).min(line.end);
        let (before, after) = (&prose[from..range.start], &prose[range.end..to]);
        Self { prose, start: range.start, line_end: line.end, before, inside: range.of(prose), after }
    }

    /// The text from the next line on.
    fn next(self) -> &'a str {
        let rest = &self.prose[self.line_end..];
        let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest);
        &rest[..floor_boundary(rest, CONTEXT_BYTES)]
    }
}

/// A list of conditions, tried in order.
#[derive(Debug)]
pub(super) struct Conditions {
    entries: Vec<Entry>,
    /// By the first character on each side, read outwards, the conditions that can hold; built when first needed.
    firsts: OnceLock<[Firsts; 3]>,
}

/// One condition, part by part.
#[derive(Debug)]
struct Entry {
    /// `after`, `before` and `inside`: those that settle most come first.
    sides: [Option<Automaton>; 3],
    next: Option<Automaton>,
    earlier: Option<Pattern>,
}

impl Conditions {
    pub(super) fn new<'a>(
        family: &Family,
        settings: impl IntoIterator<Item = &'a ConditionSettings>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        let automaton = |part: &Option<Spanned<String>>, reading| {
            part.as_ref().map(|part| tied(family, part, reading, error)).transpose()
        };
        let entry = |setting: &ConditionSettings| {
            let earlier = setting.earlier.as_ref();
            Ok(Entry {
                sides: [
                    automaton(&setting.after, Reading::Forwards)?,
                    automaton(&setting.before, Reading::Backwards)?,
                    automaton(&setting.inside, Reading::Whole)?,
                ],
                next: automaton(&setting.next, Reading::Forwards)?,
                earlier: earlier.map(|earlier| Pattern::new(family, earlier, error)).transpose()?,
            })
        };
        let entries = settings.into_iter().map(entry).collect::<Result<_, RuleError>>()?;
        Ok(Self { entries, firsts: OnceLock::new() })
    }

    /// The first condition that holds.
    pub(super) fn first(&self, around: Surroundings<'_>, seen: &mut Seen) -> Option<usize> {
        let parts = |side: usize| self.entries.iter().map(move |entry| entry.sides[side].as_ref());
        let [after, before, inside] =
            self.firsts.get_or_init(|| array::from_fn(|side| Firsts::new(parts(side))));
        // most conditions are out of the question for the characters right before and after the match
        after
            .possible(around.after.chars().next())
            .and(before.possible(around.before.chars().next_back()))
            .and(inside.possible(around.inside.chars().next()))
            .iter(self.entries.len())
            .find(|&index| self.entries[index].holds(around, seen))
    }
}

impl Entry {
    fn holds(&self, around: Surroundings<'_>, seen: &mut Seen) -> bool {
        let texts = [around.after, around.before, around.inside];
        let accepts =
            |(part, text): (&Option<Automaton>, _)| part.as_ref().is_none_or(|part| part.accepts(text));
        self.sides.iter().zip(texts).all(accepts)
            && self.next.as_ref().is_none_or(|next| next.accepts(around.next()))
            && self.earlier.as_ref().is_none_or(|earlier| seen.before(earlier, around.prose, around.start))
    }
}

/// Remembers, for one document, where the `earlier` parts of conditions first match.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ends: FxHashMap<*const Pattern, usize>,
}

impl Seen {
    fn before(&mut self, earlier: &Pattern, prose: &str, offset: usize) -> bool {
        let end = self.ends.entry(std::ptr::from_ref(earlier));
        *end.or_insert_with(|| earlier.find(prose).map_or(usize::MAX, |found| found.end())) <= offset
    }
}
