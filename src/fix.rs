//! From findings to text: which fixes are made, and what becomes of the text.
//!
//! Fixes that do not get into each other's way are made together, the text is linted anew, and so on until there is
//! nothing left to fix.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::document::Document;
use crate::linter::lint;
use crate::rule::RuleSet;
use crate::text::TextRange;

/// How many times a text is fixed before that is taken for endless.
const MAX_ROUNDS: usize = 100;

/// The fixes of a text never come to an end: what one makes, another finds fault with. A defect of the rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("after {MAX_ROUNDS} rounds there is still something to fix for {}", rules.join(", "))]
pub struct Endless {
    /// The rules that still have something to fix.
    pub rules: Vec<String>,
}

/// A text with its fixes made.
#[derive(Debug)]
pub struct Fixed {
    /// The text as it is now.
    pub document: Document,
    /// What was changed for that.
    pub patch: Patch,
}

/// Makes the fixes of all findings that are at most `upto`, until there is nothing left to fix. `None` if there was
/// nothing.
///
/// `keep` takes out of the findings in the text as it is what is to be left alone; that is left alone in what becomes of
/// the text, too. Where many places are told as one finding, its fix mends those that are counted, and the rest takes
/// more rounds, unless the rules are made with
/// [`Catalog::fix_all_places`](crate::rule::Catalog::fix_all_places).
///
/// # Errors
/// [`Endless`] if that does not come to an end.
pub fn fix_all(
    document: &Document,
    rules: &RuleSet,
    upto: Applicability,
    keep: impl FnOnce(&Document, &mut Vec<Diagnostic>),
) -> Result<Option<Fixed>, Endless> {
    let mut found = lint(document, rules);
    let key = |diagnostic: &Diagnostic, range| (diagnostic.rule.id.clone(), range);
    let mut left_alone: HashSet<_> = found.iter().map(|found| key(found, found.range)).collect();
    keep(document, &mut found);
    for diagnostic in &found {
        left_alone.remove(&key(diagnostic, diagnostic.range));
    }
    let mut fixed: Option<Fixed> = None;
    for _ in 0..MAX_ROUNDS {
        let edits = choose(&found, upto);
        if edits.is_empty() {
            return Ok(fixed);
        }
        let mut patch = fixed.as_mut().map(|fixed| std::mem::take(&mut fixed.patch)).unwrap_or_default();
        patch.add(&edits);
        let text = apply(fixed.as_ref().map_or(document, |fixed| &fixed.document).text(), &edits);
        let document = Document::new(text, document.format());
        found = lint(&document, rules);
        if !left_alone.is_empty() {
            found.retain(|found| !left_alone.contains(&key(found, patch.origin(found.range))));
        }
        fixed = Some(Fixed { document, patch });
    }
    let rules: BTreeSet<String> = fixable(&found, upto).map(|(rule, _)| rule.to_owned()).collect();
    Err(Endless { rules: rules.into_iter().collect() })
}

/// The edits of all fixes that are at most `upto` and can be made together. The first in order wins, and of a fix all edits
/// are made or none.
fn choose(found: &[Diagnostic], upto: Applicability) -> Vec<Edit> {
    let mut taken: BTreeMap<TextRange, &Edit> = BTreeMap::new();
    for (_, edits) in fixable(found, upto) {
        if edits.iter().all(|edit| is_free(&taken, edit.range)) {
            taken.extend(edits.iter().map(|edit| (edit.range, edit)));
        }
    }
    taken.into_values().cloned().collect()
}

/// The rule and the edits of each fix that is at most `upto`.
fn fixable(found: &[Diagnostic], upto: Applicability) -> impl Iterator<Item = (&str, &[Edit])> {
    found.iter().filter_map(move |diagnostic| {
        let fix = diagnostic.fix.as_ref().filter(|fix| fix.applicability <= upto)?;
        Some((diagnostic.rule.id.as_str(), fix.edits.as_slice()))
    })
}

/// Whether no edit that is taken is at `range`. Of those that are taken no two overlap, so the nearest on either side tell.
fn is_free(taken: &BTreeMap<TextRange, &Edit>, range: TextRange) -> bool {
    let before = taken.range(..=range).next_back();
    let after = taken.range(range..).next();
    before.into_iter().chain(after).all(|(other, _)| !collide(range, *other))
}

