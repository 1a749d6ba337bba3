//! Pair rules: quotes and brackets (GB/T 15834) that do not match up.
//!
//! Each paragraph is read with one stack. What is left over is weighed afterwards: a quotation may run over several
//! paragraphs, and a quote left open beside one never opened is most likely one pair typed the wrong way round.

mod mend;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::Engine;
use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Kind, Wording};
use super::family::Family;
use super::gather::Gathering;
use super::matcher::{BlockCursor, Hit, Pattern, ScannerBuilder};
use super::source::RuleError;
use super::template::{Repair, Voice};
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::{Block, Document};
use crate::text::TextRange;
use mend::Mender;

/// The `[pair]` table of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// What is wrong with the pair.
    defect: Defect,
}

/// How a pair can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Defect {
    /// Opened, never closed.
    Unclosed,
    /// Closed, never opened.
    Unopened,
    /// （“…）”.
    Crossed,
    /// ”…“, or “…“ where the second should close.
    Reversed,
    /// （…).
    Width,
    /// 《…《…》…》.
    Nesting,
    /// " in Chinese prose.
    Straight,
}

/// A kind of quote or bracket.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PairSettings {
    /// The opening character.
    open: Spanned<String>,
    /// The closing character; the same as the opening one for straight quotes.
    close: String,
    /// Pairs of one shape are the same but for their width: （ may be closed by ) in a hurry.
    shape: String,
    /// Whether one may stand inside another of its kind.
    #[serde(default = "yes")]
    nests: bool,
    /// How many paragraphs further its end may come.
    #[serde(default)]
    reach: usize,
    /// Whether these are quotation marks: what a colon brings may be one, and one key types both halves.
    #[serde(default)]
    quotes: bool,
    /// The shape of the pair to be used instead: for straight quotes, and for one that stands inside another of its kind.
    instead: Option<Spanned<String>>,
    /// Signs that what stands between the marks hardly goes past, for where an end that is missing belongs.
    #[serde(default)]
    until: String,
    /// For the same purpose, in a group `end`, what it ends with.
    ends: Option<Spanned<String>>,
    /// What makes one that is left over no defect.
    #[serde(default)]
    unless: Vec<ConditionSettings>,
    /// For straight quotes: what must hold around one for it to stand in Chinese prose.
    #[serde(default)]
    only: Vec<ConditionSettings>,
}

impl PairSettings {
    /// Whether the pair is one of this shape.
    pub(super) fn is_of(&self, shape: &str) -> bool {
        self.shape == shape
    }
}

fn yes() -> bool {
    true
}

#[derive(Debug)]
struct Pair {
    settings: PairSettings,
    unless: Conditions,
    only: Conditions,
    /// The pair to be used instead.
    instead: Option<usize>,
    ends: Option<Pattern>,
}

#[derive(Debug)]
struct Rule {
    voice: Voice,
    gathering: Option<Gathering>,
    defect: Defect,
}

/// Every pair rule of a family.
#[derive(Debug)]
struct Pairs {
    pairs: Vec<Pair>,
    rules: Vec<Rule>,
}

/// A straight quote.
#[derive(Clone, Copy, Debug)]
struct Straight {
    mark: Mark,
    /// Whether it stands in Chinese prose.
    in_chinese: bool,
}

/// What is wrong in a text.
#[derive(Debug)]
struct Flaw {
    defect: Defect,
    /// The mark to blame.
    mark: Mark,
    /// The mark that it has to do with.
    other: Option<Mark>,
    /// Of one inside another of its kind, its end, if the two stand in each other without anything between.
    close: Option<Mark>,
    repair: Option<Repair>,
}

impl Flaw {
    fn new(defect: Defect, mark: Mark, other: Option<Mark>) -> Self {
        Self { defect, mark, other, close: None, repair: None }
    }
}

/// A quote or bracket in the text.
#[derive(Clone, Copy, Debug)]
struct Mark {
    pair: usize,
    opens: bool,
    range: TextRange,
    /// Index of the paragraph.
    paragraph: usize,
    line: TextRange,
}

/// No title is longer, in bytes.
const MAX_TITLE: usize = 600;

const VARIABLES: [&str; 3] = ["mark", "other", "partner"];

