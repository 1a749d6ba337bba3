//! Count rules: 四个特点 announced, three listed.

use serde::Deserialize;
use toml::Spanned;

use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Kind, Wording};
use super::explain::{DeciderAt, Sight};
use super::family::Family;
use super::matcher::{BlockCursor, Hit, Pattern, ScannerBuilder, Shape};
use super::numeral;
use super::sequence::{Marker, Series};
use super::source::RuleError;
use super::template::Voice;
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::Document;
use crate::text::TextRange;

/// The `[count]` table of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// The announcement, with its number; it must begin with one of a few fixed characters.
    find: Spanned<String>,
    /// What may stand between the announcement and the first item, across line ends; nothing else may.
    between: Spanned<String>,
    /// What makes it no announcement.
    #[serde(default)]
    pub unless: Vec<ConditionSettings>,
}

#[derive(Debug)]
struct Rule {
    voice: Voice,
    tag: usize,
    shape: Shape,
    between: Pattern,
    unless: Conditions,
}

/// The count rules of a family; they watch the scanner under tags after those of the ordinals.
#[derive(Debug)]
pub(super) struct Counts {
    rules: Vec<Rule>,
}

/// What comes of comparing an announcement with a list.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    /// No list follows, or one with a break that is reported as such.
    NoList,
    /// As many are listed as were announced.
    Agrees,
    /// Other words stand between the two.
    Apart,
    /// It is no announcement, says this condition.
    Unless(usize),
    Differs {
        announced: u32,
        listed: u32,
        last: TextRange,
    },
}

const VARIABLES: [&str; 3] = ["text", "announced", "listed"];

impl Counts {
    pub(super) fn new(
        definitions: &[&Definition],
        family: &Family,
        first_tag: usize,
        scanner: &mut ScannerBuilder,
        lang: Lang,
    ) -> Result<Self, RuleError> {
        let mut rules = Vec::new();
        for definition in definitions {
            let Kind::Count(settings) = &definition.kind else { continue };
            let error = |offset: usize, message: Wording| definition.error_at(offset, message);
            let (shape, triggers) = Shape::new(family, None, &settings.find, &error)?;
            let tag = first_tag + rules.len();
            for trigger in triggers {
                scanner.watch(tag, trigger);
            }
            let between = Pattern::new(family, &settings.between, &error)?;
            rules.push(Rule {
                voice: Voice::new(definition, lang, &VARIABLES)?,
                tag,
                shape,
                between,
                unless: Conditions::new(family, &settings.unless, &error)?,
            });
        }
        Ok(Self { rules })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Adds a finding for each announcement that does not agree with the series that begins right after it.
    pub(super) fn check(
        &self,
        document: &Document,
        hits: &[Hit],
        markers: &[Marker],
        series: &[Series],
        out: &mut Vec<Diagnostic>,
    ) {
        self.compare(document, hits, markers, series, |rule, range, verdict| {
            if let Verdict::Differs { announced, listed, last } = verdict {
                out.push(rule.diagnostic(document.prose(), range, listed, announced, last));
            }
        });
    }

    /// What each announcement was compared with; those that do not agree are for [`Counts::check`] to tell.
    pub(super) fn explain(
        &self,
        document: &Document,
        hits: &[Hit],
        markers: &[Marker],
        series: &[Series],
    ) -> Vec<Sight> {
        let mut sights = Vec::new();
        self.compare(document, hits, markers, series, |rule, range, verdict| {
            let (verdict, decider) = match verdict {
                Verdict::NoList => {
                    (Wording::new("后面没有完整的列举", "no list without a break follows"), None)
                }
                Verdict::Agrees => (Wording::new("与列举的项数一致", "as many are listed"), None),
                Verdict::Apart => {
                    (Wording::new("与列举之间隔着别的话", "other words stand before the list"), None)
                }
                Verdict::Unless(index) => {
                    (Wording::new("不是要列举的数目", "no announcement"), Some(DeciderAt::Rule(index)))
                }
                Verdict::Differs { .. } => return,
            };
            sights.push(Sight { by: rule.voice.info.id.clone(), range, verdict, decider });
        });
        sights
    }

    /// Compares each announcement with the series that begins right after it.
    fn compare(
        &self,
        document: &Document,
        hits: &[Hit],
        markers: &[Marker],
        series: &[Series],
        mut visit: impl FnMut(&Rule, TextRange, Verdict),
    ) {
        let prose = document.prose();
        for rule in &self.rules {
            let mut cursor = BlockCursor::new(document.blocks());
            let mut next = 0;
            for hit in hits.iter().filter(|hit| usize::from(hit.tag) == rule.tag) {
                let Some(block) = cursor.find(hit.start) else { continue };
                let line = document.blocks()[block].range;
                let Some(range) = rule.shape.match_at(prose, line, hit.start) else { continue };
                // series are in the order of their first markers
                while series.get(next).is_some_and(|series| markers[series.items[0]].range.start < range.end)
                {
                    next += 1;
                }
                let around = Surroundings::new(prose, line, range);
                let verdict = match series.get(next).filter(|series| !series.broken) {
                    Some(series) => rule.verdict(prose, range, around, series, markers),
                    None => Verdict::NoList,
                };
                visit(rule, range, verdict);
            }
        }
    }
}

impl Rule {
    fn verdict(
        &self,
        prose: &str,
        range: TextRange,
        around: Surroundings<'_>,
        series: &Series,
        markers: &[Marker],
    ) -> Verdict {
        let (first, last) = (markers[series.items[0]], markers[series.items[series.items.len() - 1]]);
        let listed = u32::try_from(series.items.len()).unwrap_or(u32::MAX);
        let Some(announced) = numeral::value(around.inside) else { return Verdict::NoList };
        if announced == listed {
            Verdict::Agrees
        } else if !self.between.is_match(&prose[range.end..first.range.start]) {
            Verdict::Apart
        } else if let Some(index) = self.unless.first(around, &mut Seen::default()) {
            Verdict::Unless(index)
        } else {
            Verdict::Differs { announced, listed, last: last.range }
        }
    }

    fn diagnostic(
        &self,
        prose: &str,
        range: TextRange,
        listed: u32,
        announced: u32,
        last: TextRange,
    ) -> Diagnostic {
        let values = [range.of(prose), &announced.to_string(), &listed.to_string()];
        self.voice.finding(range, &values, Some(last))
    }
}
