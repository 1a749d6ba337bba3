//! What all kinds of rules match with: one pass over the text that finds where anything could begin, shapes that are
//! tried only there, and conditions on the words around.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, StartKind};
use regex::{Match, Regex, RegexSet, SetMatches};
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind, Look, Repetition};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::definition::{Example, Family, RuleError};
use crate::document::{Block, Format};
use crate::text::{TextRange, ceil_boundary, floor_boundary};

/// Conditions see this many bytes before and after a match (40 Chinese characters), but never past its line.
const CONTEXT_BYTES: usize = 120;

/// Makes an error that names the place of a setting.
pub(super) type ErrorAt<'a> = &'a dyn Fn(usize, String) -> RuleError;

/// A regular expression of a rule file, compiled when it is first needed: most drafts need few.
#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(
        family: &Family,
        pattern: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        Self::wrapped(family, pattern, str::to_owned, error)
    }

    fn wrapped(
        family: &Family,
        pattern: &Spanned<String>,
        wrap: impl Fn(&str) -> String,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        let source = wrap(&expand(family, pattern, error)?);
        Ok(Self { source, compiled: OnceLock::new() })
    }

    /// The compiled form. `None` only where it parses but would be too large, which the rule's examples bring to light.
    fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }

    /// The first match in `text`.
    pub(super) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.get()?.find(text)
    }

    /// As [`Pattern::new`], for a text that the match must begin with.
    pub(super) fn at_start(
        family: &Family,
        pattern: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        Self::wrapped(family, pattern, after, error)
    }

    /// What the group `name` of the first match in `text` holds.
    pub(super) fn group<'t>(&self, text: &'t str, name: &str) -> Option<&'t str> {
        Some(self.get()?.captures(text)?.name(name)?.as_str())
    }

    /// Whether it matches somewhere in `text`.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.get().is_some_and(|regex| regex.is_match(text))
    }
}

/// A regular expression with the family's words put in, checked.
fn expand(family: &Family, pattern: &Spanned<String>, error: ErrorAt<'_>) -> Result<String, RuleError> {
    let at = |message: String| error(pattern.span().start, message);
    let expanded = family.expand(pattern.get_ref()).map_err(at)?;
    // parsing every pattern of the rules that come along, which the test suite has done, is half of the start-up
    if !family.trusted {
        regex_syntax::parse(&expanded).map_err(|e| at(e.to_string()))?;
    }
    Ok(expanded)
}

/// A regular expression that is tried where one of its first characters stands.
#[derive(Debug)]
pub(super) struct Shape {
    /// What must stand before the trigger and belongs to the match: the 20 of 20XX.
    lead: Option<Pattern>,
    body: Pattern,
    /// Whether only the group `hole` of the body belongs to the match: the gap of `    元`, not the 元.
    holed: bool,
}

impl Shape {
    /// Reads a shape, and the texts that it can begin with.
    pub(super) fn new(
        family: &Family,
        lead: Option<&Spanned<String>>,
        body: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<(Self, Vec<Vec<u8>>), RuleError> {
        let lead =
            lead.map(|lead| Pattern::wrapped(family, lead, |p| format!("(?:{p})$"), error)).transpose()?;
        let triggers =
            triggers(&expand(family, body, error)?).map_err(|message| error(body.span().start, message))?;
        let holed = body.get_ref().contains("(?P<hole>");
        Ok((Self { lead, body: Pattern::at_start(family, body, error)?, holed }, triggers))
    }

    /// The match whose trigger stands at `at`, inside `line` (both in `prose`), if it matches there.
    pub(super) fn match_at(&self, prose: &str, line: TextRange, at: usize) -> Option<TextRange> {
        let rest = &prose[at..line.end];
        let mut len = self.body.find(rest)?.end();
        if self.holed {
            len = self.body.group(rest, "hole").map_or(len, str::len);
        }
        let start = match &self.lead {
            None => at,
            Some(lead) => {
                let from = floor_boundary(prose, at.saturating_sub(CONTEXT_BYTES)).max(line.start);
                from + lead.find(&prose[from..at])?.start()
            }
        };
        Some(TextRange::new(start, at + len))
    }
}

/// The texts that a match of `pattern` can begin with, a few bytes of each.
fn triggers(pattern: &str) -> Result<Vec<Vec<u8>>, String> {
    let hir = regex_syntax::parse(pattern).map_err(|e| e.to_string())?;
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_class(64).limit_literal_len(6).limit_total(512);
    let mut found = extractor.extract(&hir);
    found.dedup();
    match found.literals() {
        Some(literals) if literals.iter().all(|literal| !literal.is_empty()) => {
            Ok(literals.iter().map(|literal| literal.as_bytes().to_vec()).collect())
        }
        _ => Err("a pattern must begin with one of a few fixed characters".to_owned()),
    }
}

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
    /// Matches somewhere in the document before the match, however far.
    earlier: Option<Spanned<String>>,
    /// Why, for whoever reads the rule.
    reason: Option<String>,
    /// A draft that shows it; marks stand around what the rule still finds.
    example: Option<Spanned<String>>,
}

