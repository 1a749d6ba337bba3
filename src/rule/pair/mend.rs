//! Mends quotes and brackets.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use super::{Defect, Flaw, Mark, Pairs, Repair, Straight, ends_sentence};
use crate::diagnostic::{Applicability, Edit};
use crate::document::is_han;
use crate::text::TextRange;

/// What stands between the marks of a pair is known again up to so many characters.
const PHRASE_CHARS: usize = 24;

/// The most bytes that a character takes.
const MAX_UTF8: usize = 4;

/// How far is looked for the end of a pair, in characters: what has none nearer is for a person to see.
const REACH_CHARS: usize = 200;

/// What stands right behind a word, so that no pair begins before it.
const BEHIND: &str = "，。、；：！？）】》〉”’」』";

/// What stands right before a word, or between two, so that no pair ends after it.
const BEFORE: &str = "，、；：（【《〈“‘「『";

/// Mends the flaws of a document.
pub(super) struct Mender<'a> {
    pairs: &'a Pairs,
    prose: &'a str,
    /// What stands in sound pairs: the kind, and where.
    sound: &'a [(usize, TextRange)],
    phrases: OnceCell<FxHashSet<(usize, &'a str)>>,
}

impl<'a> Mender<'a> {
    pub(super) fn new(pairs: &'a Pairs, prose: &'a str, sound: &'a [(usize, TextRange)]) -> Self {
        Self { pairs, prose, sound, phrases: OnceCell::new() }
    }

    /// What mends a flaw, where that can be told. Straight quotes are for [`Mender::curl`].
    pub(super) fn repair(&self, flaw: &Flaw) -> Option<Repair> {
        let (mark, other) = (flaw.mark, flaw.other);
        match flaw.defect {
            Defect::Unclosed => self.close(mark),
            Defect::Unopened => self.open(mark),
            Defect::Crossed => self.uncross(mark, other?),
            Defect::Reversed => self.turn(mark, other?),
            Defect::Width => Some(self.align(other?, mark)),
            Defect::Nesting => self.exchange(mark, flaw.close?),
            Defect::Straight => None,
        }
    }

    /// （…) as （…）: full-width around Chinese and right behind it, else as it begins.
    fn align(&self, open: Mark, close: Mark) -> Repair {
        let inside = &self.prose[open.range.end..close.range.start];
        let shape = &self.pairs.pairs[open.pair].settings.shape;
        let in_chinese =
            self.before(open).is_some_and(is_han) || inside.chars().take(REACH_CHARS).any(is_han);
        let wide = self.pairs.of_shape(shape).filter(|_| in_chinese);
        let pair = &self.pairs.pairs[wide.unwrap_or(open.pair)].settings;
        let edits = [(open, pair.open.get_ref()), (close, &pair.close)];
        let edits = edits.into_iter().filter(|(mark, new)| mark.range.of(self.prose) != *new);
        Repair::new(Applicability::Safe, edits.map(|(mark, new)| replaced(mark, new)).collect())
    }

    /// 《…《…》…》 as 《…〈…〉…》.
    fn exchange(&self, open: Mark, close: Mark) -> Option<Repair> {
        let pair = &self.pairs.pairs[self.pairs.pairs[open.pair].instead?].settings;
        let edits = vec![replaced(open, pair.open.get_ref()), replaced(close, &pair.close)];
        Some(Repair::new(Applicability::Safe, edits))
    }

    /// （“…）” as （“…”）, where the two ends stand side by side.
    fn uncross(&self, close: Mark, inner: Mark) -> Option<Repair> {
        let end = self.pairs.partner(inner);
        let range = TextRange::new(close.range.start, close.range.end + end.len());
        let text = format!("{end}{}", close.range.of(self.prose));
        let is_beside = self.prose[close.range.end..].starts_with(end);
        is_beside.then(|| Repair::new(Applicability::Safe, vec![Edit { range, text }]))
    }

