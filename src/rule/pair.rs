//! Pair rules: quotes and brackets (GB/T 15834) that do not match up.
//!
//! Each paragraph is read with one stack. What is left over is weighed afterwards: a quotation may run over several
//! paragraphs, and a quote left open beside one never opened is most likely one pair typed the wrong way round.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::Engine;
use super::condition::{ConditionSettings, Conditions, Seen, Surroundings};
use super::definition::{Definition, Kind, Wording};
use super::family::Family;
use super::gather::Gathering;
use super::matcher::{BlockCursor, Hit, ScannerBuilder};
use super::source::RuleError;
use super::template::Voice;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Lang};
use crate::document::{Block, Document};
use crate::text::TextRange;

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
    /// What makes one that is left over no defect.
    #[serde(default)]
    unless: Vec<ConditionSettings>,
    /// For straight quotes: what must hold around one for it to stand in Chinese prose.
    #[serde(default)]
    only: Vec<ConditionSettings>,
}

fn yes() -> bool {
    true
}

#[derive(Debug)]
struct Pair {
    settings: PairSettings,
    unless: Conditions,
    only: Conditions,
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
        pairs.push(Pair { settings: settings.clone(), unless, only });
    }
    Ok(Some(Box::new(Pairs { pairs, rules: compiled })))
}

impl Engine for Pairs {
    fn check(&self, document: &Document, hits: &[Hit], out: &mut Vec<Diagnostic>) {
        let (marks, straight) = self.marks(document, hits);
        let mut reader = Reader {
            pairs: self,
            prose: document.prose(),
            found: Vec::new(),
            stack: Vec::new(),
            nested: Vec::new(),
            left: Vec::new(),
        };
        for paragraph in marks.chunk_by(|a, b| a.paragraph == b.paragraph) {
            reader.read(paragraph);
        }
        reader.weigh_leftovers(document);
        reader.found.extend(straight.into_iter().map(|mark| (Defect::Straight, mark, None)));
        for rule in &self.rules {
            let of_rule = reader.found.iter().filter(|(defect, ..)| *defect == rule.defect);
            let mut own: Vec<Diagnostic> = of_rule
                .map(|&(_, mark, other)| self.diagnostic(rule, mark, other, document.prose()))
                .collect();
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
    /// The marks in order, and apart from them the straight quotes that stand in Chinese prose.
    fn marks(&self, document: &Document, hits: &[Hit]) -> (Vec<Mark>, Vec<Mark>) {
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
            } else if side == 0
                && self.pairs[pair].only.first(mark.around(prose), &mut Seen::default()).is_some()
            {
                straight.push(mark);
            }
        }
        (marks, straight)
    }

    fn excused(&self, mark: Mark, prose: &str) -> bool {
        self.pairs[mark.pair].unless.first(mark.around(prose), &mut Seen::default()).is_some()
    }

    fn partner(&self, mark: Mark) -> &str {
        let settings = &self.pairs[mark.pair].settings;
        if mark.opens { &settings.close } else { settings.open.get_ref() }
    }

    fn diagnostic(&self, rule: &Rule, mark: Mark, other: Option<Mark>, prose: &str) -> Diagnostic {
        let values =
            [mark.range.of(prose), other.map_or("", |other| other.range.of(prose)), self.partner(mark)];
        let fix = other.filter(|_| rule.defect == Defect::Width).map(|other| Fix {
            applicability: Applicability::Safe,
            edits: vec![Edit { range: mark.range, text: self.partner(other).to_owned() }],
        });
        Diagnostic { fix, ..rule.voice.finding(mark.range, &values, other.map(|other| other.range)) }
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
    /// Findings: what is wrong, the mark to blame, the mark that it has to do with.
    found: Vec<(Defect, Mark, Option<Mark>)>,
    stack: Vec<Mark>,
    /// Marks inside others of their kind that do not nest.
    nested: Vec<(Mark, Mark)>,
    /// Marks without a partner in their paragraph.
    left: Vec<Mark>,
}

impl Reader<'_> {
    fn read(&mut self, paragraph: &[Mark]) {
        for (index, &mark) in paragraph.iter().enumerate() {
            if mark.opens {
                self.open(mark);
            } else {
                self.close(mark, &paragraph[index + 1..]);
            }
        }
        // one that is never closed is not around anything
        let open = |outer: &Mark| self.stack.iter().any(|mark| mark.range == outer.range);
        let nested = std::mem::take(&mut self.nested).into_iter().filter(|(_, outer)| !open(outer));
        self.found.extend(nested.map(|(mark, outer)| (Defect::Nesting, mark, Some(outer))));
        self.left.append(&mut self.stack);
        self.left.sort_by_key(|mark| mark.range);
    }

    fn open(&mut self, mark: Mark) {
        if !self.pairs.pairs[mark.pair].settings.nests
            && let Some(&outer) = self.stack.iter().rev().find(|open| open.pair == mark.pair)
        {
            self.nested.push((mark, outer));
        }
        self.stack.push(mark);
    }

    fn close(&mut self, mark: Mark, rest: &[Mark]) {
        let Some(&top) = self.stack.last() else { return self.left.push(mark) };
        if top.pair == mark.pair {
            self.stack.pop();
            return;
        }
        if let Some(at) = self.stack.iter().rposition(|open| open.pair == mark.pair) {
            let inner = self.stack[at + 1];
            if closes_next(inner, rest) {
                self.found.push((Defect::Crossed, mark, Some(inner)));
                self.stack.remove(at);
            } else {
                self.left.extend(self.stack.drain(at + 1..));
                self.stack.pop();
            }
        } else if self.shape(top) == self.shape(mark)
            && !closes_next(top, rest)
            && !self.pairs.excused(mark, self.prose)
        {
            self.found.push((Defect::Width, mark, Some(top)));
            self.stack.pop();
        } else {
            self.left.push(mark);
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
                    self.found.push((Defect::Reversed, wrong, Some(right)));
                    taken[next] = true;
                }
                _ if mark.opens => self.found.push((Defect::Unclosed, mark, None)),
                _ => self.found.push((Defect::Unopened, mark, None)),
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
