//! Duplicate rules: paragraphs that stand in the draft twice, word for word, nearly, or with other figures.
//!
//! Paragraphs are never compared with every other. Each leaves fingerprints (hashes of runs of four characters, thinned
//! out in long paragraphs) in an index; those that share enough of them with an earlier one are compared with it.

mod across;
mod similarity;

use std::fmt;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::Engine;
use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Kind, Wording};
use super::family::Family;
use super::matcher::{Hit, Pattern, ScannerBuilder};
use super::source::RuleError;
use super::template::{Repair, Voice};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Lang};
use crate::document::{Block, BlockKind, Document, is_han};
use crate::text::TextRange;
pub(super) use across::{Across, compile_across};
use similarity::{
    Fingerprints, Print, differing_figures, is_similar, same_but_for_figures, same_but_for_space,
};

/// The `[duplicate]` table of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// How alike the paragraphs are.
    likeness: Likeness,
    /// Whether they stand in several drafts, not in one.
    #[serde(default)]
    across_files: bool,
}

/// How alike two paragraphs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Likeness {
    /// Every character but white space.
    Exact,
    /// All but the numbers.
    Figures,
    /// Nearly all.
    Near,
}

/// The `[repeat]` table of a family: when two paragraphs count as the same.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RepeatSettings {
    /// Shorter paragraphs do not count, in characters; nor do those with more signs than letters.
    min_chars: usize,
    /// Shorter paragraphs are not compared for near repeats: two of their words already make the difference.
    near_min_chars: usize,
    /// The share of characters, in order, that near repeats have in common: 0.0 to 1.0.
    similarity: f64,
    /// How items of a list, provisions and the like begin: they are worded alike on purpose.
    listed: Spanned<String>,
    /// Those count only from this length on, or where they go on with a repeat.
    listed_min_chars: usize,
    /// What stands in more drafts than these is there on purpose.
    max_files: usize,
    /// What makes a paragraph one that may well be repeated.
    #[serde(default)]
    unless: Vec<ConditionSettings>,
    /// What makes it one that may well be like another, though not the same.
    #[serde(default)]
    unless_exact: Vec<ConditionSettings>,
    /// What makes it one that may well stand in several drafts.
    #[serde(default)]
    unless_across: Vec<ConditionSettings>,
}

/// Limits of a user's own: when two paragraphs count as the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Shorter paragraphs do not count, in characters.
    pub min_chars: Option<usize>,
    /// Shorter paragraphs are not compared for near repeats, in characters.
    pub near_min_chars: Option<usize>,
    /// Items of lists and provisions count only from this length on, in characters.
    pub listed_min_chars: Option<usize>,
    /// The share of characters, in order, that near repeats have in common: 0.0 to 1.0.
    pub similarity: Option<f64>,
    /// A paragraph that stands in more drafts than these is not told of as a repeat across files.
    pub max_files: Option<usize>,
}

/// The limits that are given, as a configuration writes them.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |name: &str, value: Option<usize>| value.map(|value| format!("{name} = {value}"));
        let given = [
            count("min_chars", self.min_chars),
            count("near_min_chars", self.near_min_chars),
            count("listed_min_chars", self.listed_min_chars),
            self.similarity.map(|share| format!("similarity = {share}")),
            count("max_files", self.max_files),
        ];
        f.write_str(&given.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

impl RepeatSettings {
    /// Sets the limits that are given.
    pub(super) fn limit(&mut self, limits: &Limits) {
        let Limits { min_chars, near_min_chars, listed_min_chars, similarity, max_files } = *limits;
        self.min_chars = min_chars.unwrap_or(self.min_chars);
        self.near_min_chars = near_min_chars.unwrap_or(self.near_min_chars);
        self.listed_min_chars = listed_min_chars.unwrap_or(self.listed_min_chars);
        self.similarity = similarity.unwrap_or(self.similarity);
        self.max_files = max_files.unwrap_or(self.max_files);
    }
}

#[derive(Debug)]
struct Rule {
    voice: Voice,
    likeness: Likeness,
}

/// Which paragraphs count, for all rules of a family.
#[derive(Debug)]
struct Standard {
    settings: RepeatSettings,
    listed: Pattern,
    unless: Conditions,
    unless_exact: Conditions,
    unless_across: Conditions,
}

impl Standard {
    /// The one of the family of `rule`, whose file must have it.
    fn new(rule: &Definition, family: &Family) -> Result<Self, RuleError> {
        let settings = family.repeat.clone().ok_or_else(|| {
            let file = format!("{}.toml", rule.family());
            let message = Wording::new(
                format!("[duplicate] 规则要求 {file} 里有 [repeat] 表"),
                format!("a [duplicate] rule needs a [repeat] table in {file}"),
            );
            rule.error_at(0, message)
        })?;
        let error = |offset: usize, message: Wording| family.error_at(offset, message);
        Ok(Self {
            listed: Pattern::new(family, &settings.listed, &error)?,
            unless: Conditions::new(family, &settings.unless, &error)?,
            unless_exact: Conditions::new(family, &settings.unless_exact, &error)?,
            unless_across: Conditions::new(family, &settings.unless_across, &error)?,
            settings,
        })
    }

    /// The paragraphs of a document that may be long enough, without white space around them.
    fn candidates<'a>(&self, document: &'a Document) -> impl Iterator<Item = (&'a str, TextRange)> {
        let min_chars = self.settings.min_chars;
        let is_prose = |block: &&Block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem);
        document.blocks().iter().filter(is_prose).filter_map(move |block| {
            let line = block.range.of(document.prose());
            // a character takes at least a byte: most lines are told by their length
            if line.len() < min_chars {
                return None;
            }
            let text = line.trim();
            let start = block.range.start + (line.len() - line.trim_start().len());
            Some((text, TextRange::new(start, start + text.len())))
        })
    }

    /// Whether a paragraph of so many characters is one that is not worded like others as a matter of course.
    fn stands_out(&self, text: &str, chars: usize, likeness: Likeness) -> bool {
        let whole = Surroundings::new(text, TextRange::new(0, text.len()), TextRange::new(0, text.len()));
        2 * text.chars().filter(|&c| is_han(c) || c.is_alphanumeric()).count() >= chars
            && (chars >= self.settings.listed_min_chars || !self.listed.is_match(text))
            && self.unless.first(whole, &mut Seen::default()).is_none()
            && (likeness == Likeness::Exact || self.unless_exact.first(whole, &mut Seen::default()).is_none())
    }
}

