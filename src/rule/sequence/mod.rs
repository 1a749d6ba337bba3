//! Sequence rules: ordinals that do not add up.
//!
//! Markers (一、, （二）, 三是 …) are found as the family's `[[ordinal]]` tables say, put together into series by
//! [`series`], and each break of a series becomes a finding of the rule whose `defect` it is.

mod renumber;
mod series;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::count::Counts;
use super::definition::{Definition, Kind, Wording};
use super::explain::{DeciderAt, Sight};
use super::family::Family;
use super::matcher::{BlockCursor, Hit, Pattern, ScannerBuilder, Shape};
use super::source::RuleError;
use super::template::{Repair, Voice};
use super::{Engine, numeral};
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::{BlockKind, Document};
use crate::text::TextRange;
use renumber::Renumbering;
pub(super) use series::Series;
use series::{Break, resolve};

/// The `[sequence]` table of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Which break of a series the rule is about.
    defect: Defect,
}

/// How a series can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Defect {
    /// 一是…三是.
    Missing,
    /// Begins at 二是.
    Start,
    /// 二是…二是.
    Duplicate,
    /// 一是…三是…二是.
    Order,
    /// 一要…二要…四是.
    Mixed,
    /// 另一方面 without 一方面.
    Unpaired,
}

/// How far a series reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scope {
    /// Until the heading above it goes on.
    #[default]
    Section,
    /// Through the document, whatever headings stand between: the articles of a law.
    Document,
    /// A pair of words, not a count: 一方面…另一方面.
    Pair,
}

/// One kind of ordinal marker.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrdinalSettings {
    /// Its level in a hierarchy of headings: the smaller, the higher. Inline series share the largest.
    pub level: u8,
    /// Kinds of the same group go on with each other's series (一是…第二是) when nothing is missing.
    pub group: String,
    #[serde(default)]
    pub scope: Scope,
    /// Whether a broken series may be numbered anew. Of chapters, one that is missing has mostly lost its heading.
    #[serde(default = "yes")]
    renumbers: bool,
    /// Whether markers count together only if they are the same but for the number: 第一个 and 第二句话 do not.
    #[serde(default)]
    keyed: bool,
    /// What stands before `find` and belongs to the marker, such as the first digit of 12.
    lead: Option<Spanned<String>>,
    /// The marker; it must begin with one of a few fixed characters.
    find: Spanned<String>,
    /// Numbers of markers that are words.
    #[serde(default)]
    values: BTreeMap<String, u32>,
    /// Other words that may stand for the first item, earlier on the line of a later one: 一个是…二是.
    begun_by: Option<Spanned<String>>,
    /// What must hold around a marker; any of them.
    pub only: Vec<ConditionSettings>,
    /// What makes it no marker.
    #[serde(default)]
    pub unless: Vec<ConditionSettings>,
}

fn yes() -> bool {
    true
}

#[derive(Debug)]
struct Ordinal {
    settings: OrdinalSettings,
    shape: Shape,
    begun_by: Option<Pattern>,
    only: Conditions,
    unless: Conditions,
}

/// A marker found in a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marker {
    /// Index of its kind.
    ordinal: usize,
    /// Its number.
    value: u32,
    /// Where it stands in the prose, without the space around it.
    pub range: TextRange,
    /// Its line, in the prose.
    line: TextRange,
    /// Index of its block.
    block: usize,
    /// Whether its line begins with it.
    opens_line: bool,
}

/// Why what looks like a marker is none.
#[derive(Clone, Copy, Debug)]
enum NoMarker {
    /// Nothing of what must hold around one does.
    Misplaced,
    /// This condition speaks against it.
    Unless(usize),
    /// It has no number that can be read.
    Unnumbered,
    /// A longer marker of another kind stands there.
    Within,
}

#[derive(Debug)]
struct Rule {
    voice: Voice,
    defect: Defect,
}

/// Every sequence and count rule of a family.
#[derive(Debug)]
struct Sequences {
    family: String,
    ordinals: Vec<Ordinal>,
    rules: Vec<Rule>,
    counts: Counts,
}

const VARIABLES: [&str; 4] = ["marker", "last", "first", "missing"];

