//! `fill --list`: what is to be filled in.

use std::collections::BTreeSet;

use anyhow::Result;
use serde::Serialize;

use super::Job;
use crate::cli::Status;
use crate::cli::args::FillFormat;
use crate::fill::{Hole, described, excerpt};
use crate::report::{Paint, columns, visible};
use crate::slot::SlotType;
use crate::text::{PositionEncoding, Positions};

/// How many holes there are, and how many keys.
pub(super) fn counts(holes: &[Hole]) -> (usize, usize) {
    (holes.len(), holes.iter().map(|hole| &hole.key).collect::<BTreeSet<_>>().len())
}

pub(super) fn print(job: &Job<'_>) -> Result<Status> {
    let text = match job.args.output_format {
        Some(FillFormat::Json) => json(job)?,
        _ => table(job),
    };
    job.say(&text)?;
    Ok(Status::Clean)
}

/// One hole a line: place, key, type and the words around it.
fn table(job: &Job<'_>) -> String {
    let lang = job.console.lang;
    let positions = Positions::of(job.draft.text(), PositionEncoding::Grapheme);
    let rows: Vec<[String; 3]> = job
        .draft
        .holes()
        .iter()
        .map(|hole| {
            let at = positions.at(hole.range.start);
            [format!("{}:{}", at.line, at.column), visible(&hole.key).into_owned(), described(hole, lang)]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let paint = Paint(job.console.color);
    let mut text = String::new();
    for (row, hole) in rows.iter().zip(job.draft.holes()) {
        for (index, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[index] - columns(cell) + 2);
            text += &if index == 1 { paint.bold(cell) } else { cell.clone() };
            text += &gap;
        }
        text += &visible(&excerpt(job.draft.text(), hole.range));
        text.push('\n');
    }
    let (holes, keys) = counts(job.draft.holes());
    let optional = job.draft.holes().iter().filter(|hole| !hole.required).count();
    text + &lang.pick(
        match optional {
            0 => format!("{holes} 处待填，{keys} 个键。\n"),
            _ => format!("{holes} 处待填（其中选填 {optional} 处），{keys} 个键。\n"),
        },
        match optional {
            0 => format!("{holes} to fill, {keys} keys\n"),
            _ => format!("{holes} to fill ({optional} optional), {keys} keys\n"),
        },
    )
}

#[derive(Serialize)]
struct Entry<'a> {
    key: &'a str,
    #[serde(rename = "type")]
    kind: SlotType,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    required: bool,
    line: usize,
    column: usize,
    /// The text that a value replaces.
    text: &'a str,
    context: String,
}

fn json(job: &Job<'_>) -> serde_json::Result<String> {
    let text = job.draft.text();
    let positions = Positions::of(text, PositionEncoding::Grapheme);
    let entry = |hole| {
        let Hole { key, kind, unit, required, range, .. }: &Hole = hole;
        let at = positions.at(range.start);
        Entry {
            key,
            kind: *kind,
            unit: unit.as_deref(),
            required: *required,
            line: at.line,
            column: at.column,
            text: range.of(text),
            context: excerpt(text, *range),
        }
    };
    let entries: Vec<Entry<'_>> = job.draft.holes().iter().map(entry).collect();
    Ok(serde_json::to_string_pretty(&entries)? + "\n")
}
