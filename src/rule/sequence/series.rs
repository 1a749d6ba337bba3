//! Puts markers together into series, and tells where a series breaks.
//!
//! Series that are still open form a stack: a heading that goes on closes what was opened beneath it, and a marker
//! belongs to the innermost series that it continues. A marker that continues none is judged by what comes next, so
//! that one slip of the pen is one finding: 1 2 2 4 is a wrong number, not a repeat and a gap.

use std::cmp::Ordering;
use std::ops::Range;

use super::{Defect, Marker, Ordinal, Scope};

/// Two markers 一是 this near to each other (in bytes) are one series begun twice, not one inside the other.
const BEGUN_TWICE_BYTES: usize = 120;

/// No draft nests series deeper; a garbled one must not make the stack, and the time, grow with its length.
const MAX_DEPTH: usize = 32;

/// From this level on markers number the items of lists (1. (1) ①), not the sections of a document (一、（一）).
const LIST_LEVEL: u8 = 6;

/// Nobody loses more items than this at once: a number further off is no marker (a page, a problem's number).
const MAX_GAP: u32 = 9;

/// A series as it was read.
#[derive(Debug)]
pub(in crate::rule) struct Series {
    /// Indexes of its markers.
    pub items: Vec<usize>,
    /// Whether a break was found in it.
    pub broken: bool,
    /// Whether it begins after 1.
    late: bool,
    /// The number it stands at.
    last: u32,
    /// A number that may still follow out of turn: the 2 of 1 3 2, the 4 of 1 2 2 4.
    tolerated: Option<u32>,
}

/// A break of a series.
#[derive(Debug)]
pub(super) struct Break {
    pub defect: Defect,
    /// The marker at which a reader stumbles.
    pub marker: usize,
    /// The last good one before it.
    pub last: Option<usize>,
    /// The numbers after the last good one up to this one: what is missing.
    gap: Range<u32>,
}

impl Break {
    pub(super) fn missing(&self) -> Range<u32> {
        self.gap.clone()
    }
}

/// Reads the markers of a document.
pub(super) fn resolve(markers: &[Marker], ordinals: &[Ordinal], prose: &str) -> (Vec<Series>, Vec<Break>) {
    let mut resolver = Resolver {
        markers,
        ordinals,
        prose,
        series: Vec::new(),
        open: Vec::new(),
        running: Vec::new(),
        breaks: Vec::new(),
    };
    for index in 0..markers.len() {
        match resolver.ordinal(index).settings.scope {
            Scope::Section => resolver.step(index),
            Scope::Document => resolver.step_through_document(index),
            Scope::Pair => resolver.step_of_pair(index),
        }
    }
    (resolver.series, resolver.breaks)
}

struct Resolver<'a> {
    markers: &'a [Marker],
    ordinals: &'a [Ordinal],
    prose: &'a str,
    series: Vec<Series>,
    /// The open series, outermost first.
    open: Vec<usize>,
    /// The latest series of each kind that runs through the document.
    running: Vec<usize>,
    breaks: Vec<Break>,
}

