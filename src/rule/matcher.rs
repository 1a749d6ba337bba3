//! What all kinds of rules match with: one pass over the text that finds where anything could begin, and shapes that are
//! tried only there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use regex::{Match, Regex};
use regex_syntax::hir::Hir;
use rustc_hash::FxHashMap;
use toml::Spanned;

use super::automaton::{Automaton, Reading};
use super::definition::Wording;
use super::family::Family;
use super::source::RuleError;
use super::trigger;
use crate::document::Block;
use crate::text::TextRange;

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
        Self::between("", "", family, pattern, error)
    }

    /// As [`Pattern::new`], for a text that the match must begin with.
    pub(super) fn at_start(
        family: &Family,
        pattern: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        Self::between("^", "", family, pattern, error)
    }

    /// As [`Pattern::new`], for a text that the match must end with.
    pub(super) fn at_end(
        family: &Family,
        pattern: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        Self::between("", "$", family, pattern, error)
    }

    fn between(
        start: &str,
        end: &str,
        family: &Family,
        pattern: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        let source = format!("{start}(?:{}){end}", expand(family, pattern, error)?);
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

/// A regular expression that is read outwards from a place, with the family's words put in, checked.
pub(super) fn tied(
    family: &Family,
    pattern: &Spanned<String>,
    reading: Reading,
    error: ErrorAt<'_>,
) -> Result<Automaton, RuleError> {
    let automaton = Automaton::new(expand(family, pattern, error)?, reading);
    let has_word_edge = |hir: &Hir| hir.properties().look_set().contains_word_unicode();
    if !family.trusted && automaton.hir().is_some_and(has_word_edge) {
        let message = Wording::new(
            "这里不能用 \\b：汉字之间没有词的边界；英文单词请写 (?-u:\\b)",
            "\\b cannot be used here, as there are no word edges between Chinese characters; for English words write (?-u:\\b)",
        );
        return Err(error(pattern.span().start, message));
    }
    Ok(automaton)
}

fn unparsable(error: &regex_syntax::Error) -> Wording {
    let why = match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        other => other.to_string(),
    };
    Wording::new(format!("正则表达式有误：{why}"), format!("not a regular expression: {why}"))
}

/// The groups of a shape that mean something.
const GROUPS: [&str; 3] = ["hole", "kept", "fill"];

/// A regular expression that is tried where one of its first characters stands.
#[derive(Debug)]
pub(super) struct Shape {
    /// What must stand before the trigger and belongs to the match: the 20 of 20XX.
    lead: Option<Automaton>,
    /// The length of the body in bytes, if it is no more than what it is tried for.
    fixed: Option<usize>,
    body: Automaton,
    /// The body, if of it only the group `hole` belongs to the match: the gap of `    元`, not the 元.
    hole: Option<Arc<Pattern>>,
    /// The body, if it has a group `kept`, which a fix leaves as it is.
    kept: Option<Arc<Pattern>>,
    /// The body, if a value replaces only its group `fill`: the inside of 《　》, the blank behind 联系人：.
    fill: Option<Arc<Pattern>>,
}