impl ConditionSettings {
    pub(super) fn example(&self) -> Option<Example> {
        let text = self.example.clone()?;
        Some(Example { text, format: Format::Plain, slot: None, unit: None, why: self.reason.clone() })
    }
}

/// A regular expression for the same texts read backwards.
fn backwards(pattern: &str) -> String {
    regex_syntax::parse(pattern).map_or_else(|_| pattern.to_owned(), |hir| reversed(hir).to_string())
}

fn reversed(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => {
            let text: String = String::from_utf8_lossy(&literal.0).chars().rev().collect();
            Hir::literal(text.into_bytes())
        }
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(Look::Start) => Hir::look(Look::End),
        HirKind::Look(Look::End) => Hir::look(Look::Start),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(reversed(*repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition })
        }
        HirKind::Capture(capture) => reversed(*capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.into_iter().rev().map(reversed).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.into_iter().map(reversed).collect()),
    }
}

/// A match with what stands around it on its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    prose: &'a str,
    start: usize,
    pub before: &'a str,
    pub inside: &'a str,
    pub after: &'a str,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(prose: &'a str, line: TextRange, range: TextRange) -> Self {
        let from = ceil_boundary(prose, range.start.saturating_sub(CONTEXT_BYTES)).max(line.start);
        let to = floor_boundary(prose, range.end + CONTEXT_BYTES).min(line.end);
        let (before, after) = (&prose[from..range.start], &prose[range.end..to]);
        Self { prose, start: range.start, before, inside: range.of(prose), after }
    }

    /// What stands before the match, read from the match outwards.
    fn before_backwards(&self) -> String {
        self.before.chars().rev().collect()
    }
}

/// A list of conditions, tried together.
#[derive(Debug)]
pub(super) struct Conditions {
    sides: [Side; 3],
    entries: Vec<Entry>,
}

/// The parts of all conditions that look at one side of a match; compiled when first needed.
#[derive(Debug)]
struct Side {
    patterns: Vec<String>,
    /// Ties a pattern to the match.
    anchor: fn(&str) -> String,
    compiled: OnceLock<RegexSet>,
}

/// What stands before a match is read from the match outwards: most conditions are decided by a character or two.
fn before(pattern: &str) -> String {
    format!("^(?:{})", backwards(pattern))
}

