//! `fill --dry-run`: what would change.

use similar::{ChangeTag, TextDiff};

use crate::cli::output::Console;
use crate::report::{Paint, visible};

/// The lines that change, each as it was and as it would be, with what changes in it set off.
pub(super) fn render(name: &str, old: &str, new: &str, console: Console) -> String {
    let paint = Paint(console.color);
    let diff = TextDiff::from_lines(old, new);
    let mut shown = String::new();
    for group in diff.grouped_ops(0) {
        for change in group.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let (sign, line) = match change.tag() {
                ChangeTag::Delete => ('-', change.old_index()),
                ChangeTag::Insert => ('+', change.new_index()),
                ChangeTag::Equal => continue,
            };
            let number = line.map_or(0, |line| line + 1);
            shown += &paint.bold(&format!("{}:{number}", visible(name)));
            shown += &paint.changed(sign == '+', false, &format!(" {sign} "));
            for (is_changed, text) in change.iter_strings_lossy() {
                shown +=
                    &paint.changed(sign == '+', is_changed, &visible(text.trim_end_matches(['\r', '\n'])));
            }
            shown.push('\n');
        }
    }
    shown
}
