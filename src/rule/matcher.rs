//! What all kinds of rules match with: one pass over the text that finds where anything could begin, and shapes that are
//! tried only there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use regex::{Match, Regex};
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use rustc_hash::FxHashMap;
use toml::Spanned;

use super::definition::Wording;
use super::family::Family;
use super::source::RuleError;
use crate::document::Block;
use crate::text::{TextRange, floor_boundary};

/// Conditions see this many bytes before and after a match (40 Chinese characters), but never past its line.
pub(super) const CONTEXT_BYTES: usize = 120;

/// Makes an error that names the place of a setting.
pub(super) type ErrorAt<'a> = &'a dyn Fn(usize, Wording) -> RuleError;

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

    /// Matches a text that begins with what `expanded`, a regular expression without words, describes.
    pub(super) fn tied(expanded: &str) -> Self {
        Self { source: format!("^(?:{expanded})"), compiled: OnceLock::new() }
    }

    /// As [`Pattern::new`], for a text that the match must begin with.
    pub(super) fn at_start(
        family: &Family,
        pattern: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        Ok(Self::tied(&expand(family, pattern, error)?))
    }

    /// The group `name` of the first match in `text`.
    pub(super) fn group<'t>(&self, text: &'t str, name: &str) -> Option<Match<'t>> {
        self.get()?.captures(text)?.name(name)
    }

    /// Whether it matches somewhere in `text`.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.get().is_some_and(|regex| regex.is_match(text))
    }
}

/// A regular expression with the family's words put in, checked.
pub(super) fn expand(
    family: &Family,
    pattern: &Spanned<String>,
    error: ErrorAt<'_>,
) -> Result<String, RuleError> {
    let at = |message| error(pattern.span().start, message);
    let expanded = family.expand(pattern.get_ref()).map_err(at)?;
    // parsing every pattern of the rules that come along, which the test suite has done, is half of the start-up
    if !family.trusted {
        regex_syntax::parse(&expanded).map_err(|e| at(unparsable(&e)))?;
    }
    Ok(expanded)
}

fn unparsable(error: &regex_syntax::Error) -> Wording {
    let why = match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        other => other.to_string(),
    };
    Wording::new(format!("正则表达式有误：{why}"), format!("not a regular expression: {why}"))
}

/// A regular expression that is tried where one of its first characters stands.
#[derive(Debug)]
pub(super) struct Shape {
    /// What must stand before the trigger and belongs to the match: the 20 of 20XX.
    lead: Option<Pattern>,
    body: Pattern,
    /// Whether of the body only the group `hole` belongs to the match: the gap of `    元`, not the 元.
    holed: bool,
}