fn inside(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

fn after(pattern: &str) -> String {
    format!("^(?:{pattern})")
}

impl Side {
    fn new(anchor: fn(&str) -> String) -> Self {
        Self { patterns: Vec::new(), anchor, compiled: OnceLock::new() }
    }

    /// `None` if there is nothing to match.
    fn matches(&self, text: &str) -> Option<SetMatches> {
        if self.patterns.is_empty() {
            return None;
        }
        // patterns that parse but are too large match nothing, which the rule's examples bring to light
        let compile = || RegexSet::new(self.patterns.iter().map(|pattern| (self.anchor)(pattern)));
        let set = self.compiled.get_or_init(|| compile().unwrap_or_else(|_| RegexSet::empty()));
        Some(set.matches(text)).filter(|matches| matches.len() == self.patterns.len())
    }
}

fn matched(matches: Option<&SetMatches>, part: Option<usize>) -> bool {
    part.is_none_or(|part| matches.is_some_and(|matches| matches.matched(part)))
}

#[derive(Debug)]
struct Entry {
    /// The index of the condition's part in the set of each side.
    parts: [Option<usize>; 3],
    earlier: Option<Pattern>,
}

impl Conditions {
    pub(super) fn new<'a>(
        family: &Family,
        settings: impl IntoIterator<Item = &'a ConditionSettings>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        let mut sides = [Side::new(before), Side::new(inside), Side::new(after)];
        let mut entries = Vec::new();
        for setting in settings {
            let mut parts = [None; 3];
            for (side, part) in [&setting.before, &setting.inside, &setting.after].into_iter().enumerate() {
                let Some(part) = part else { continue };
                let expanded = expand(family, part, error)?;
                parts[side] = Some(sides[side].patterns.len());
                sides[side].patterns.push(expanded);
            }
            let earlier =
                setting.earlier.as_ref().map(|earlier| Pattern::new(family, earlier, error)).transpose()?;
            entries.push(Entry { parts, earlier });
        }
        Ok(Self { sides, entries })
    }

    /// The first condition that holds.
    pub(super) fn first(&self, around: Surroundings<'_>, seen: &mut Seen) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        let [before, inside, after] = &self.sides;
        // what stands before is the dearest to look at, and mostly the rest decides
        let (looked, inside, after) =
            (OnceCell::new(), inside.matches(around.inside), after.matches(around.after));
        self.entries.iter().position(|entry| {
            let [part_before, part_inside, part_after] = entry.parts;
            matched(inside.as_ref(), part_inside)
                && matched(after.as_ref(), part_after)
                && part_before.is_none_or(|part| {
                    matched(
                        looked.get_or_init(|| before.matches(&around.before_backwards())).as_ref(),
                        Some(part),
                    )
                })
                && entry
                    .earlier
                    .as_ref()
                    .is_none_or(|earlier| seen.before(earlier, around.prose, around.start))
        })
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

/// Collects what each engine wants to be told of, for one [`Scanner`].
#[derive(Debug, Default)]
pub(super) struct ScannerBuilder {
    owners: BTreeMap<Vec<u8>, Vec<(usize, u16)>>,
    /// How many engines are complete.
    engines: usize,
}

impl ScannerBuilder {
    /// Tells the engine that is being made of every place where `trigger` stands, under the number `tag`.
    pub(super) fn watch(&mut self, tag: usize, trigger: Vec<u8>) {
        let tag = u16::try_from(tag).unwrap_or(u16::MAX);
        self.owners.entry(trigger).or_default().push((self.engines, tag));
    }

    /// The engine that was being made is complete; what is watched from now on is for the next.
    pub(super) fn next_engine(&mut self) {
        self.engines += 1;
    }

    pub(super) fn build(self) -> Scanner {
        let (triggers, owners): (Vec<Vec<u8>>, Vec<_>) = self.owners.into_iter().unzip();
        let build = |triggers| DFA::builder().start_kind(StartKind::Unanchored).build(triggers);
        let automaton = if owners.is_empty() { None } else { build(triggers).ok() };
        Scanner { automaton, owners, engines: self.engines }
    }
}

/// Finds in one pass every place where anything that a rule looks for could begin.
#[derive(Debug)]
pub(super) struct Scanner {
    automaton: Option<DFA>,
    /// For each trigger the engines to tell and their tags.
    owners: Vec<Vec<(usize, u16)>>,
    engines: usize,
}

/// A trigger found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Byte offset in the prose.
    pub start: usize,
    /// The tag under which it was watched.
    pub tag: u16,
}

impl Scanner {
    /// The hits of each engine, in the order in which they were made, each list ascending.
    pub(super) fn scan(&self, prose: &str) -> Vec<Vec<Hit>> {
        let mut hits = vec![Vec::new(); self.engines];
        if let Some(automaton) = &self.automaton {
            self.run(automaton, prose, &mut hits);
        }
        for list in &mut hits {
            list.sort_unstable();
            list.dedup();
        }
        hits
    }
}

impl Scanner {
    /// Tells of every trigger in `prose`, those inside others too. Written out because the ready-made search for
    /// overlapping matches takes three times as long.
    fn run(&self, automaton: &DFA, prose: &str, hits: &mut [Vec<Hit>]) {
        let Ok(mut state) = automaton.start_state(Anchored::No) else { return };
        for (at, &byte) in prose.as_bytes().iter().enumerate() {
            state = automaton.next_state(Anchored::No, state, byte);
            if !automaton.is_special(state) || !automaton.is_match(state) {
                continue;
            }
            for index in 0..automaton.match_len(state) {
                let trigger = automaton.match_pattern(state, index);
                let start = at + 1 - automaton.pattern_len(trigger);
                for &(engine, tag) in &self.owners[trigger.as_usize()] {
                    hits[engine].push(Hit { start, tag });
                }
            }
        }
    }
}

/// Walks the blocks of a document along with ascending offsets.
#[derive(Debug)]
pub(super) struct BlockCursor<'a> {
    blocks: &'a [Block],
    index: usize,
}

impl<'a> BlockCursor<'a> {
    pub(super) fn new(blocks: &'a [Block]) -> Self {
        Self { blocks, index: 0 }
    }

    /// The index of the block that holds `offset`, which is never smaller than the one asked for before.
    pub(super) fn find(&mut self, offset: usize) -> Option<usize> {
        while self.blocks.get(self.index)?.range.end <= offset {
            self.index += 1;
        }
        (self.blocks[self.index].range.start <= offset).then_some(self.index)
    }
}