pub(super) fn compile(
    rules: &[&Definition],
    family: &Family,
    scanner: &mut ScannerBuilder,
    lang: Lang,
) -> Result<Option<Box<dyn Engine>>, RuleError> {
    let mut compiled = Vec::new();
    for definition in rules {
        let Kind::Pair(settings) = &definition.kind else { continue };
        let voice = Voice::new(definition, lang, &VARIABLES)?;
        compiled.push(Rule { voice, gathering: Gathering::new(definition, lang)?, defect: settings.defect });
    }
    if compiled.is_empty() {
        return Ok(None);
    }
    let error = |offset: usize, message: Wording| family.error_at(offset, message);
    let mut pairs = Vec::new();
    for settings in &family.pair {
        for (side, mark) in [settings.open.get_ref(), &settings.close].into_iter().enumerate() {
            if mark.chars().count() != 1 {
                let message =
                    Wording::new(format!("“{mark}”不是一个字符"), format!("`{mark}` is not one character"));
                return Err(error(settings.open.span().start, message));
            }
            scanner.watch(2 * pairs.len() + side, mark.clone());
        }
        let unless = Conditions::new(family, &settings.unless, &error)?;
        let only = Conditions::new(family, &settings.only, &error)?;
        let ends = settings.ends.as_ref().map(|ends| Pattern::new(family, ends, &error)).transpose()?;
        let instead = settings.instead.as_ref().map(|shape| family.pair_of_shape(shape)).transpose()?;
        pairs.push(Pair { settings: settings.clone(), unless, only, instead, ends });
    }
    Ok(Some(Box::new(Pairs { pairs, rules: compiled })))
}

impl Engine for Pairs {
    fn check(&self, document: &Document, hits: &[Hit], out: &mut Vec<Diagnostic>) {
        let (marks, straight) = self.marks(document, hits);
        let mut reader = Reader::new(self, document.prose());
        for paragraph in marks.chunk_by(|a, b| a.paragraph == b.paragraph) {
            reader.read(paragraph);
        }
        reader.weigh_leftovers(document);
        let Reader { mut found, sound, .. } = reader;
        let mender = Mender::new(self, document.prose(), &sound);
        for flaw in &mut found {
            flaw.repair = mender.repair(flaw);
        }
        let alike =
            |a: &Straight, b: &Straight| (a.mark.paragraph, a.mark.pair) == (b.mark.paragraph, b.mark.pair);
        found.extend(straight.chunk_by(alike).flat_map(|marks| mender.curl(marks)));
        for rule in &self.rules {
            let of_rule = found.iter().filter(|flaw| flaw.defect == rule.defect);
            let mut own: Vec<Diagnostic> =
                of_rule.map(|flaw| self.diagnostic(rule, flaw, document.prose())).collect();
            match &rule.gathering {
                Some(gathering) if gathering.takes(own.len()) => {
                    own.sort_by_key(|found| found.range);
                    let all = own.iter().map(|found| (found.range, found.fix.clone())).collect();
                    out.push(gathering.one(own[0].clone(), all));
                }
                _ => out.append(&mut own),
            }
        }
    }
}

impl Pairs {
    /// The marks in order, and apart from them the straight quotes, kind by kind.
    fn marks(&self, document: &Document, hits: &[Hit]) -> (Vec<Mark>, Vec<Straight>) {
        let (prose, blocks) = (document.prose(), document.blocks());
        let paragraphs = paragraph_numbers(blocks);
        let mut cursor = BlockCursor::new(blocks);
        let (mut marks, mut straight) = (Vec::new(), Vec::new());
        for hit in hits {
            let Some(block) = cursor.find(hit.start) else { continue };
            let (pair, side) = (usize::from(hit.tag) / 2, usize::from(hit.tag) % 2);
            let settings = &self.pairs[pair].settings;
            let line = blocks[block].range;
            let len = if side == 0 { settings.open.get_ref().len() } else { settings.close.len() };
            let mark = Mark {
                pair,
                opens: side == 0,
                range: TextRange::new(hit.start, hit.start + len),
                paragraph: paragraphs[block],
                line,
            };
            if *settings.open.get_ref() != settings.close {
                marks.push(mark);
            } else if side == 0 {
                let around = mark.around(prose);
                let in_chinese = self.pairs[pair].only.first(around, &mut Seen::default()).is_some();
                straight.push(Straight { mark, in_chinese });
            }
        }
        straight.sort_by_key(|straight| straight.mark.pair);
        (marks, straight)
    }

    fn excused(&self, mark: Mark, prose: &str) -> bool {
        self.pairs[mark.pair].unless.first(mark.around(prose), &mut Seen::default()).is_some()
    }

    fn partner(&self, mark: Mark) -> &str {
        let settings = &self.pairs[mark.pair].settings;
        if mark.opens { &settings.close } else { settings.open.get_ref() }
    }