impl Resolver<'_> {
    fn ordinal(&self, marker: usize) -> &Ordinal {
        &self.ordinals[self.markers[marker].ordinal]
    }

    fn alike(&self, a: usize, b: usize) -> bool {
        self.markers[a].ordinal == self.markers[b].ordinal
            && self.ordinal(a).key(self.markers[a].range.of(self.prose))
                == self.ordinal(b).key(self.markers[b].range.of(self.prose))
    }

    fn head(&self, series: usize) -> usize {
        self.series[series].items[0]
    }

    fn tail(&self, series: usize) -> usize {
        self.series[series].items[self.series[series].items.len() - 1]
    }

    fn level(&self, series: usize) -> u8 {
        self.ordinal(self.head(series)).settings.level
    }

    fn accepts(&self, series: usize, value: u32) -> bool {
        self.series[series].last + 1 == value || self.series[series].tolerated == Some(value)
    }

    /// Adds a marker to a series.
    fn extend(&mut self, series: usize, marker: usize) {
        let value = self.markers[marker].value;
        let series = &mut self.series[series];
        series.items.push(marker);
        series.last = series.last.max(value);
        series.tolerated = None;
    }

    fn begin(&mut self, marker: usize) -> usize {
        let last = self.markers[marker].value;
        let late = last != 1;
        self.series.push(Series { items: vec![marker], broken: late, late, last, tolerated: None });
        self.series.len() - 1
    }

    fn report(&mut self, defect: Defect, marker: usize, series: Option<usize>) {
        let last = series.map(|series| self.tail(series));
        let from = series.map_or(0, |series| self.series[series].last) + 1;
        let gap = from..self.markers[marker].value.max(from);
        if let Some(series) = series {
            self.series[series].broken = true;
        }
        self.breaks.push(Break { defect, marker, last, gap });
    }

    fn step(&mut self, index: usize) {
        let value = self.markers[index].value;
        let own = self.open.iter().rposition(|&open| self.alike(self.head(open), index));
        let continued = self
            .open
            .iter()
            .rposition(|&open| self.alike(self.head(open), index) && self.accepts(open, value));
        if let Some(at) = continued {
            self.open.truncate(at + 1);
            self.extend(self.open[at], index);
        } else if value == 1 {
            self.fresh(index, own);
        } else if let Some(at) = own {
            self.stumble(index, at);
        } else if let Some(at) = self.sibling(index, |resolver, open| resolver.accepts(open, value)) {
            self.open.truncate(at + 1);
            self.extend(self.open[at], index);
        } else if let Some(at) = self.sibling(index, |resolver, open| resolver.series[open].last < value) {
            self.report(Defect::Mixed, index, Some(self.open[at]));
            self.open.truncate(at + 1);
            self.extend(self.open[at], index);
        } else {
            if value > MAX_GAP {
                return;
            }
            if !self.begun_otherwise(index) {
                self.report(Defect::Start, index, None);
            }
            self.push(index);
        }
    }

    /// Whether other words on the same line stand for the first item: 一条是…二是.
    fn begun_otherwise(&self, index: usize) -> bool {
        let marker = self.markers[index];
        let before = &self.prose[marker.line.start..marker.range.start];
        self.ordinal(index).begun_by.as_ref().is_some_and(|begun_by| begun_by.is_match(before))
    }

    /// Whether a second item follows its first, begun in other words at the head of a part of a sentence, after the end of
    /// an earlier series: 一是…二是…。主要有三点，一个是…二是.
    fn begun_anew(&self, index: usize, tail: usize) -> bool {
        let (marker, tail) = (self.markers[index], self.markers[tail]);
        let Some(words) = &self.ordinal(index).begun_by else { return false };
        let between = &self.prose[tail.range.end.max(marker.line.start)..marker.range.start];
        let parts = between.split(['。', '，', '；', '：', '！', '？']).skip(1);
        let begins = |part: &str| words.find(part).is_some_and(|found| found.start() == 0);
        marker.value == 2 && parts.map(str::trim_start).any(begins)
    }

    /// Opens a new series at a marker.
    fn push(&mut self, index: usize) {
        let level = self.ordinal(index).settings.level;
        if self.markers[index].opens_line {
            // a heading closes what was opened before it on its own level and below; the small numbers of a list may
            // stand inside anything
            let closes = |of: u8, opens_line: bool| of > level && (opens_line || level < LIST_LEVEL);
            let from = self
                .open
                .iter()
                .position(|&open| closes(self.level(open), self.markers[self.head(open)].opens_line));
            self.open.truncate(from.unwrap_or(self.open.len()));
            // and a list that begins on a line of its own, those that began inside earlier lines
            let block = self.markers[index].block;
            self.open.retain(|&open| {
                let head = self.markers[self.series[open].items[0]];
                self.ordinals[head.ordinal].settings.level < level || head.opens_line || head.block == block
            });
        }
        if self.open.len() == MAX_DEPTH {
            self.open.remove(0);
        }
        let series = self.begin(index);
        self.open.push(series);
    }

    /// The innermost open series of another kind of the same group for which `fits` holds.
    fn sibling(&self, index: usize, fits: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        let group = &self.ordinal(index).settings.group;
        let block = self.markers[index].block;
        let related = |open: usize| self.ordinal(self.head(open)).settings.group == *group;
        // a series that is open on the same line stands before those around it
        let from =
            self.open.iter().position(|&open| related(open) && self.markers[self.tail(open)].block == block);
        let found = self.open[from.unwrap_or(0)..].iter().rposition(|&open| {
            self.ordinal(self.head(open)).settings.group == *group
                && !self.alike(self.head(open), index)
                && fits(self, open)
        })?;
        Some(from.unwrap_or(0) + found)
    }

    /// A marker 1: a new series, unless it is a slip inside the one that is open.
    fn fresh(&mut self, index: usize, own: Option<usize>) {
        let Some(at) = own else { return self.push(index) };
        let open = self.open[at];
        let tail = self.tail(open);
        let next = self.next_alike(index, at);
        let (here, there) = (self.markers[index], self.markers[tail]);
        let same_run = here.block == there.block || here.opens_line;
        if same_run && self.slip(open, index, next) {
            self.open.truncate(at + 1);
            return;
        }
        let last = self.series[open].last;
        let innermost = at + 1 == self.open.len();
        let near = here.range.start - there.range.end < BEGUN_TWICE_BYTES;
        if last == 1 && innermost && here.block == there.block && near {
            self.report(Defect::Duplicate, index, Some(open));
        }
        // a series inside an item of the same kind begins on the line of that item; else it is the next series
        if here.opens_line || here.block != there.block {
            let level = self.level(open);
            let above = self.open.split_off(at);
            let stays = |series: &usize| {
                self.level(*series) < level || self.markers[self.head(*series)].block == here.block
            };
            self.open.extend(above.into_iter().skip(1).filter(stays).collect::<Vec<_>>());
        }
        self.push(index);
    }

    /// Takes a marker 1 into a series that goes on after it: the second 1 of 1 1 3, the 1 of 1 2 1 4, that of 2 1 3.
    fn slip(&mut self, series: usize, index: usize, next: Option<u32>) -> bool {
        let (last, late) = (self.series[series].last, self.series[series].late);
        if late && next == Some(last + 1) {
            // that the series begins late has been said
            self.series[series].items.push(index);
            return true;
        }
        if next != Some(last + 2) {
            return false;
        }
        self.report(if last == 1 { Defect::Duplicate } else { Defect::Order }, index, Some(series));
        self.series[series].items.push(index);
        self.series[series].last = last + 1;
        true
    }

    /// A marker that does not continue the open series of its kind.
    fn stumble(&mut self, index: usize, at: usize) {
        let value = self.markers[index].value;
        let open = self.open[at];
        let last = self.series[open].last;
        if value > last + MAX_GAP {
            return;
        }
        if self.begun_anew(index, self.tail(open)) {
            self.open.truncate(at);
            return self.push(index);
        }
        let next = self.next_alike(index, at);
        let same_line = self.markers[index].block == self.markers[self.tail(open)].block;
        let stray = next == Some(last + 1) || next == Some(last + 2);
        if value < last && !stray && !same_line {
            self.report(Defect::Start, index, None);
            self.open.truncate(at);
            self.push(index);
            return;
        }
        self.open.truncate(at + 1);
        self.break_off(open, index, next);
    }

    /// Reports a marker that does not continue its series, and takes it in.
    fn break_off(&mut self, series: usize, index: usize, next: Option<u32>) {
        let (value, last) = (self.markers[index].value, self.series[series].last);
        let defect = match value.cmp(&last) {
            Ordering::Equal => Defect::Duplicate,
            Ordering::Greater if next != Some(last + 1) => Defect::Missing,
            Ordering::Greater | Ordering::Less => Defect::Order,
        };
        self.report(defect, index, Some(series));
        self.extend(series, index);
        let tolerated = if value > last { last + 1 } else { last + 2 };
        self.series[series].tolerated = (next == Some(tolerated)).then_some(tolerated);
    }

    /// The number of the next marker of this kind in the scope of the series at `at` of the stack.
    fn next_alike(&self, index: usize, at: usize) -> Option<u32> {
        let level = self.ordinal(index).settings.level;
        for next in index + 1..self.markers.len() {
            if self.alike(index, next) {
                return Some(self.markers[next].value);
            }
            let higher = self.ordinal(next).settings.level < level && self.markers[next].opens_line;
            if higher || self.open[..at].iter().any(|&outer| self.alike(self.head(outer), next)) {
                return None;
            }
        }
        None
    }

    /// Articles of a law: chapters do not interrupt them, and they may stand under headings of any kind.
    fn step_through_document(&mut self, index: usize) {
        self.open.retain(|&open| {
            self.ordinals[self.markers[self.series[open].items[0]].ordinal].settings.level < LIST_LEVEL
        });
        let value = self.markers[index].value;
        let Some(at) = self.running.iter().position(|&series| self.alike(self.head(series), index)) else {
            // a draft that cites a few articles of a law does not number its own
            if value > MAX_GAP {
                return;
            }
            if value != 1 {
                self.report(Defect::Start, index, None);
            }
            let series = self.begin(index);
            self.running.push(series);
            return;
        };
        let series = self.running[at];
        if value > self.series[series].last + MAX_GAP {
            return;
        }
        if self.accepts(series, value) {
            return self.extend(series, index);
        }
        let next = (index + 1..self.markers.len())
            .find(|&next| self.alike(index, next))
            .map(|next| self.markers[next].value);
        if value != 1 {
            self.break_off(series, index, next);
        } else if !self.slip(series, index, next) {
            self.running[at] = self.begin(index);
        }
    }

    /// 一方面…另一方面: the second word wants the first somewhere before it in the section.
    fn step_of_pair(&mut self, index: usize) {
        let own = self.open.iter().rposition(|&open| self.alike(self.head(open), index));
        if let Some(at) = own {
            return self.extend(self.open[at], index);
        }
        if self.markers[index].value > 1 {
            self.report(Defect::Unpaired, index, None);
        }
        self.push(index);
    }
}
