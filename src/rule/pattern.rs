//! Pattern rules: a shape of text that is a defect wherever it stands, unless the words around it say otherwise.

use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::ptr;
use std::sync::OnceLock;

use serde::Deserialize;
use toml::Spanned;

use super::Engine;
use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Kind, Wording};
use super::explain::{DeciderAt, Sight};
use super::family::Family;
use super::first::Firsts;
use super::gather::Gathering;
use super::matcher::{BlockCursor, Hit, LineEnd, Pattern, ScannerBuilder, Shape};
use super::replacement::Replacement;
use super::source::RuleError;
use super::template::Voice;
use crate::diagnostic::{Diagnostic, Fix, Lang};
use crate::document::{Block, Document};
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
    find: Option<Spanned<String>>,
    /// In place of `find`, a regular expression for what a line ends with.
    end: Option<Spanned<String>>,
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
    gathering: Option<Gathering>,
    context: Conditions,
    /// For each context whether it makes a match a defect.
    finds: Vec<bool>,
    slot: Option<SlotType>,
    slots: bool,
}

/// Every pattern rule of a family.
#[derive(Debug)]
struct Patterns {
    rules: Vec<Rule>,
    /// The scanner's tags.
    shapes: Vec<RuleShape>,
    /// What the ends of lines are tried for, each with the index of its rule.
    ends: Vec<(usize, LineEnd)>,
    /// By the last character of a line, the ends that it can have; built when first needed.
    lasts: OnceLock<Firsts>,
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
    /// The shape, and where it was tried; none at the end of a line.
    shape: Option<(&'a RuleShape, usize)>,
    range: TextRange,
    line: TextRange,
    /// The context that decides about it, if one fits.
    context: Option<usize>,
}

impl Place<'_> {
    fn is_defect(&self) -> bool {
        self.context.is_none_or(|context| self.rule.finds[context])
    }

    /// What a finding here puts in the place of the match.
    fn fix(&self, prose: &str) -> Option<Fix> {
        let (RuleShape { shape, fix, .. }, at) = self.shape?;
        Some(fix.as_ref()?.fix(self.range, shape.around_kept(prose, self.line, at)))
    }
}

const VARIABLES: [&str; 3] = ["text", "type", "unit"];