    /// The pair to be preferred among those of a shape.
    fn of_shape(&self, shape: &str) -> Option<usize> {
        self.pairs.iter().position(|pair| pair.settings.shape == shape)
    }

    fn diagnostic(&self, rule: &Rule, flaw: &Flaw, prose: &str) -> Diagnostic {
        let (mark, other) = (flaw.mark.range, flaw.other.map(|other| other.range));
        let values = [mark.of(prose), other.map_or("", |other| other.of(prose)), self.partner(flaw.mark)];
        let fix = flaw.repair.clone().map(|repair| rule.voice.fix(repair, &values));
        Diagnostic { fix, ..rule.voice.finding(mark, &values, other) }
    }
}

impl Mark {
    fn around(self, prose: &str) -> Surroundings<'_> {
        Surroundings::new(prose, self.line, self.range)
    }
}

/// For each block the number of its paragraph, which may be several lines of Markdown.
fn paragraph_numbers(blocks: &[Block]) -> Vec<usize> {
    let mut paragraph = 0;
    let number = |(index, block): (usize, &Block)| {
        paragraph += usize::from(index > 0 && !block.continues);
        paragraph
    };
    blocks.iter().enumerate().map(number).collect()
}

/// Reads the marks of a document, paragraph by paragraph.
struct Reader<'a> {
    pairs: &'a Pairs,
    prose: &'a str,
    found: Vec<Flaw>,
    stack: Vec<Mark>,
    /// Marks inside others of their kind that do not nest.
    nested: Vec<Flaw>,
    /// Marks without a partner in their paragraph.
    left: Vec<Mark>,
    /// What stands in sound pairs: the kind, and where.
    sound: Vec<(usize, TextRange)>,
}

impl<'a> Reader<'a> {
    fn new(pairs: &'a Pairs, prose: &'a str) -> Self {
        let (found, stack, nested, left, sound) = Default::default();
        Self { pairs, prose, found, stack, nested, left, sound }
    }

    fn read(&mut self, paragraph: &[Mark]) {
        for (index, &mark) in paragraph.iter().enumerate() {
            if mark.opens {
                self.open(mark);
            } else {
                self.close(mark, &paragraph[index + 1..]);
            }
        }
        // one that is never closed is not around anything
        let is_open = |outer: Mark| self.stack.iter().any(|mark| mark.range == outer.range);
        let nested = std::mem::take(&mut self.nested).into_iter();
        self.found.extend(nested.filter(|flaw| !flaw.other.is_some_and(is_open)));
        self.left.append(&mut self.stack);
        self.left.sort_by_key(|mark| mark.range);
    }

    fn open(&mut self, mark: Mark) {
        if !self.pairs.pairs[mark.pair].settings.nests
            && let Some(&outer) = self.stack.iter().rev().find(|open| open.pair == mark.pair)
        {
            self.nested.push(Flaw::new(Defect::Nesting, mark, Some(outer)));
        }
        self.stack.push(mark);
    }

    fn close(&mut self, mark: Mark, rest: &[Mark]) {
        let Some(&top) = self.stack.last() else { return self.left.push(mark) };
        if top.pair == mark.pair {
            self.stack.pop();
            self.sound.push((mark.pair, TextRange::new(top.range.end, mark.range.start)));
            return self.end_nested(top, mark);
        }
        if let Some(at) = self.stack.iter().rposition(|open| open.pair == mark.pair) {
            let inner = self.stack[at + 1];
            if closes_next(inner, rest) {
                self.found.push(Flaw::new(Defect::Crossed, mark, Some(inner)));
                self.stack.remove(at);
            } else {
                self.left.extend(self.stack.drain(at + 1..));
                self.stack.pop();
            }
        } else if self.shape(top) == self.shape(mark)
            && !closes_next(top, rest)
            && !self.pairs.excused(mark, self.prose)
        {
            self.found.push(Flaw::new(Defect::Width, mark, Some(top)));
            self.stack.pop();
        } else {
            self.left.push(mark);
        }
    }

    /// Notes where a mark inside another of its kind ends, if it is plain that it is meant to stand there: the one around it
    /// stands in no other, goes on after it, and is one phrase.
    fn end_nested(&mut self, open: Mark, close: Mark) {
        let Some(&outer) = self.stack.last() else { return };
        let is_nested = |mark: Mark| self.nested.iter().any(|flaw| flaw.mark.range == mark.range);
        let before = &self.prose[outer.range.end..open.range.start];
        let inside = &self.prose[outer.range.end..close.range.start];
        let is_plain = outer.pair == open.pair
            && !is_nested(outer)
            && inside.len() <= MAX_TITLE
            && !before.ends_with(['、', '，'])
            && !inside.contains(['。', '；', '！', '？']);
        if let Some(flaw) = self.nested.iter_mut().find(|flaw| flaw.mark.range == open.range) {
            flaw.close = is_plain.then_some(close);
        }
    }