impl Shape {
    /// Reads a shape, and the texts that it can begin with.
    pub(super) fn new(
        family: &Family,
        lead: Option<&Spanned<String>>,
        body: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<(Self, Vec<String>), RuleError> {
        let is_grouped = GROUPS.iter().any(|name| has_group(body, name));
        let grouped = is_grouped.then(|| Pattern::at_start(family, body, error)).transpose()?.map(Arc::new);
        let with_group = |name| grouped.clone().filter(|_| has_group(body, name));
        let automaton = tied(family, body, Reading::Forwards, error)?;
        let triggers = triggers(automaton.source());
        let triggers = triggers.ok_or_else(|| error(body.span().start, no_trigger()))?;
        let shape = Self {
            lead: lead.map(|lead| tied(family, lead, Reading::Backwards, error)).transpose()?,
            fixed: (triggers == [automaton.source()]).then(|| automaton.source().len()),
            body: automaton,
            hole: with_group("hole"),
            kept: with_group("kept"),
            fill: with_group("fill"),
        };
        Ok((shape, triggers))
    }

    /// The match whose trigger stands at `at`, inside `line` (both in `prose`), if it matches there.
    pub(super) fn match_at(&self, prose: &str, line: TextRange, at: usize) -> Option<TextRange> {
        let lead = match &self.lead {
            None => None,
            Some(lead) => Some(lead.reach(&prose[line.start..at])?),
        };
        let rest = &prose[at..line.end];
        let len = self.fixed.or_else(|| self.body.reach(rest))?;
        let (start, end) = match &self.hole {
            None => (0, len),
            Some(hole) => hole.group(rest, "hole").map(|hole| (hole.start(), hole.end()))?,
        };
        Some(TextRange::new(lead.map_or(at + start, |lead| at - lead), at + end))
    }

    /// What stands on either side of the group `kept` of the body, if it has one, where it matches at `at`.
    pub(super) fn around_kept(&self, prose: &str, line: TextRange, at: usize) -> Option<[TextRange; 2]> {
        let rest = &prose[at..line.end];
        let kept = self.kept.as_ref()?.group(rest, "kept")?;
        let end = self.body.reach(rest)?;
        Some([TextRange::new(at, at + kept.start()), TextRange::new(at + kept.end(), at + end)])
    }

    /// What a value replaces of `found`, a match whose trigger stands at `at`, or behind it. A group `fill` that had no
    /// part in the match is the empty place where the match ends.
    pub(super) fn fill_at(&self, prose: &str, line: TextRange, at: usize, found: TextRange) -> TextRange {
        let Some(body) = &self.fill else { return found };
        let group = body.group(&prose[at..line.end], "fill");
        group.map_or(TextRange::new(found.end, found.end), |fill| {
            TextRange::new(at + fill.start(), at + fill.end())
        })
    }
}

/// A regular expression that the end of a line is tried for.
#[derive(Debug)]
pub(super) struct LineEnd {
    body: Automaton,
    /// The body, if of it only the group `hole` belongs to the match.
    hole: Option<Pattern>,
}

impl LineEnd {
    pub(super) fn new(
        family: &Family,
        body: &Spanned<String>,
        error: ErrorAt<'_>,
    ) -> Result<Self, RuleError> {
        let holed = has_group(body, "hole");
        Ok(Self {
            body: tied(family, body, Reading::Backwards, error)?,
            hole: holed.then(|| Pattern::at_end(family, body, error)).transpose()?,
        })
    }

    /// What it is tried with.
    pub(super) fn body(&self) -> &Automaton {
        &self.body
    }

    /// The match that `line`, a part of `prose`, ends with.
    pub(super) fn match_in(&self, prose: &str, line: TextRange) -> Option<TextRange> {
        let start = line.end - self.body.reach(line.of(prose))?;
        match &self.hole {
            None => Some(TextRange::new(start, line.end)),
            Some(hole) => {
                let hole = hole.group(&prose[start..line.end], "hole")?;
                Some(TextRange::new(start + hole.start(), start + hole.end()))
            }
        }
    }
}

fn has_group(pattern: &Spanned<String>, name: &str) -> bool {
    pattern.get_ref().contains(&format!("(?P<{name}>"))
}

/// The shapes of the rules that come along, ordered, and the triggers of each.
const TRIGGERS: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/triggers.rs"));

fn triggers(shape: &str) -> Option<Vec<String>> {
    match TRIGGERS.binary_search_by_key(&shape, |known| known.0) {
        Ok(index) => Some(TRIGGERS[index].1.iter().copied().map(str::to_owned).collect()),
        Err(_) => trigger::triggers(shape),
    }
}

fn no_trigger() -> Wording {
    Wording::new(
        "必须以固定的几个字之一开头：开头写出具体的字，不能是 . 或 \\p{Han}，也不能是可有可无的部分",
        "it must begin with one of a few fixed characters: not with . or \\p{Han}, nor with what may be missing",
    )
}

/// The number of an engine, and the tag under which it watches.
type Owner = (usize, u16);

/// Collects what each engine wants to be told of, for one [`Scanner`].
#[derive(Debug, Default)]
pub(super) struct ScannerBuilder {
    owners: BTreeMap<String, BTreeSet<Owner>>,
    /// How many engines are complete.
    engines: usize,
}

impl ScannerBuilder {
    /// Tells the engine that is being made of every place where `trigger`, of one or two characters, stands, under the
    /// number `tag`.
    pub(super) fn watch(&mut self, tag: usize, trigger: String) {
        let tag = u16::try_from(tag).unwrap_or(u16::MAX);
        self.owners.entry(trigger).or_default().insert((self.engines, tag));
    }

