//! What changes between two versions of a draft.

use similar::{ChangeTag, InlineChange, TextDiff};

use super::output::Console;
use crate::report::{Paint, visible};

/// How many lines are shown on either side of those that change: a line is a paragraph, so that few are enough.
const CONTEXT: usize = 1;

/// A unified diff, for `patch` to read; on a terminal with what changes in a line set off.
pub(super) fn unified(name: &str, old: &str, new: &str, console: Console) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    unified.context_radius(CONTEXT).header(name, name);
    if !console.color {
        return unified.to_string();
    }
    let paint = Paint(true);
    let name = visible(name);
    let mut shown = paint.bold(&format!("--- {name}\n+++ {name}")) + "\n";
    for hunk in unified.iter_hunks() {
        shown.extend([&hunk.header().to_string(), "\n"]);
        for change in hunk.ops().iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let (sign, line) = signed(&change, paint);
            shown.extend([&*sign, &line, "\n"]);
        }
    }
    shown
}

/// The lines that change, each with its number as it was and as it would be, with what changes in it set off.
pub(super) fn changed_lines(name: &str, old: &str, new: &str, console: Console) -> String {
    let paint = Paint(console.color);
    let diff = TextDiff::from_lines(old, new);
    let mut shown = String::new();
    for group in diff.grouped_ops(0) {
        for change in group.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let line = match change.tag() {
                ChangeTag::Delete => change.old_index(),
                ChangeTag::Insert => change.new_index(),
                ChangeTag::Equal => continue,
            };
            let number = line.map_or(0, |line| line + 1);
            shown += &paint.bold(&format!("{}:{number}", visible(name)));
            let (sign, line) = signed(&change, paint);
            shown.extend([" ", &sign, " ", &line, "\n"]);
        }
    }
    shown
}

/// The sign and the words of a line.
fn signed(change: &InlineChange<'_, str>, paint: Paint) -> (String, String) {
    let (sign, is_new) = match change.tag() {
        ChangeTag::Delete => ("-", false),
        ChangeTag::Insert => ("+", true),
        ChangeTag::Equal => (" ", false),
    };
    let of_line = |stands_out: bool, text: &str| match change.tag() {
        ChangeTag::Equal => text.to_owned(),
        _ => paint.changed(is_new, stands_out, text),
    };
    let words = change.iter_strings_lossy();
    let words = words.map(|(changed, text)| of_line(changed, &visible(text.trim_end_matches(['\r', '\n']))));
    (of_line(false, sign), words.collect())
}