    /// ”…” as “…”. One key types both halves of a quote; other marks have a key each, and where two of them do not make a
    /// pair, their other halves are lost.
    fn turn(&self, wrong: Mark, other: Mark) -> Option<Repair> {
        if !self.pairs.pairs[wrong.pair].settings.quotes {
            return None;
        }
        let (first, last) = if wrong.opens { (other, wrong) } else { (wrong, other) };
        let between = &self.prose[first.range.end..last.range.start];
        let is_certain =
            self.may_open(first) && self.may_close(last) && !between.contains(['。', '！', '？', '\n']);
        let applicability = if is_certain { Applicability::Safe } else { Applicability::Unsafe };
        let turned = [(first, !first.opens), (last, last.opens)].into_iter().filter(|(_, turned)| *turned);
        let edits = turned.map(|(mark, _)| replaced(mark, self.pairs.partner(mark)));
        Some(Repair::new(applicability, edits.collect()))
    }

    /// The straight quotes of one kind in a paragraph: each that stands in Chinese, as a flaw. They are mended if all of them
    /// can be told apart.
    pub(super) fn curl(&self, marks: &[Straight]) -> Vec<Flaw> {
        let mut flaws: Vec<Flaw> = Vec::new();
        let pairs = marks.chunks_exact(2);
        let is_clear = pairs.remainder().is_empty()
            && pairs.clone().all(|pair| self.is_pair(pair[0].mark, pair[1].mark));
        for pair in marks.chunks(2) {
            let mut repair = is_clear.then(|| self.curled(pair)).flatten();
            for straight in pair.iter().filter(|straight| straight.in_chinese) {
                let flaw = Flaw::new(Defect::Straight, straight.mark, None);
                flaws.push(Flaw { repair: repair.take(), ..flaw });
            }
        }
        flaws
    }

    fn curled(&self, pair: &[Straight]) -> Option<Repair> {
        let instead = &self.pairs.pairs[self.pairs.pairs[pair[0].mark.pair].instead?].settings;
        let new = [instead.open.get_ref(), &instead.close];
        let edits = pair.iter().zip(new).map(|(straight, new)| replaced(straight.mark, new));
        Some(Repair::new(Applicability::Safe, edits.collect()))
    }

    /// Whether two straight quotes are plainly the beginning and the end of one quotation.
    fn is_pair(&self, open: Mark, close: Mark) -> bool {
        // 27" is a screen, ="a" and "a": are code
        let is_other = self.before(open).is_some_and(|c| c.is_ascii_graphic())
            || self.after(close).is_some_and(|c| c.is_ascii_punctuation());
        open.line == close.line && !is_other && self.may_open(open) && self.may_close(close)
    }

    /// Puts the end that is missing where what the mark begins is over.
    fn close(&self, open: Mark) -> Option<Repair> {
        let range = self.end_of(open)?;
        let text = self.pairs.partner(open).to_owned();
        Some(Repair::new(Applicability::Unsafe, vec![Edit { range, text }]))
    }

    /// Where the end of `open` should stand, and in place of what.
    fn end_of(&self, open: Mark) -> Option<TextRange> {
        let pair = &self.pairs.pairs[open.pair];
        let start = open.range.end;
        let rest = &self.prose[start..open.line.end];
        let at = |len: usize| TextRange::new(start + len, start + len);
        if let Some(len) = self.known(open.pair, prefixes(rest)) {
            return Some(at(len));
        }
        let before = self.prose[open.line.start..open.range.start].trim_end();
        let is_speech = before.is_empty() || before.ends_with(['：', ':']);
        if pair.settings.quotes && is_speech {
            return ends_sentence(rest).then(|| at(rest.trim_end().len()));
        }
        let rest = &rest[..rest.char_indices().nth(REACH_CHARS).map_or(rest.len(), |(at, _)| at)];
        let stop = self.stop(open, rest);
        let clause = stop.map_or(rest, |stop| &rest[..stop.start]);
        let end = pair.ends.as_ref().and_then(|ends| ends.group(clause, "end"));
        match end {
            Some(end) => Some(at(end.end())),
            None if clause.trim().is_empty() => None,
            None => stop.map(|stop| TextRange::new(start + stop.start, start + stop.end)),
        }
    }