impl Shape {
    /// Reads a shape, and the texts that it can begin with.
    pub(super) fn new(
        family: &Family,
        lead: Option<&Spanned<String>>,
        body: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<(Self, Vec<String>), RuleError> {
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
        // most places do not match, which is cheaper to tell without groups
        let whole = self.body.find(rest)?;
        let found = if self.holed { self.body.group(rest, "hole")? } else { whole };
        let start = match &self.lead {
            None => at + found.start(),
            Some(lead) => {
                let from = floor_boundary(prose, at.saturating_sub(CONTEXT_BYTES)).max(line.start);
                from + lead.find(&prose[from..at])?.start()
            }
        };
        Some(TextRange::new(start, at + found.end()))
    }

    /// What stands on either side of the group `kept` of the body, if it has one, where it matches at `at`.
    pub(super) fn around_kept(&self, prose: &str, line: TextRange, at: usize) -> Option<[TextRange; 2]> {
        let rest = &prose[at..line.end];
        let kept = self.body.group(rest, "kept")?;
        let end = self.body.find(rest)?.end();
        Some([TextRange::new(at, at + kept.start()), TextRange::new(at + kept.end(), at + end)])
    }
}

/// The texts that a match of `pattern` can begin with, at most two characters of each.
fn triggers(pattern: &str) -> Result<Vec<String>, Wording> {
    let hir = regex_syntax::parse(pattern).map_err(|e| unparsable(&e))?;
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_class(64).limit_literal_len(6).limit_total(512);
    let found = extractor.extract(&hir);
    let whole = |bytes: &[u8]| {
        let trigger: String = bytes.utf8_chunks().next()?.valid().chars().take(2).collect();
        (!trigger.is_empty()).then_some(trigger)
    };
    let triggers: Option<BTreeSet<String>> = found
        .literals()
        .and_then(|literals| literals.iter().map(|literal| whole(literal.as_bytes())).collect());
    triggers
        .map(|triggers| triggers.into_iter().collect())
        .ok_or_else(|| {
            Wording::new(
                "必须以固定的几个字之一开头：开头写出具体的字，不能是 . 或 \\p{Han}，也不能是可有可无的部分",
                "it must begin with one of a few fixed characters: not with . or \\p{Han}, nor with what may be missing",
            )
        })
}

/// Collects what each engine wants to be told of, for one [`Scanner`].
#[derive(Debug, Default)]
pub(super) struct ScannerBuilder {
    owners: BTreeMap<String, Vec<Owner>>,
    /// How many engines are complete.
    engines: usize,
}

/// The number of an engine, and the tag under which it watches.
type Owner = (usize, u16);

impl ScannerBuilder {
    /// Tells the engine that is being made of every place where `trigger` stands, under the number `tag`.
    pub(super) fn watch(&mut self, tag: usize, trigger: String) {
        let tag = u16::try_from(tag).unwrap_or(u16::MAX);
        self.owners.entry(trigger).or_default().push((self.engines, tag));
    }

    /// The engine that was being made is complete; what is watched from now on is for the next.
    pub(super) fn next_engine(&mut self) {
        self.engines += 1;
    }

    pub(super) fn build(self) -> Scanner {
        let mut scanner = Scanner { engines: self.engines, ..Scanner::default() };
        for (trigger, owners) in self.owners {
            let mut chars = trigger.chars();
            if let Some(first) = chars.next() {
                let next = chars.next();
                scanner.firsts.insert(first, None);
                scanner.triggers.insert(first, next);
                scanner.owners.entry((first, next)).or_default().extend(owners);
            }
        }
        scanner
    }
}

/// A set of characters, and of characters with the next, that is asked about every character of a text. It may take one
/// for another that shares its bit, never the other way round.
#[derive(Debug)]
struct Filter(Vec<u64>);

impl Filter {
    const BITS: usize = 1 << 16;

    /// A character of the Basic Multilingual Plane alone has a bit of its own.
    fn bit(c: char, next: Option<char>) -> usize {
        let spread = next.map_or(0, |next| u32::from(next).wrapping_mul(0x9e37_79b1) >> 16);
        (u32::from(c) ^ spread) as usize % Self::BITS
    }

    fn insert(&mut self, c: char, next: Option<char>) {
        let bit = Self::bit(c, next);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn may_hold(&self, c: char, next: Option<char>) -> bool {
        let bit = Self::bit(c, next);
        (self.0[bit / 64] >> (bit % 64)) & 1 == 1
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self(vec![0; Self::BITS / 64])
    }
}

/// Finds in one pass every place where anything that a rule looks for could begin.
///
/// The triggers are few and short and most characters begin none, so that a bit a character is faster than an automaton
/// that takes a step a byte.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    /// The characters with which triggers begin.
    firsts: Filter,
    /// The triggers.
    triggers: Filter,
    /// Whom to tell of a trigger, which is a character alone or with the next.
    owners: FxHashMap<(char, Option<char>), Vec<Owner>>,
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
        for (start, c) in prose.char_indices() {
            if !self.firsts.may_hold(c, None) {
                continue;
            }
            let next = prose[start..].chars().nth(1);
            for next in [None, next].into_iter().take(1 + usize::from(next.is_some())) {
                if self.triggers.may_hold(c, next) {
                    for &(engine, tag) in self.owners.get(&(c, next)).into_iter().flatten() {
                        hits[engine].push(Hit { start, tag });
                    }
                }
            }
        }
        for list in &mut hits {
            list.sort_unstable();
            list.dedup();
        }
        hits
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
