//! Count rules: 四个特点 announced, three listed.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Family, Kind, RuleError};
use super::matcher::{BlockCursor, Hit, Pattern, ScannerBuilder, Shape};
use super::sequence::{Marker, Series};
use super::template::Template;
use super::{info, numeral};
use crate::diagnostic::{Diagnostic, Label, Lang, RuleInfo};
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
    info: Arc<RuleInfo>,
    tag: usize,
    shape: Shape,
    between: Pattern,
    unless: Conditions,
    message: Template,
    caption: Option<Template>,
    related: Option<Template>,
}

/// The count rules of a family; they watch the scanner under tags after those of the ordinals.
#[derive(Debug)]
pub(super) struct Counts {
    rules: Vec<Rule>,
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
            let error = |offset: usize, message: String| definition.error_at(offset, message);
            let (shape, triggers) = Shape::new(family, None, &settings.find, &error)?;
            let tag = first_tag + rules.len();
            for trigger in triggers {
                scanner.watch(tag, trigger);
            }
            let between = Pattern::new(family, &settings.between, &error)?;
            rules.push(Rule {
                info: info(definition, lang),
                tag,
                shape,
                between,
                unless: Conditions::new(family, &settings.unless, &error)?,
                message: Template::new(definition, &definition.message, lang, &VARIABLES)?,
                caption: Template::optional(definition, definition.caption.as_ref(), lang, &VARIABLES)?,
                related: Template::optional(definition, definition.related.as_ref(), lang, &VARIABLES)?,
            });
        }
        Ok(Self { rules })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Compares each announcement with the series that begins right after it.
    pub(super) fn check(
        &self,
        document: &Document,
        hits: &[Hit],
        markers: &[Marker],
        series: &[Series],
        out: &mut Vec<Diagnostic>,
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
                let Some(series) = series.get(next).filter(|series| !series.broken) else { continue };
                let first = markers[series.items[0]].range;
                let Some(announced) = numeral::value(range.of(prose)) else { continue };
                let listed = u32::try_from(series.items.len()).unwrap_or(u32::MAX);
                if announced != listed
                    && rule.between.is_match(&prose[range.end..first.start])
                    && rule
                        .unless
                        .first(Surroundings::new(prose, line, range), &mut Seen::default())
                        .is_none()
                {
                    let last = markers[series.items[series.items.len() - 1]].range;
                    out.push(rule.diagnostic(prose, range, listed, announced, last));
                }
            }
        }
    }
}

impl Rule {
    fn diagnostic(
        &self,
        prose: &str,
        range: TextRange,
        listed: u32,
        announced: u32,
        last: TextRange,
    ) -> Diagnostic {
        let values = [range.of(prose), &announced.to_string(), &listed.to_string()];
        let related =
            self.related.as_ref().map(|related| Label { range: last, message: related.render(&values) });
        Diagnostic {
            rule: Arc::clone(&self.info),
            range,
            message: self.message.render(&values),
            caption: self.caption.as_ref().map(|caption| caption.render(&values)),
            related: related.into_iter().collect(),
            slot: None,
            fix: None,
        }
    }
}