    /// Where in `rest` what `open` began is over at the latest: before a sign that ends a part of a sentence, before the end of
    /// a pair around it, or at an end of the other width.
    fn stop(&self, open: Mark, rest: &str) -> Option<TextRange> {
        let settings = |index: usize| &self.pairs.pairs[index].settings;
        let mut inside: Vec<&str> = Vec::new();
        for (at, c) in rest.char_indices() {
            let sign = &rest[at..at + c.len_utf8()];
            let kinds = 0..self.pairs.pairs.len();
            if inside.last() == Some(&sign) {
                inside.pop();
            } else if let Some(pair) = kinds.clone().find(|&pair| settings(pair).open.get_ref() == sign) {
                inside.push(&settings(pair).close);
            } else if inside.is_empty() {
                let closes = kinds.clone().find(|&pair| settings(pair).close == sign);
                if closes.is_some_and(|pair| settings(pair).shape == settings(open.pair).shape) {
                    return Some(TextRange::new(at, at + sign.len()));
                }
                if closes.is_some() || settings(open.pair).until.contains(c) {
                    return Some(TextRange::new(at, at));
                }
            }
        }
        None
    }

    /// Puts the beginning that is missing before a phrase that is quoted elsewhere; else takes a mark out that stands twice, or
    /// a quote, of which nobody can tell where it began.
    fn open(&self, close: Mark) -> Option<Repair> {
        let before = &self.prose[close.line.start..close.range.start];
        let edit = match self.known(close.pair, suffixes(before)) {
            Some(len) => {
                let at = close.range.start - len;
                Edit { range: TextRange::new(at, at), text: self.pairs.partner(close).to_owned() }
            }
            None if self.pairs.pairs[close.pair].settings.quotes
                || before.ends_with(close.range.of(self.prose)) =>
            {
                replaced(close, "")
            }
            None => return None,
        };
        Some(Repair::new(Applicability::Unsafe, vec![edit]))
    }

    /// The length of the longest of some texts that stands in a sound pair of this kind.
    fn known<'t>(&self, pair: usize, texts: impl Iterator<Item = &'t str>) -> Option<usize>
    where
        'a: 't,
    {
        let phrases = self.phrases.get_or_init(|| {
            let short = self.sound.iter().filter(|(_, range)| range.len() <= PHRASE_CHARS * MAX_UTF8);
            short.map(|(pair, range)| (*pair, range.of(self.prose))).collect()
        });
        texts.filter(|text| phrases.contains(&(pair, *text))).map(str::len).max()
    }

    fn before(&self, mark: Mark) -> Option<char> {
        self.prose[mark.line.start..mark.range.start].chars().next_back()
    }

    fn after(&self, mark: Mark) -> Option<char> {
        self.prose[mark.range.end..mark.line.end].chars().next()
    }

    /// Whether a pair may begin here.
    fn may_open(&self, mark: Mark) -> bool {
        self.after(mark).is_some_and(|c| !c.is_whitespace() && !BEHIND.contains(c))
    }

    /// Whether a pair may end here.
    fn may_close(&self, mark: Mark) -> bool {
        self.before(mark).is_some_and(|c| !c.is_whitespace() && !BEFORE.contains(c))
    }
}

fn replaced(mark: Mark, text: &str) -> Edit {
    Edit { range: mark.range, text: text.to_owned() }
}

/// What a text begins with, two characters or more.
fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().take(PHRASE_CHARS).skip(1).map(|(at, c)| &text[..at + c.len_utf8()])
}

/// What a text ends with, two characters or more.
fn suffixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().rev().take(PHRASE_CHARS).skip(1).map(|(at, _)| &text[at..])
}
