//! Values for the holes of a document, from the values file that goes with it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::standing::Standing;
use crate::cli::fill::sheet;
use crate::diagnostic::Lang;
use crate::document::encoding::Encoding;
use crate::fill::{Binding, Draft, Problem, Sheet};
use crate::lsp::{Checked, Settings};

/// What there is for each hole of a document, in reading order; nothing where there is no file.
///
/// # Errors
/// If the file cannot be read, or if it cannot be told what in it is for which hole.
pub(super) fn find(
    text: &str,
    standing: &Standing,
    checked: &Checked,
    settings: &Settings,
    folder: Option<&Path>,
    lang: Lang,
) -> Result<Vec<Vec<String>>> {
    let Some(file) = file(standing.path.as_deref(), settings, folder) else {
        return Ok(vec![Vec::new(); checked.holes.len()]);
    };
    let sheet = sheet::read(&file, lang)?;
    let draft =
        Draft::new(text.as_bytes().to_vec(), Some(Encoding::UTF_8), standing.format, &standing.rules)?;
    let values = match fitting(&draft, &sheet) {
        Ok(values) => values,
        Err(problems) => bail!(in_words(&file, &problems, lang)),
    };
    let of_hole = |range| {
        let at = draft.holes().iter().position(|hole| hole.range == range);
        at.map(|at| values[at].clone()).unwrap_or_default()
    };
    Ok(checked.holes.iter().map(|place| of_hole(place.hole.range)).collect())
}

/// The values file: the one that is set, or the one beside the draft.
fn file(draft: Option<&Path>, settings: &Settings, folder: Option<&Path>) -> Option<PathBuf> {
    if let Some(set) = settings.values.as_deref() {
        return Some(folder.map_or_else(|| PathBuf::from(set), |folder| folder.join(set)));
    }
    let mut beside = draft?.as_os_str().to_owned();
    beside.push(".values.toml");
    Some(PathBuf::from(beside)).filter(|beside| beside.is_file())
}

/// The values of all rows that fit into each hole of a draft.
fn fitting(draft: &Draft, sheet: &Sheet) -> Result<Vec<Vec<String>>, Vec<Problem>> {
    // what has been filled in by hand is no longer in the draft, and no mistake
    let keys: Vec<&str> = sheet.fields.iter().map(|field| field.key.as_str()).collect();
    let binding = Binding::new(draft, &sheet.fields, true, &keys)?;
    let of_hole = |hole: usize| {
        let mut values = Vec::new();
        for row in sheet.rows.iter().filter(|row| row.broken.is_none()) {
            let cell = binding.field_of(hole, row).and_then(|field| row.cells.get(field));
            let Some(cell) = cell.filter(|cell| !cell.text.is_empty()) else { continue };
            let value = draft.fitted(&cell.text);
            if binding.check(draft, hole, &cell.text).is_ok() && !values.contains(&value) {
                values.push(value);
            }
        }
        values
    };
    Ok((0..draft.holes().len()).map(of_hole).collect())
}

fn in_words(file: &Path, problems: &[Problem], lang: Lang) -> String {
    let name = file.display();
    let words = |problem: &Problem| match problem.line {
        Some(line) => format!("{name}:{line}: {}", problem.message.pick(lang)),
        None => format!("{name}: {}", problem.message.pick(lang)),
    };
    problems.iter().map(words).collect::<Vec<_>>().join("\n")
}