pub(super) fn compile(
    rules: &[&Definition],
    family: &Family,
    scanner: &mut ScannerBuilder,
    lang: Lang,
) -> Result<Option<Box<dyn Engine>>, RuleError> {
    let mut compiled = Vec::new();
    for definition in rules {
        let Kind::Sequence(settings) = &definition.kind else { continue };
        compiled.push(Rule { voice: Voice::new(definition, lang, &VARIABLES)?, defect: settings.defect });
    }
    let counts = Counts::new(rules, family, family.ordinal.len(), scanner, lang)?;
    if compiled.is_empty() && counts.is_empty() {
        return Ok(None);
    }
    let mut ordinals = Vec::new();
    for settings in &family.ordinal {
        ordinals.push(Ordinal::new(settings, family, ordinals.len(), scanner)?);
    }
    let family = rules[0].family().to_owned();
    Ok(Some(Box::new(Sequences { family, ordinals, rules: compiled, counts })))
}

impl Ordinal {
    fn new(
        settings: &OrdinalSettings,
        family: &Family,
        tag: usize,
        scanner: &mut ScannerBuilder,
    ) -> Result<Self, RuleError> {
        let error = |offset: usize, message: Wording| family.error_at(offset, message);
        let (shape, triggers) = Shape::new(family, settings.lead.as_ref(), &settings.find, &error)?;
        for trigger in triggers {
            scanner.watch(tag, trigger);
        }
        let only = Conditions::new(family, &settings.only, &error)?;
        let unless = Conditions::new(family, &settings.unless, &error)?;
        let begun_by =
            settings.begun_by.as_ref().map(|words| Pattern::new(family, words, &error)).transpose()?;
        Ok(Self { settings: settings.clone(), shape, begun_by, only, unless })
    }

    /// The number of what looks like a marker, if it is one.
    fn judge(&self, around: Surroundings<'_>, seen: &mut Seen) -> Result<u32, NoMarker> {
        if self.only.first(around, seen).is_none() {
            return Err(NoMarker::Misplaced);
        }
        match self.unless.first(around, seen) {
            Some(index) => Err(NoMarker::Unless(index)),
            None => self.value(around.inside).ok_or(NoMarker::Unnumbered),
        }
    }

    fn value(&self, marker: &str) -> Option<u32> {
        self.settings.values.get(marker).copied().or_else(|| numeral::value(marker))
    }

    /// What must be the same, besides the kind, for two markers to count together.
    fn key<'a>(&self, marker: &'a str) -> &'a str {
        if self.settings.keyed {
            marker.trim_start_matches(|c: char| {
                c == '第' || numeral::value(c.encode_utf8(&mut [0; 4])).is_some()
            })
        } else {
            ""
        }
    }

    /// The marker with another number, or the word for that number; `None` if it cannot be written like that.
    fn with_value(&self, marker: &str, value: u32) -> Option<String> {
        let word = self.settings.values.iter().find(|(_, number)| **number == value);
        word.map_or_else(|| numeral::with_value(marker, value), |(word, _)| Some(word.clone()))
    }
}

impl Engine for Sequences {
    fn check(&self, document: &Document, hits: &[Hit], out: &mut Vec<Diagnostic>) {
        let markers = self.markers(document, hits, |_, _, _| {});
        let (series, breaks) = resolve(&markers, &self.ordinals, document.prose());
        let renumbering = Renumbering::new(&self.ordinals, &markers, (&series, &breaks), document.prose());
        for found in &breaks {
            let repair = renumbering.repair(found);
            let rules = self.rules.iter().filter(|rule| rule.defect == found.defect);
            out.extend(
                rules.map(|rule| self.diagnostic(rule, found, &markers, repair.clone(), document.prose())),
            );
        }
        self.counts.check(document, hits, &markers, &series, out);
    }