/// The duplicate rules of a family that look at one document.
#[derive(Debug)]
struct Duplicates {
    standard: Standard,
    rules: Vec<Rule>,
}

const VARIABLES: [&str; 2] = ["count", "figures"];

/// Whether a rule compares a document with others.
pub(super) fn compares(rule: &Definition) -> bool {
    matches!(&rule.kind, Kind::Duplicate(settings) if settings.across_files)
}

pub(super) fn compile(
    rules: &[&Definition],
    family: &Family,
    _scanner: &mut ScannerBuilder,
    lang: Lang,
) -> Result<Option<Box<dyn Engine>>, RuleError> {
    let mut compiled = Vec::new();
    for definition in rules.iter().filter(|definition| !compares(definition)) {
        let Kind::Duplicate(settings) = &definition.kind else { continue };
        compiled.push(Rule { voice: Voice::new(definition, lang, &VARIABLES)?, likeness: settings.likeness });
    }
    if compiled.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(Duplicates { standard: Standard::new(rules[0], family)?, rules: compiled })))
}

/// A paragraph that counts.
struct Paragraph<'a> {
    text: &'a str,
    range: TextRange,
    print: Print,
}

/// A paragraph that repeats an earlier one; both as indexes of paragraphs.
struct Repeat {
    of: usize,
    likeness: Likeness,
}

impl Engine for Duplicates {
    fn check(&self, document: &Document, _hits: &[Hit], out: &mut Vec<Diagnostic>) {
        let paragraphs = self.paragraphs(document);
        let repeats = self.repeats(&paragraphs);
        let mut index = 0;
        while index < paragraphs.len() {
            let Some(first) = &repeats[index] else {
                index += 1;
                continue;
            };
            // paragraphs that repeat consecutive ones are one paste
            let goes_on = |&next: &usize| {
                repeats[next].as_ref().is_some_and(|repeat| repeat.of == first.of + (next - index))
            };
            let end = (index + 1..paragraphs.len()).take_while(goes_on).last().unwrap_or(index) + 1;
            out.extend(self.diagnostic(document.prose(), &paragraphs, &repeats, index, end));
            index = end;
        }
    }
}

