//! Repeats across files: paragraphs that stand in several drafts.
//!
//! A paragraph is known by one hash of all that counts of it. What all drafts leave is sorted once, and nothing is
//! compared with anything else.

use std::cmp::Reverse;
use std::hash::Hasher;

use rustc_hash::{FxHashSet, FxHasher};

use super::similarity::{visible, words};
use super::{Likeness, Standard, compares};
use crate::corpus::{Corpus, Place, Prints};
use crate::diagnostic::{Diagnostic, Elsewhere, Lang};
use crate::document::Document;
use crate::rule::condition::{Seen, Surroundings};
use crate::rule::definition::{Definition, Kind, Wording};
use crate::rule::family::Family;
use crate::rule::source::RuleError;
use crate::rule::template::Voice;
use crate::text::{PositionEncoding, Positions, TextRange};

/// How many of the other drafts a finding names.
const SHOWN: usize = 3;

/// `{count}` paragraphs, `{files}` other drafts that hold them, the `{first}` of these with its line.
const VARIABLES: [&str; 3] = ["count", "files", "first"];

/// The rule that compares a document with others.
#[derive(Debug)]
pub(in crate::rule) struct Across {
    standard: Standard,
    likeness: Likeness,
    voice: Voice,
}

/// Makes the rule ready that compares drafts, if it is among those of a family. There can be but one.
pub(in crate::rule) fn compile_across(
    rules: &[&Definition],
    family: &Family,
    lang: Lang,
    across: &mut Option<Across>,
) -> Result<(), RuleError> {
    for rule in rules.iter().filter(|rule| compares(rule)) {
        let Kind::Duplicate(settings) = &rule.kind else { continue };
        let error = |zh: &str, en: &str| Err(rule.error_at(0, Wording::new(zh, en)));
        if settings.likeness == Likeness::Near {
            return error(
                "across_files 只比较相同的（exact）和只有数字不同的（figures）段落",
                "with across_files, paragraphs are `exact` repeats or differ in `figures`, no more",
            );
        }
        if across.is_some() {
            return error(
                "已有另一条规则用了 across_files，只能有一条",
                "another rule has across_files, and there can be but one",
            );
        }
        *across = Some(Across {
            standard: Standard::new(rule, family)?,
            likeness: settings.likeness,
            voice: Voice::new(rule, lang, &VARIABLES)?,
        });
    }
    Ok(())
}

/// A paragraph that counts.
struct Paragraph<'a> {
    text: &'a str,
    range: TextRange,
    chars: usize,
    key: u64,
}

/// Consecutive paragraphs of another document that a run of one's own agrees with.
#[derive(Clone, Copy)]
struct Stretch {
    document: usize,
    /// The first of them there.
    first: usize,
    count: usize,
    /// The paragraph of one's own after the last that agrees.
    end: usize,
}

/// Consecutive paragraphs that others hold, too, in whole or in part.
struct Run {
    start: usize,
    end: usize,
    others: Vec<Stretch>,
}

impl Across {
    /// What is kept of a document, for others to be compared with.
    pub(in crate::rule) fn prints(&self, document: &Document) -> Prints {
        let text = document.text();
        let positions = Positions::of(text, PositionEncoding::Grapheme);
        let mut prints = Prints::default();
        for paragraph in self.paragraphs(document) {
            let range = document.source_range(paragraph.range);
            prints.push(paragraph.key, range, positions.at(range.start), positions.at(range.end));
        }
        prints
    }

