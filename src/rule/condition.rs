//! Conditions on the words around a match: data in the rule files, tried together here.

use std::fmt;
use std::sync::OnceLock;

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::automaton::{Automaton, Reading};
use super::definition::Example;
use super::family::Family;
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
    before: Side,
    inside: Side,
    after: Side,
    entries: Vec<Entry>,
}

/// One condition: its number on each side where it has a part.
#[derive(Debug)]
struct Entry {
    before: Option<usize>,
    inside: Option<usize>,
    after: Option<usize>,
    next: Option<Automaton>,
    earlier: Option<Pattern>,
}

impl Conditions {
    pub(super) fn new<'a>(
        family: &Family,
        settings: impl IntoIterator<Item = &'a ConditionSettings>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        let (mut before, mut inside, mut after) = (Side::default(), Side::default(), Side::default());
        let mut entries = Vec::new();
        for setting in settings {
            let next = setting.next.as_ref();
            let next = next.map(|next| tied(family, next, Reading::Forwards, error)).transpose()?;
            let earlier =
                setting.earlier.as_ref().map(|earlier| Pattern::new(family, earlier, error)).transpose()?;
            entries.push(Entry {
                before: before.add(family, setting.before.as_ref(), Reading::Backwards, error)?,
                inside: inside.add(family, setting.inside.as_ref(), Reading::Whole, error)?,
                after: after.add(family, setting.after.as_ref(), Reading::Forwards, error)?,
                next,
                earlier,
            });
        }
        Ok(Self { before, inside, after, entries })
    }

    /// The first condition that holds.
    pub(super) fn first(&self, around: Surroundings<'_>, seen: &mut Seen) -> Option<usize> {
        // most conditions are out of the question for the characters right before and after the match
        let before = self.before.possible(around.before.chars().next_back());
        let inside = self.inside.possible(around.inside.chars().next());
        let after = self.after.possible(around.after.chars().next());
        self.entries.iter().position(|entry| {
            inside.contains(entry.inside)
                && after.contains(entry.after)
                && before.contains(entry.before)
                && self.inside.holds(entry.inside, around.inside)
                && self.after.holds(entry.after, around.after)
                && self.before.holds(entry.before, around.before)
                && entry.next.as_ref().is_none_or(|next| next.accepts(around.next()))
                && entry
                    .earlier
                    .as_ref()
                    .is_none_or(|earlier| seen.before(earlier, around.prose, around.start))
        })
    }
}

/// The parts of all conditions that look at one side of a match. What stands before is read from the match outwards, so
/// that on every side the first character decides most.
#[derive(Debug, Default)]
struct Side {
    parts: Vec<Automaton>,
    /// The parts that can hold, from each character on up to the next; built when first needed.
    starts: OnceLock<Vec<(char, Parts)>>,
}

/// A set of parts of a side, by their number; a part beyond the last bit is in every set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Parts(u128);

impl Parts {
    fn with(self, part: usize) -> Self {
        Self(self.0 | 1u128.checked_shl(u32::try_from(part).unwrap_or(u32::MAX)).unwrap_or(0))
    }

    /// Whether the set has a part; one that is not given is in every set.
    fn contains(self, part: Option<usize>) -> bool {
        part.is_none_or(|part| part >= 128 || self.0 >> part & 1 == 1)
    }
}

impl Side {
    /// Adds the part of a condition, if it has one here.
    fn add(
        &mut self,
        family: &Family,
        part: Option<&Spanned<String>>,
        reading: Reading,
        error: ErrorAt<'_>,
    ) -> Result<Option<usize>, RuleError> {
        let Some(part) = part else { return Ok(None) };
        self.parts.push(tied(family, part, reading, error)?);
        Ok(Some(self.parts.len() - 1))
    }

    /// The parts that can hold where `first` is the first character outwards, if there is one.
    fn possible(&self, first: Option<char>) -> Parts {
        let starts = self.starts.get_or_init(|| starts(&self.parts));
        match first {
            None => Parts(u128::MAX),
            Some(c) => starts[..starts.partition_point(|&(from, _)| from <= c)]
                .last()
                .map_or_else(Parts::default, |s| s.1),
        }
    }

    /// Whether a part holds; one that is not given does.
    fn holds(&self, part: Option<usize>, text: &str) -> bool {
        part.is_none_or(|part| self.parts[part].accepts(text))
    }
}

/// An index of the characters with which expressions can begin.
fn starts(automata: &[Automaton]) -> Vec<(char, Parts)> {
    let any = vec![('\0', char::MAX)];
    let firsts: Vec<Vec<(char, char)>> = automata
        .iter()
        .map(|automaton| {
            let mut first = Vec::new();
            let decided = automaton.hir().is_some_and(|hir| first_of(hir, &mut first));
            if decided { first } else { any.clone() }
        })
        .collect();
    let mut edges: Vec<char> = firsts
        .iter()
        .flatten()
        .flat_map(|&(start, end)| [Some(start), next_char(end)])
        .flatten()
        .chain(['\0'])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let mut index: Vec<(char, Parts)> = edges.into_iter().map(|from| (from, Parts::default())).collect();
    for (part, first) in firsts.iter().enumerate() {
        for &(start, end) in first {
            let from = index.partition_point(|&(edge, _)| edge < start);
            let to = index.partition_point(|&(edge, _)| edge <= end);
            for (_, parts) in &mut index[from..to] {
                *parts = parts.with(part);
            }
        }
    }
    index
}

fn next_char(c: char) -> Option<char> {
    (u32::from(c) + 1..=u32::from(char::MAX)).find_map(char::from_u32)
}

/// Adds the ranges of characters with which `hir` can begin to `first`; tells whether it must begin with one of them
/// where there is a character at all, that is, whether it cannot be empty.
fn first_of(hir: &Hir, first: &mut Vec<(char, char)>) -> bool {
    match hir.kind() {
        // at the end there is no first character
        HirKind::Look(Look::End) => true,
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => {
            let begins_with = literal.0.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
            first.push(begins_with.map_or(('\0', char::MAX), |c| (c, c)));
            true
        }
        HirKind::Class(Class::Unicode(class)) => {
            first.extend(class.iter().map(|range| (range.start(), range.end())));
            true
        }
        HirKind::Class(Class::Bytes(_)) => {
            first.push(('\0', char::MAX));
            true
        }
        HirKind::Repetition(repetition) => first_of(&repetition.sub, first) && repetition.min > 0,
        HirKind::Capture(capture) => first_of(&capture.sub, first),
        HirKind::Concat(parts) => parts.iter().any(|part| first_of(part, first)),
        HirKind::Alternation(parts) => {
            // every branch counts, so none may be passed over
            let optional = parts.iter().filter(|part| !first_of(part, first)).count();
            optional == 0
        }
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
