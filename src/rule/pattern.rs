//! Pattern rules: a shape of text that is a defect wherever it stands, unless the words around it say otherwise.

use std::cmp::Reverse;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::Engine;
use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Kind, Wording};
use super::explain::{DeciderAt, Sight};
use super::family::Family;
use super::matcher::{BlockCursor, Hit, Pattern, ScannerBuilder, Shape};
use super::replacement::Replacement;
use super::source::RuleError;
use super::template::Voice;
use crate::diagnostic::{Diagnostic, Fix, Lang, RuleInfo, Severity};
use crate::document::Document;
use crate::slot::{Slot, SlotType};
use crate::text::TextRange;

/// The `[pattern]` table of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// What to look for; at one place the first that matches counts.
    shapes: Vec<ShapeSettings>,
    /// What makes a match a defect or none; the first that fits decides, and a match that none fits is a defect.
    #[serde(default)]
    pub context: Vec<ContextSettings>,
    /// The slot type of its findings. Without it, and with `slots`, the family's conditions decide.
    slot: Option<SlotType>,
    /// Whether findings are places to fill.
    #[serde(default)]
    slots: bool,
}

/// One shape.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapeSettings {
    /// Text that must stand before `find` and belongs to the match, too.
    lead: Option<Spanned<String>>,
    /// A regular expression; it must begin with one of a few fixed characters, and sees one line.
    find: Spanned<String>,
    /// What to put in the place of the match.
    fix: Option<Replacement>,
}

/// What the words around a match make of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContextSettings {
    /// Whether it is a defect where `when` holds.
    #[serde(default)]
    finds: bool,
    /// How severe that defect is at most, where the rule is severer.
    at_most: Option<Severity>,
    /// What must hold.
    pub when: ConditionSettings,
}

/// One way to tell the type of a slot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SlotSettings {
    /// The type of a slot for which `when` holds.
    #[serde(rename = "type")]
    kind: SlotType,
    /// What must hold. A group named `unit` in its `after` is the unit.
    when: ConditionSettings,
}

#[derive(Debug)]
struct Rule {
    voice: Voice,
    context: Conditions,
    /// For each context, where it makes a match a defect, the rule as the finding is to tell of it.
    finds: Vec<Option<Arc<RuleInfo>>>,
    slot: Option<SlotType>,
    slots: bool,
}

/// Every pattern rule of a family.
#[derive(Debug)]
struct Patterns {
    rules: Vec<Rule>,
    /// The scanner's tags.
    shapes: Vec<RuleShape>,
    slots: Slots,
}

/// A shape of one of the rules.
#[derive(Debug)]
struct RuleShape {
    /// The index of the rule.
    rule: usize,
    shape: Shape,
    fix: Option<Replacement>,
}

/// A place where a shape of a rule matches.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    rule: &'a Rule,
    shape: &'a RuleShape,
    /// Where the shape was tried.
    at: usize,
    range: TextRange,
    line: TextRange,
    around: Surroundings<'a>,
    /// The context that decides about it, if one fits.
    context: Option<usize>,
}

impl Place<'_> {
    fn is_defect(&self) -> bool {
        self.info().is_some()
    }

    /// The rule as a finding here tells of it, if this is a defect.
    fn info(&self) -> Option<&Arc<RuleInfo>> {
        self.context.map_or(Some(&self.rule.voice.info), |context| self.rule.finds[context].as_ref())
    }

    /// What a finding here puts in the place of the match.
    fn fix(&self, prose: &str) -> Option<Fix> {
        let RuleShape { shape, fix, .. } = self.shape;
        Some(fix.as_ref()?.fix(self.range, shape.around_kept(prose, self.line, self.at)))
    }
}

const VARIABLES: [&str; 3] = ["text", "type", "unit"];

pub(super) fn compile(
    rules: &[&Definition],
    family: &Family,
    scanner: &mut ScannerBuilder,
    lang: Lang,
) -> Result<Option<Box<dyn Engine>>, RuleError> {
    let (mut compiled, mut shapes) = (Vec::new(), Vec::new());
    for definition in rules {
        let Kind::Pattern(settings) = &definition.kind else { continue };
        let error = |offset: usize, message: Wording| definition.error_at(offset, message);
        for ShapeSettings { lead, find, fix } in &settings.shapes {
            let (shape, triggers) = Shape::new(family, lead.as_ref(), find, &error)?;
            for trigger in triggers {
                scanner.watch(shapes.len(), trigger);
            }
            shapes.push(RuleShape { rule: compiled.len(), shape, fix: fix.clone() });
        }
        let voice = Voice::new(definition, lang, &VARIABLES)?;
        let info = |context: &ContextSettings| {
            context.finds.then(|| voice.at_most(context.at_most.unwrap_or(Severity::Error)))
        };
        compiled.push(Rule {
            context: Conditions::new(family, settings.context.iter().map(|context| &context.when), &error)?,
            finds: settings.context.iter().map(info).collect(),
            voice,
            slot: settings.slot,
            slots: settings.slots || settings.slot.is_some(),
        });
    }
    if compiled.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(Patterns { rules: compiled, shapes, slots: Slots::new(family, lang)? })))
}