    /// Adds what the document `name` has in common with others of the corpus, in ranges of its prose.
    pub(in crate::rule) fn check(
        &self,
        document: &Document,
        corpus: &Corpus,
        name: &str,
        out: &mut Vec<Diagnostic>,
    ) {
        if !corpus.shares(name) {
            return;
        }
        let mut seen = FxHashSet::default();
        let paragraphs: Vec<(Paragraph<'_>, Vec<Stretch>)> = self
            .paragraphs(document)
            .enumerate()
            .map(|(at, paragraph)| {
                // what the document itself repeats is for the rules that look at it alone
                let is_first = seen.insert(paragraph.key);
                let holders =
                    if is_first { self.holders(paragraph.key, at, corpus, name) } else { Vec::new() };
                (paragraph, holders)
            })
            .collect();
        let mut at = 0;
        while let Some((paragraph, holders)) = paragraphs.get(at) {
            if holders.is_empty() || !self.stands_out(paragraph) {
                at += 1;
                continue;
            }
            let run = run(&paragraphs, at, corpus);
            let range = TextRange::new(paragraph.range.start, paragraphs[run.end - 1].0.range.end);
            at = run.end;
            out.push(self.finding(range, run, corpus));
        }
    }

    fn paragraphs<'a>(&self, document: &'a Document) -> impl Iterator<Item = Paragraph<'a>> {
        let mut shown = String::new();
        self.standard.candidates(document).filter_map(move |(text, range)| {
            shown.clear();
            match self.likeness {
                Likeness::Figures => shown.extend(words(text)),
                Likeness::Exact | Likeness::Near => shown.extend(visible(text)),
            }
            let chars = text.chars().count();
            let mut key = FxHasher::default();
            key.write(shown.as_bytes());
            let paragraph = Paragraph { text, range, chars, key: key.finish() };
            (chars >= self.standard.settings.min_chars).then_some(paragraph)
        })
    }

    /// Whether a paragraph is one that two authors do not word alike as a matter of course: of what may be nearly the
    /// same by chance, much is the same to the letter.
    fn stands_out(&self, paragraph: &Paragraph<'_>) -> bool {
        let Paragraph { text, chars, .. } = *paragraph;
        let whole = TextRange::new(0, text.len());
        self.standard.stands_out(text, chars, Likeness::Near)
            && self
                .standard
                .unless_across
                .first(Surroundings::new(text, whole, whole), &mut Seen::default())
                .is_none()
    }

    /// Where else in the corpus the paragraph `at` of the document `name` stands; nowhere, if it stands in so many that
    /// it does on purpose.
    fn holders(&self, key: u64, at: usize, corpus: &Corpus, name: &str) -> Vec<Stretch> {
        let holders = corpus.holders(key);
        if holders.len() > self.standard.settings.max_files {
            return Vec::new();
        }
        let others = holders.into_iter().filter(|&(document, _)| corpus.name(document) != name);
        others.map(|(document, first)| Stretch { document, first, count: 1, end: at + 1 }).collect()
    }

    fn finding(&self, range: TextRange, run: Run, corpus: &Corpus) -> Diagnostic {
        let Run { start, end, mut others } = run;
        // of each document that which goes on longest
        others.sort_by_key(|other| (other.document, Reverse(other.count), other.first));
        others.dedup_by_key(|other| other.document);
        let (count, files) = ((end - start).to_string(), others.len().to_string());
        others.sort_by_key(|other| (Reverse(other.count), other.document));
        let places: Vec<Place<'_>> = others
            .iter()
            .take(SHOWN)
            .map(|other| corpus.place(other.document, other.first, other.count))
            .collect();
        let first = places.first().map(|place| format!("{}:{}", place.name, place.start.line));
        let values = [count.as_str(), &files, &first.unwrap_or_default()];
        let elsewhere = |place: &Place<'_>| Elsewhere {
            path: place.name.to_owned(),
            range: place.range,
            start: place.start,
            end: place.end,
            message: self.voice.label(&values),
        };
        let elsewhere = places.iter().map(elsewhere).collect();
        Diagnostic { elsewhere, ..self.voice.finding(range, &values, None) }
    }
}

/// The run that begins with the paragraph `start`. It goes on while some document goes on with it; others may come in
/// on the way.
fn run(paragraphs: &[(Paragraph<'_>, Vec<Stretch>)], start: usize, corpus: &Corpus) -> Run {
    let mut others = paragraphs[start].1.clone();
    let mut end = start + 1;
    while let Some((next, holders)) = paragraphs.get(end) {
        let mut goes_on = false;
        for other in others.iter_mut().filter(|other| other.end == end) {
            if corpus.key(other.document, other.first + other.count) == Some(next.key) {
                (other.count, other.end, goes_on) = (other.count + 1, end + 1, true);
            }
        }
        if !goes_on {
            break;
        }
        for holder in holders {
            let known = |other: &Stretch| other.document == holder.document && other.end == end + 1;
            if !others.iter().any(known) {
                others.push(*holder);
            }
        }
        end += 1;
    }
    Run { start, end, others }
}