/// Whether two edits share a byte, or one inserts where the other begins or ends, so that the order would matter.
fn collide(a: TextRange, b: TextRange) -> bool {
    let touch = a.start <= b.end && b.start <= a.end;
    a.intersects(b) || (touch && (a.is_empty() || b.is_empty()))
}

/// The text with all edits made, which ascend and do not overlap.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let (mut applied, mut done) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        applied.push_str(&text[done..edit.range.start]);
        applied.push_str(&edit.text);
        done = edit.range.end;
    }
    applied + &text[done..]
}

/// What has changed between two texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    edits: Vec<Edit>,
}

/// A part of the new text.
enum Piece {
    /// The old text there.
    Old(TextRange),
    /// Another one.
    New(String),
}

impl Patch {
    /// The edits that make the new text of the old one; they ascend and do not overlap.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Takes in what was then changed in the new text.
    fn add(&mut self, edits: &[Edit]) {
        let mut rest = self.pieces();
        let (mut pieces, mut done) = (Vec::new(), 0);
        for edit in edits {
            pieces.extend(take(&mut rest, edit.range.start - done));
            take(&mut rest, edit.range.len());
            pieces.push(Piece::New(edit.text.clone()));
            done = edit.range.end;
        }
        pieces.extend(rest);
        self.edits = joined(pieces);
    }

    /// The new text in pieces. The last one is old and never ends.
    fn pieces(&self) -> VecDeque<Piece> {
        let (mut pieces, mut done) = (VecDeque::new(), 0);
        for edit in &self.edits {
            pieces.push_back(Piece::Old(TextRange::new(done, edit.range.start)));
            pieces.push_back(Piece::New(edit.text.clone()));
            done = edit.range.end;
        }
        pieces.push_back(Piece::Old(TextRange::new(done, usize::MAX)));
        pieces
    }

    /// The place in the old text that a place in the new one comes from. What has been put in comes from what it replaced.
    pub fn origin(&self, range: TextRange) -> TextRange {
        let start = self.old_offset(range.start, false);
        TextRange::new(start, self.old_offset(range.end, true).max(start))
    }

    /// Where an offset of the new text, at which a range begins or ends, was in the old one.
    fn old_offset(&self, offset: usize, ends: bool) -> usize {
        let (mut old, mut new) = (0, 0);
        for edit in &self.edits {
            let begins = new + (edit.range.start - old);
            if offset < begins || (ends && offset == begins) {
                break;
            }
            new = begins + edit.text.len();
            if offset < new || (ends && offset == new) {
                return if ends { edit.range.end } else { edit.range.start };
            }
            old = edit.range.end;
        }
        old + (offset - new)
    }
}

/// Takes the first `len` bytes off the pieces.
fn take(pieces: &mut VecDeque<Piece>, mut len: usize) -> Vec<Piece> {
    let mut taken = Vec::new();
    while len > 0
        && let Some(piece) = pieces.pop_front()
    {
        let (head, tail) = piece.split(len);
        len -= head.len();
        taken.push(head);
        if let Some(tail) = tail {
            pieces.push_front(tail);
        }
    }
    taken
}

/// The edits that make pieces of the old text, in order, and others between them of the old text.
fn joined(pieces: Vec<Piece>) -> Vec<Edit> {
    let (mut edits, mut text, mut done) = (Vec::new(), String::new(), 0);
    for piece in pieces {
        match piece {
            Piece::New(new) => text += &new,
            Piece::Old(old) if old.is_empty() => {}
            Piece::Old(old) => {
                if old.start > done || !text.is_empty() {
                    edits.push(Edit {
                        range: TextRange::new(done, old.start),
                        text: std::mem::take(&mut text),
                    });
                }
                done = old.end;
            }
        }
    }
    edits
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Old(range) => range.len(),
            Self::New(text) => text.len(),
        }
    }

    /// The first `len` bytes and the rest, if there is any.
    fn split(self, len: usize) -> (Self, Option<Self>) {
        if self.len() <= len {
            return (self, None);
        }
        match self {
            Self::Old(TextRange { start, end }) => {
                let middle = start + len;
                (Self::Old(TextRange::new(start, middle)), Some(Self::Old(TextRange::new(middle, end))))
            }
            Self::New(mut text) => {
                let tail = text.split_off(len);
                (Self::New(text), Some(Self::New(tail)))
            }
        }
    }
}

#[cfg(test)]
mod tests;