pub(super) fn compile(
    rules: &[&Definition],
    family: &Family,
    scanner: &mut ScannerBuilder,
    lang: Lang,
) -> Result<Option<Box<dyn Engine>>, RuleError> {
    let (mut compiled, mut shapes, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for definition in rules {
        let Kind::Pattern(settings) = &definition.kind else { continue };
        let error = |offset: usize, message: Wording| definition.error_at(offset, message);
        let rule = compiled.len();
        for settings in &settings.shapes {
            match (&settings.find, &settings.end) {
                (Some(find), None) => {
                    let (shape, triggers) = Shape::new(family, settings.lead.as_ref(), find, &error)?;
                    for trigger in triggers {
                        scanner.watch(shapes.len(), trigger);
                    }
                    shapes.push(RuleShape { rule, shape, fix: settings.fix.clone() });
                }
                (None, Some(end)) => ends.push((rule, LineEnd::new(family, end, &error)?)),
                _ => return Err(definition.error_at(0, one_of_two())),
            }
        }
        compiled.push(Rule {
            voice: Voice::new(definition, lang, &VARIABLES)?,
            context: Conditions::new(family, settings.context.iter().map(|context| &context.when), &error)?,
            finds: settings.context.iter().map(|context| context.finds).collect(),
            gathering: Gathering::new(definition, lang)?,
            slot: settings.slot,
            slots: settings.slots || settings.slot.is_some(),
        });
    }
    if compiled.is_empty() {
        return Ok(None);
    }
    let slots = Slots::new(family, lang)?;
    Ok(Some(Box::new(Patterns { rules: compiled, shapes, ends, lasts: OnceLock::new(), slots })))
}

fn one_of_two() -> Wording {
    Wording::new("每个 shape 写 find 或 end，只写一个", "a shape has either `find` or `end`")
}

impl Engine for Patterns {
    fn check(&self, document: &Document, hits: &[Hit], out: &mut Vec<Diagnostic>) {
        let mut earlier = Seen::default();
        let mut defects = self.defects(document, hits, &mut earlier);
        let prose = document.prose();
        for rule in &self.rules {
            let Some(gathering) = &rule.gathering else { continue };
            let own = |place: &Place<'_>| ptr::eq(place.rule, rule);
            if gathering.takes(defects.iter().filter(|place| own(place)).count()) {
                let many: Vec<_> = defects.extract_if(.., |place| own(place)).collect();
                let first = many.first().map(|place| self.diagnostic(place, prose, &mut earlier));
                let all = many.iter().map(|place| (place.range, place.fix(prose))).collect();
                out.extend(first.map(|first| gathering.one(first, all)));
            }
        }
        out.extend(defects.iter().map(|place| self.diagnostic(place, prose, &mut earlier)));
    }

    fn explain(&self, document: &Document, hits: &[Hit], found: &[Diagnostic]) -> Vec<Sight> {
        let mut sights = Vec::new();
        self.each_place(document, hits, &mut Seen::default(), |_, place| {
            let is_own =
                |found: &&Diagnostic| found.range == place.range && found.rule.id == place.rule.voice.info.id;
            let own = found.iter().find(is_own);
            let verdict = match own {
                Some(found) => Sight::finding(found).verdict,
                None if place.is_defect() => Wording::new("并入更长的一处发现", "part of a wider finding"),
                None => Wording::new("不报", "left alone"),
            };
            let (by, decider) = (place.rule.voice.info.id.clone(), place.context.map(DeciderAt::Rule));
            sights.push(Sight { by, range: place.range, verdict, decider });
            ControlFlow::Continue(())
        });
        sights
    }
}

impl Patterns {
    /// The places that are defects, ascending.
    fn defects<'a>(&'a self, document: &'a Document, hits: &[Hit], earlier: &mut Seen) -> Vec<Place<'a>> {
        let mut found = Vec::new();
        let mut counts = vec![0; self.rules.len()];
        self.each_place(document, hits, earlier, |index, place| {
            if !place.is_defect() {
                return ControlFlow::Continue(());
            }
            counts[index] += 1;
            let enough = place.rule.gathering.is_some() && Gathering::is_enough(counts[index]);
            found.push(place);
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        // one thing to fill is one finding: where shapes overlap, the widest says best what it is
        found.sort_by_key(|place| (place.range.start, Reverse(place.range.end)));
        let mut end = 0;
        found.retain(|place| {
            let apart = place.range.start >= end;
            if apart {
                end = place.range.end;
            }
            apart
        });
        found
    }

    /// Calls `visit`, with the index of the rule, for each place where a shape of a rule matches, until it has enough of
    /// that rule.
    fn each_place<'a>(
        &'a self,
        document: &'a Document,
        hits: &[Hit],
        earlier: &mut Seen,
        mut visit: impl FnMut(usize, Place<'a>) -> ControlFlow<()>,
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
            let place = self.place(shape.rule, Some((shape, hit.start)), range, line, prose, earlier);
            let enough = visit(shape.rule, place).is_break();
            seen[shape.rule] = if enough { usize::MAX } else { range.end };
        }
        let lasts = self.lasts.get_or_init(|| Firsts::new(self.ends.iter().map(|(_, end)| Some(end.body()))));
        for Block { range: line, .. } in document.blocks() {
            let last = line.of(prose).chars().next_back();
            for index in lasts.possible(last).iter(self.ends.len()) {
                let (rule, end) = &self.ends[index];
                if seen[*rule] < usize::MAX
                    && let Some(range) = end.match_in(prose, *line)
                    && visit(*rule, self.place(*rule, None, range, *line, prose, earlier)).is_break()
                {
                    seen[*rule] = usize::MAX;
                }
            }
        }
    }

    fn place<'a>(
        &'a self,
        rule: usize,
        shape: Option<(&'a RuleShape, usize)>,
        range: TextRange,
        line: TextRange,
        prose: &'a str,
        earlier: &mut Seen,
    ) -> Place<'a> {
        let rule = &self.rules[rule];
        let context = rule.context.first(Surroundings::new(prose, line, range), earlier);
        Place { rule, shape, range, line, context }
    }

    fn diagnostic(&self, place: &Place<'_>, prose: &str, seen: &mut Seen) -> Diagnostic {
        let Place { rule, shape, range, line, .. } = *place;
        let around = Surroundings::new(prose, line, range);
        let slot = rule.slots.then(|| {
            let (kind, unit) = self.slots.of(rule.slot, around, seen);
            let fill = shape.map_or(range, |(shape, at)| shape.shape.fill_at(prose, line, at, range));
            Slot { kind, unit: unit.map(str::to_owned), fill }
        });
        let kind =
            slot.as_ref().map_or("", |slot| self.slots.lang.pick(slot.kind.names().0, slot.kind.names().1));
        let unit = slot.as_ref().and_then(|slot| slot.unit.as_deref()).unwrap_or_default();
        let finding = rule.voice.finding(range, &[around.inside.trim(), kind, unit], None);
        Diagnostic { slot, fix: place.fix(prose), ..finding }
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