    fn explain(&self, document: &Document, hits: &[Hit], found: &[Diagnostic]) -> Vec<Sight> {
        let mut sights = Vec::new();
        let markers = self.markers(document, hits, |ordinal, range, why| {
            sights.push(self.sight(range, why.in_words(), why.decider(ordinal)));
        });
        for marker in &markers {
            let (group, value) = (&self.ordinals[marker.ordinal].settings.group, marker.value);
            let verdict = Wording::new(
                format!("序号，{group} 类的第 {value} 个"),
                format!("marker {value} of the kind {group}"),
            );
            sights.push(self.sight(marker.range, verdict, None));
        }
        let (series, _) = resolve(&markers, &self.ordinals, document.prose());
        sights.extend(self.counts.explain(document, hits, &markers, &series));
        sights.extend(found.iter().map(Sight::finding));
        sights
    }
}

impl NoMarker {
    fn in_words(self) -> Wording {
        match self {
            Self::Misplaced => Wording::new(
                "不是序号：这里不是这类序号的位置",
                "no marker: none of its kind stands in such a place",
            ),
            Self::Unless(_) => Wording::new("不是序号", "no marker"),
            Self::Unnumbered => Wording::new("不是序号：读不出数", "no marker: it has no number"),
            Self::Within => Wording::new("不是序号：是更长的序号的一部分", "no marker: part of a longer one"),
        }
    }

    fn decider(self, ordinal: usize) -> Option<DeciderAt> {
        match self {
            Self::Misplaced => Some(DeciderAt::Only { ordinal }),
            Self::Unless(index) => Some(DeciderAt::Unless { ordinal, index }),
            Self::Unnumbered | Self::Within => None,
        }
    }
}

impl Sequences {
    fn sight(&self, range: TextRange, verdict: Wording, decider: Option<DeciderAt>) -> Sight {
        Sight { by: self.family.clone(), range, verdict, decider }
    }

    /// The markers in order. `reject` is told of what looks like one, by the number of its kind, and is none.
    fn markers(
        &self,
        document: &Document,
        hits: &[Hit],
        mut reject: impl FnMut(usize, TextRange, NoMarker),
    ) -> Vec<Marker> {
        let (prose, blocks) = (document.prose(), document.blocks());
        let mut cursor = BlockCursor::new(blocks);
        let (mut markers, mut seen) = (Vec::<Marker>::new(), Seen::default());
        for hit in hits {
            let Some(ordinal) = self.ordinals.get(usize::from(hit.tag)) else { continue };
            let Some(block) = cursor.find(hit.start) else { continue };
            // a cell of a table stands beside others, not after them
            if blocks[block].kind == BlockKind::Cell {
                continue;
            }
            let line = blocks[block].range;
            let Some(range) = ordinal.shape.match_at(prose, line, hit.start) else { continue };
            let kind = usize::from(hit.tag);
            let value = match ordinal.judge(Surroundings::new(prose, line, range), &mut seen) {
                Ok(value) => value,
                Err(why) => {
                    reject(kind, range, why);
                    continue;
                }
            };
            let opens_line = prose[line.start..range.start].trim().is_empty();
            // where two kinds fit at one place, the longer marker says more
            if let Some(last) = markers.last()
                && last.range.intersects(range)
            {
                if last.range.len() >= range.len() {
                    reject(kind, range, NoMarker::Within);
                    continue;
                }
                reject(last.ordinal, last.range, NoMarker::Within);
                markers.pop();
            }
            markers.push(Marker { ordinal: kind, value, range, line, block, opens_line });
        }
        markers
    }

    fn diagnostic(
        &self,
        rule: &Rule,
        found: &Break,
        markers: &[Marker],
        repair: Option<Repair>,
        prose: &str,
    ) -> Diagnostic {
        let marker = markers[found.marker];
        let ordinal = &self.ordinals[marker.ordinal];
        let text = marker.range.of(prose);
        let last = found.last.map(|last| markers[last].range);
        let written = |value: u32| ordinal.with_value(text, value).unwrap_or_else(|| value.to_string());
        let first = written(1);
        let missing = found.missing().map(written).collect::<Vec<_>>();
        let missing = match missing.as_slice() {
            [first, .., last] if missing.len() > 3 => format!("{first}…{last}"),
            _ => missing.join("、"),
        };
        let values = [text, last.map_or("", |last| last.of(prose)), &first, &missing];
        let fix = repair.map(|repair| rule.voice.fix(repair, &values));
        Diagnostic { fix, ..rule.voice.finding(marker.range, &values, last) }
    }
}