impl Duplicates {
    fn paragraphs<'a>(&self, document: &'a Document) -> Vec<Paragraph<'a>> {
        let candidates = self.standard.candidates(document);
        let paragraphs = candidates.map(|(text, range)| Paragraph { text, range, print: Print::new(text) });
        paragraphs.filter(|paragraph| paragraph.print.chars >= self.standard.settings.min_chars).collect()
    }

    fn repeats(&self, paragraphs: &[Paragraph<'_>]) -> Vec<Option<Repeat>> {
        let mut exact: FxHashMap<u64, usize> = FxHashMap::default();
        let grams = paragraphs.iter().map(|paragraph| paragraph.print.grams.len()).sum();
        let mut fingerprints = Fingerprints::new(paragraphs.len(), grams);
        let mut repeats: Vec<Option<Repeat>> = Vec::with_capacity(paragraphs.len());
        for (index, paragraph) in paragraphs.iter().enumerate() {
            let next =
                repeats.last().and_then(|repeat| Some(repeat.as_ref()?.of + 1)).filter(|&next| next < index);
            let candidates = [
                // the paragraph after the one that the last repeat repeats is what a paste goes on with
                next,
                exact.get(&paragraph.print.exact).copied(),
            ];
            let known = candidates.into_iter().flatten();
            let near = fingerprints.candidates(&paragraph.print, index);
            let repeat = known.chain(near).find_map(|of| {
                let likeness = self.likeness(&paragraphs[of], paragraph)?;
                // what goes on with a paste is a repeat however plain it is
                let stands_out = || self.standard.stands_out(paragraph.text, paragraph.print.chars, likeness);
                let counts = Some(of) == next || stands_out();
                counts.then_some(Repeat { of, likeness })
            });
            exact.entry(paragraph.print.exact).or_insert(index);
            repeats.push(repeat);
        }
        repeats
    }

    fn likeness(&self, earlier: &Paragraph<'_>, later: &Paragraph<'_>) -> Option<Likeness> {
        if earlier.print.exact == later.print.exact || same_but_for_space(earlier.text, later.text) {
            return Some(Likeness::Exact);
        }
        if same_but_for_figures(earlier.text, later.text) {
            return Some(Likeness::Figures);
        }
        let (a, b) = (earlier.print.chars, later.print.chars);
        let enough = self.standard.settings.similarity;
        #[allow(clippy::cast_precision_loss, reason = "a paragraph is far shorter than 2^52 characters")]
        let bound = 2.0 * a.min(b) as f64 / (a + b) as f64;
        let near = a.min(b) >= self.standard.settings.near_min_chars
            && bound >= enough
            && is_similar(earlier.text, later.text, enough);
        near.then_some(Likeness::Near)
    }

    /// The finding for the paragraphs `start..end`, which repeat consecutive earlier ones.
    fn diagnostic(
        &self,
        prose: &str,
        paragraphs: &[Paragraph<'_>],
        repeats: &[Option<Repeat>],
        start: usize,
        end: usize,
    ) -> Option<Diagnostic> {
        let run = repeats[start..end].iter().flatten();
        let likeness = run.clone().map(|repeat| repeat.likeness).max()?;
        let rule = self.rules.iter().find(|rule| rule.likeness == likeness)?;
        let (first, last) = (repeats[start].as_ref()?.of, repeats[end - 1].as_ref()?.of);
        let figures: Vec<String> = (start..end)
            .zip(run)
            .filter(|(_, repeat)| repeat.likeness == Likeness::Figures)
            .flat_map(|(index, repeat)| differing_figures(paragraphs[repeat.of].text, paragraphs[index].text))
            .take(3)
            .collect();
        let count = (end - start).to_string();
        let values = [count.as_str(), &figures.join("、")];
        let range = TextRange::new(paragraphs[start].range.start, paragraphs[end - 1].range.end);
        let earlier = TextRange::new(paragraphs[first].range.start, paragraphs[last].range.end);
        let is_pasted = likeness == Likeness::Exact
            && paragraphs[start..end].iter().all(Paragraph::is_prose)
            // what stands between the paragraphs is repeated, too, or has to stay
            && same_but_for_space(earlier.of(prose), range.of(prose));
        let lines = is_pasted.then(|| whole_lines(prose, range)).flatten();
        let fix = lines.map(|range| {
            let edits = vec![Edit { range, text: String::new() }];
            rule.voice.fix(Repair::new(Applicability::Unsafe, edits), &values)
        });
        Some(Diagnostic { fix, ..rule.voice.finding(range, &values, Some(earlier)) })
    }
}

impl Paragraph<'_> {
    /// Whether it is whole sentences, not a field of a form, a cell of a table or a line of code: those stand where they
    /// belong, even if they are the same as others.
    fn is_prose(&self) -> bool {
        self.print.chars >= PROSE_CHARS && self.text.ends_with(['。', '！', '？', '；', '”', '…'])
    }
}

/// A field of a form, or a cell of a table, is hardly as long as this, in characters.
const PROSE_CHARS: usize = 30;

/// What ends a line.
const LINE_ENDS: [char; 2] = ['\n', '\r'];

/// The lines that `range` stands on, with their ends and the blank lines that follow, if there is nothing else on them.
fn whole_lines(prose: &str, range: TextRange) -> Option<TextRange> {
    let (before, after) = (&prose[..range.start], &prose[range.end..]);
    let start = before.rfind(LINE_ENDS).map_or(0, |at| at + 1);
    let space = &after[..after.len() - after.trim_start().len()];
    let end = match space.rfind(LINE_ENDS) {
        _ if space.len() == after.len() => prose.len(),
        Some(at) => range.end + at + 1,
        None => return None,
    };
    prose[start..range.start].trim().is_empty().then(|| TextRange::new(start, end))
}