impl Engine for Patterns {
    fn check(&self, document: &Document, hits: &[Hit], out: &mut Vec<Diagnostic>) {
        let (mut found, mut earlier) = (Vec::new(), Seen::default());
        self.each_place(document, hits, &mut earlier, |place| {
            if place.is_defect() {
                found.push(place);
            }
        });
        // one thing to fill is one finding: where shapes overlap, the widest says best what it is
        found.sort_by_key(|place| (place.range.start, Reverse(place.range.end)));
        let mut end = 0;
        for place in found {
            if place.range.start >= end {
                end = place.range.end;
                out.extend(self.diagnostic(place, document.prose(), &mut earlier));
            }
        }
    }

    fn explain(&self, document: &Document, hits: &[Hit]) -> Vec<Sight> {
        let (mut found, mut sights) = (Vec::new(), Vec::new());
        self.check(document, hits, &mut found);
        self.each_place(document, hits, &mut Seen::default(), |place| {
            let at = found.binary_search_by_key(&place.range.start, |found| found.range.start);
            let own = at.ok().map(|at| &found[at]).filter(|found| found.rule.id == place.rule.voice.info.id);
            let verdict = match own {
                Some(found) => Sight::finding(found).verdict,
                None if place.is_defect() => Wording::new("并入更长的一处发现", "part of a wider finding"),
                None => Wording::new("不报", "left alone"),
            };
            let (by, decider) = (place.rule.voice.info.id.clone(), place.context.map(DeciderAt::Rule));
            sights.push(Sight { by, range: place.range, verdict, decider });
        });
        sights
    }
}

impl Patterns {
    /// Calls `visit` for each place where a shape of a rule matches.
    fn each_place<'a>(
        &'a self,
        document: &'a Document,
        hits: &[Hit],
        earlier: &mut Seen,
        mut visit: impl FnMut(Place<'a>),
    ) {
        let prose = document.prose();
        let mut cursor = BlockCursor::new(document.blocks());
        // no rule looks twice at the same text, whether it found something there or was told to leave it alone
        let mut seen = vec![0; self.rules.len()];
        for hit in hits {
            let shape = &self.shapes[usize::from(hit.tag)];
            if hit.start < seen[shape.rule] {
                continue;
            }
            let Some(block) = cursor.find(hit.start) else { continue };
            let line = document.blocks()[block].range;
            let Some(range) = shape.shape.match_at(prose, line, hit.start) else { continue };
            seen[shape.rule] = range.end;
            let rule = &self.rules[shape.rule];
            let around = Surroundings::new(prose, line, range);
            let context = rule.context.first(around, earlier);
            visit(Place { rule, shape, at: hit.start, range, line, around, context });
        }
    }

    /// The finding at a place, if it is a defect.
    fn diagnostic(&self, place: Place<'_>, prose: &str, seen: &mut Seen) -> Option<Diagnostic> {
        let Place { rule, shape, at, range, line, around, .. } = place;
        let slot = rule.slots.then(|| {
            let (kind, unit) = self.slots.of(rule.slot, around, seen);
            let fill = shape.shape.fill_at(prose, line, at, range);
            Slot { kind, unit: unit.map(str::to_owned), fill }
        });
        let kind =
            slot.as_ref().map_or("", |slot| self.slots.lang.pick(slot.kind.names().0, slot.kind.names().1));
        let unit = slot.as_ref().and_then(|slot| slot.unit.as_deref()).unwrap_or_default();
        let finding = rule.voice.finding(range, &[around.inside.trim(), kind, unit], None);
        Some(Diagnostic { rule: Arc::clone(place.info()?), slot, fix: place.fix(prose), ..finding })
    }
}

/// Tells what belongs in a slot from the words around it.
#[derive(Debug)]
struct Slots {
    conditions: Conditions,
    /// Type of each condition, and its `after` where that names a unit.
    kinds: Vec<(SlotType, Option<Pattern>)>,
    lang: Lang,
}

impl Slots {
    fn new(family: &Family, lang: Lang) -> Result<Self, RuleError> {
        let error = |offset: usize, message: Wording| family.error_at(offset, message);
        let mut kinds = Vec::new();
        for setting in &family.slot {
            let after = setting.when.after.as_ref().filter(|after| after.get_ref().contains("(?P<unit>"));
            let unit = after.map(|after| Pattern::at_start(family, after, &error)).transpose()?;
            kinds.push((setting.kind, unit));
        }
        let conditions = Conditions::new(family, family.slot.iter().map(|slot| &slot.when), &error)?;
        Ok(Self { conditions, kinds, lang })
    }

    /// The type of a slot, which may be fixed, and the unit that follows it.
    fn of<'a>(
        &self,
        fixed: Option<SlotType>,
        around: Surroundings<'a>,
        seen: &mut Seen,
    ) -> (SlotType, Option<&'a str>) {
        if let Some(kind) = fixed {
            return (kind, None);
        }
        match self.conditions.first(around, seen) {
            None => (SlotType::Phrase, None),
            Some(index) => {
                let (kind, unit) = &self.kinds[index];
                let unit = unit.as_ref().and_then(|unit| unit.group(around.after, "unit"));
                (*kind, unit.map(|unit| unit.as_str()))
            }
        }
    }
}