    /// The engine that was being made is complete; what is watched from now on is for the next.
    pub(super) fn next_engine(&mut self) {
        self.engines += 1;
    }

    pub(super) fn build(self) -> Scanner {
        let mut scanner = Scanner { engines: self.engines, ..Scanner::default() };
        // a trigger comes before those that it begins
        for (trigger, mut owners) in self.owners {
            let mut chars = trigger.chars();
            let Some(first) = chars.next() else { continue };
            let next = chars.next();
            scanner.pairs.add(first, next);
            let begun = scanner.begun.entry(first).or_default();
            match next {
                None => begun.alone = owners.into_iter().collect(),
                Some(next) => {
                    owners.extend(&begun.alone);
                    begun.with_next.push((next, owners.into_iter().collect()));
                }
            }
        }
        scanner
    }
}

/// Finds in one pass every place where anything that a rule looks for could begin.
///
/// The triggers are few and short and most characters begin none, so that a look at a table for each character is faster
/// than an automaton that takes a step a byte.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    pairs: Pairs,
    begun: FxHashMap<char, Begun>,
    engines: usize,
}

/// Which pairs of characters could begin a trigger, told by some of their bits: by the low 11 of the first, a set of the
/// low 6 of the second. Small enough to stay in the nearest cache, and seldom wrong: a branch that is taken for every
/// character that begins some trigger would be mispredicted so often that the whole scan took twice as long.
#[derive(Debug)]
struct Pairs(Box<[u64; 1 << 11]>);

impl Default for Pairs {
    fn default() -> Self {
        Self(Box::new([0; 1 << 11]))
    }
}

impl Pairs {
    fn add(&mut self, first: char, next: Option<char>) {
        self.0[first as usize % self.0.len()] |= next.map_or(u64::MAX, |next| 1 << (next as u32 % u64::BITS));
    }

    fn may_have(&self, first: char, next: char) -> bool {
        self.0[first as usize % self.0.len()] >> (next as u32 % u64::BITS) & 1 == 1
    }
}

/// Whom to tell of the triggers that begin with one character, each list ascending.
#[derive(Debug, Default)]
struct Begun {
    /// Those who watch for the character alone.
    alone: Vec<Owner>,
    /// By the next character, ascending, where it makes a difference: those who watch for both, and those above.
    with_next: Vec<(char, Vec<Owner>)>,
}

impl Begun {
    fn owners(&self, next: Option<char>) -> &[Owner] {
        let found = next.and_then(|next| self.with_next.binary_search_by_key(&next, |with| with.0).ok());
        found.map_or(&self.alone, |index| &self.with_next[index].1)
    }
}

/// A trigger found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Byte offset in the prose.
    pub start: usize,
    /// The tag under which it was watched.
    pub tag: u16,
}

impl Scanner {
    /// The hits of each engine, in the order in which they were made, each list ascending by place and tag.
    pub(super) fn scan(&self, prose: &str) -> Vec<Vec<Hit>> {
        // about as many as a draft full of headings has
        let mut hits: Vec<_> = (0..self.engines).map(|_| Vec::with_capacity(prose.len() / 128)).collect();
        let (mut start, mut first) = (0, '\0');
        for (at, next) in prose.char_indices() {
            if self.pairs.may_have(first, next) {
                self.tell(start, first, Some(next), &mut hits);
            }
            (start, first) = (at, next);
        }
        self.tell(start, first, None, &mut hits);
        hits
    }

    /// Hands on what begins with `first`, at `start`, if `next` follows it; kept apart, so that the loop fits the registers.
    #[inline(never)]
    fn tell(&self, start: usize, first: char, next: Option<char>, hits: &mut [Vec<Hit>]) {
        let Some(begun) = self.begun.get(&first) else { return };
        for &(engine, tag) in begun.owners(next) {
            hits[engine].push(Hit { start, tag });
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