    fn shape(&self, mark: Mark) -> &str {
        &self.pairs.pairs[mark.pair].settings.shape
    }

    /// Decides what the marks without a partner mean.
    fn weigh_leftovers(&mut self, document: &Document) {
        let mut left = std::mem::take(&mut self.left);
        self.join_cut_lines(&mut left);
        left.retain(|&mark| !self.pairs.excused(mark, self.prose));
        let mut taken = vec![false; left.len()];
        for (index, next) in next_of_its_kind(&left).into_iter().enumerate() {
            let mark = left[index];
            if taken[index] {
                continue;
            }
            match next.map(|next| (next, left[next])) {
                _ if mark.opens && self.goes_on(mark, document) => {}
                Some((next, other)) if self.reaches(mark, other) => taken[next] = true,
                Some((next, other)) if self.reversed(mark, other) => {
                    // of “…“ the second should close; of ”…“ and ”…” the first should open
                    let (wrong, right) = if mark.opens { (other, mark) } else { (mark, other) };
                    self.found.push(Flaw::new(Defect::Reversed, wrong, Some(right)));
                    taken[next] = true;
                }
                _ if mark.opens => self.found.push(Flaw::new(Defect::Unclosed, mark, None)),
                _ => self.found.push(Flaw::new(Defect::Unopened, mark, None)),
            }
        }
    }

    /// Drops the pairs that a line end has cut in two, wherever the second half stands: what looks like the number of a
    /// list, `1)`, may close a bracket of the line above if that ends in the middle of a sentence.
    fn join_cut_lines(&self, left: &mut Vec<Mark>) {
        let mut index = 0;
        while index + 1 < left.len() {
            let (open, close) = (left[index], left[index + 1]);
            let cut = self.reaches(open, close)
                && open.pair == close.pair
                && open.paragraph + 1 == close.paragraph
                && !ends_sentence(open.line.of(self.prose))
                && self.pairs.excused(close, self.prose);
            if cut {
                left.drain(index..index + 2);
            } else {
                index += 1;
            }
        }
    }

    /// Whether `close` ends, in a later paragraph, what `open` began.
    fn reaches(&self, open: Mark, close: Mark) -> bool {
        let reach = self.pairs.pairs[open.pair].settings.reach;
        open.opens && !close.opens && close.paragraph - open.paragraph <= reach
    }

    /// Whether two marks of one sentence without partners are one pair typed the wrong way round.
    fn reversed(&self, first: Mark, second: Mark) -> bool {
        let between = &self.prose[first.range.end..second.range.start];
        let ends = ['。', '！', '？'];
        let opening = |mark: Mark| self.prose[mark.line.start..mark.range.start].trim_end().ends_with('：');
        let sound = first.opens && !second.opens;
        let one_sentence = !between.contains(ends) || between.ends_with(ends) || opening(first);
        first.paragraph == second.paragraph && !sound && one_sentence
    }

    /// Whether the quotation that `open` began goes on: each paragraph of a long quotation opens anew, and only the
    /// last one closes (GB/T 15834, 4.8.3.4).
    fn goes_on(&self, open: Mark, document: &Document) -> bool {
        let settings = &self.pairs.pairs[open.pair].settings;
        if settings.reach == 0 {
            return false;
        }
        let rest = &self.prose[open.line.end..];
        let next = rest.trim_start();
        ends_sentence(open.line.of(document.prose())) && next.starts_with(settings.open.get_ref().as_str())
    }
}

/// Whether a line ends where a sentence does, or a part of one that can stand on a line of its own.
fn ends_sentence(line: &str) -> bool {
    line.trim_end().ends_with(['。', '！', '？', '…', '；', '：'])
}

/// Whether the next mark of `open`'s kind in `rest` closes it.
fn closes_next(open: Mark, rest: &[Mark]) -> bool {
    rest.iter().find(|mark| mark.pair == open.pair).is_some_and(|mark| !mark.opens)
}

/// For each mark the index of the next one of the same kind.
fn next_of_its_kind(marks: &[Mark]) -> Vec<Option<usize>> {
    let mut next = vec![None; marks.len()];
    let mut last = FxHashMap::default();
    for (index, mark) in marks.iter().enumerate() {
        if let Some(before) = last.insert(mark.pair, index) {
            next[before] = Some(index);
        }
    }
    next
}
