//! From holes to a finished draft: what is to be filled, with which values, and the bytes that come of it.
//!
//! ```text
//! bytes ──Draft──▶ holes, each with a key ──┐
//!                                           ├──Binding──▶ a value for each hole ──Draft::fill──▶ bytes
//! values file ──Sheet──▶ fields and rows ───┘
//! ```
//!
//! A hole is a slot of a finding, and every finding with a slot is one: `check` and `fill` have one notion of what is
//! still to be filled in. A draft is never decoded and encoded again; what stands between its holes is copied.

mod anchor;
mod check;
mod date;
mod file;
mod key;
mod number;
mod plan;
mod search;
mod sheet;

use std::cmp::Reverse;
use std::ops::Range;

pub use anchor::Anchor;
pub use file::{ValuesFile, blank, described, excerpt};
pub use plan::{Binding, Problem, Values};
pub use sheet::{Cell, Field, Row, Sheet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::encoding::{DecodeError, Encoding, Unencodable, decode};
use crate::document::{Document, Format};
use crate::linter::lint;
use crate::rule::RuleSet;
use crate::slot::{Slot, SlotType};
use crate::text::TextRange;

/// A place to fill in a draft.
#[derive(Clone, Debug)]
pub struct Hole {
    /// What its value goes by. Holes that plainly stand for the same thing share a key.
    pub key: String,
    /// What belongs there.
    pub kind: SlotType,
    /// The measure word or unit that follows it.
    pub unit: Option<String>,
    /// Whether the draft must not go out without it: not so where a pen is to fill it.
    pub required: bool,
    /// What a value replaces, as a byte range of the draft's text.
    pub range: TextRange,
    /// What `check` points at: as a byte range of the draft's text.
    pub found: TextRange,
    /// The words around it.
    pub anchor: Anchor,
}

/// Why a file cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// It cannot be read.
    #[error(transparent)]
    Unread(#[from] DecodeError),
    /// No part of a text in this encoding can be replaced while the rest stays as it is.
    #[error("{0} cannot be changed in places")]
    Stateful(Encoding),
}

/// A draft with its holes.
#[derive(Debug)]
pub struct Draft {
    bytes: Vec<u8>,
    encoding: Encoding,
    document: Document,
    holes: Vec<Hole>,
    /// What each hole is in the bytes.
    spans: Vec<Range<usize>>,
    /// How its lines end.
    line_end: &'static str,
}

impl Draft {
    /// Reads the bytes of a file, in the encoding asked for or else in their own, and finds its holes.
    ///
    /// # Errors
    /// If the bytes are no text, or if no part of them can be replaced for itself.
    pub fn new(
        bytes: Vec<u8>,
        asked: Option<Encoding>,
        format: Format,
        rules: &RuleSet,
    ) -> Result<Self, DraftError> {
        let decoded = decode(bytes.clone(), asked)?;
        if decoded.encoding.is_stateful() {
            return Err(DraftError::Stateful(decoded.encoding));
        }
        let document = Document::new(decoded.text, format);
        let holes = holes(document.text(), &lint(&document, rules));
        let edges: Vec<usize> = holes.iter().flat_map(|hole| [hole.range.start, hole.range.end]).collect();
        let edges = decoded.encoding.byte_offsets(&bytes, document.text(), &edges);
        let spans = edges.chunks_exact(2).map(|edges| edges[0]..edges[1]).collect();
        let line_end = line_end(document.text());
        Ok(Self { bytes, encoding: decoded.encoding, document, holes, spans, line_end })
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// The encoding that it was read in.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Its bytes, as they were read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its holes in reading order; no two of them overlap.
    pub fn holes(&self) -> &[Hole] {
        &self.holes
    }

    /// A value as it is put in: its lines end as those of the draft do.
    pub fn fitted(&self, value: &str) -> String {
        with_line_ends(value, self.line_end)
    }

    /// The bytes of the draft with `values` in its holes, one for each; `None` leaves a hole as it is. Outside of those
    /// that get a value every byte stays. A line break in a value becomes what the draft's lines end with.
    ///
    /// # Errors
    /// Each hole, by its index, whose value has a character that the draft's encoding cannot write.
    pub fn fill(&self, values: &[Option<&str>]) -> Result<Vec<u8>, Vec<(usize, Unencodable)>> {
        let (mut out, mut errors, mut done) = (Vec::with_capacity(self.bytes.len()), Vec::new(), 0);
        for (index, (value, span)) in values.iter().zip(&self.spans).enumerate() {
            let Some(value) = value else { continue };
            out.extend_from_slice(&self.bytes[done..span.start]);
            done = span.end;
            let encoded = self.encoding.encode(&with_line_ends(value, self.line_end), &mut out);
            errors.extend(encoded.err().map(|error| (index, error)));
        }
        out.extend_from_slice(&self.bytes[done..]);
        if errors.is_empty() { Ok(out) } else { Err(errors) }
    }
}

/// The holes that findings in a text are about, in reading order. Of two that overlap (rules of different families may
/// find the same mask), the one that begins first, and of those the widest, is filled.
pub fn holes(text: &str, found: &[Diagnostic]) -> Vec<Hole> {
    let mut slots: Vec<(&Slot, &Diagnostic)> =
        found.iter().filter_map(|finding| Some((finding.slot.as_ref()?, finding))).collect();
    slots.sort_by_key(|(slot, _)| (slot.fill.start, Reverse(slot.fill.end)));
    let mut holes: Vec<Hole> = Vec::with_capacity(slots.len());
    for (slot, finding) in slots {
        if holes.last().is_some_and(|last| slot.fill.start < last.range.end || slot.fill == last.range) {
            continue;
        }
        holes.push(Hole {
            key: String::new(),
            kind: slot.kind,
            unit: slot.unit.clone(),
            required: finding.rule.severity > Severity::Info,
            range: slot.fill,
            found: finding.range,
            anchor: Anchor::default(),
        });
    }
    anchor::set(text, &mut holes);
    key::set(text, &mut holes);
    holes
}

/// How the lines of `text` end; the first one tells.
fn line_end(text: &str) -> &'static str {
    match memchr::memchr2(b'\n', b'\r', text.as_bytes()) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

fn with_line_ends(value: &str, line_end: &str) -> String {
    value.replace("\r\n", "\n").replace('\r', "\n").replace('\n', line_end)
}

#[cfg(test)]
mod tests;
