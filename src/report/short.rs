//! The short format: one line a finding, for programs that read lines.

use std::io::Write;

use super::{Checked, Report, visible};
use crate::diagnostic::Diagnostic;
use crate::text::{PositionEncoding, Positions};

/// One line a finding, `path:line:column: severity[rule] message`, and nothing else.
pub(super) struct Short;

impl Report for Short {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let positions = Positions::of(checked.text, PositionEncoding::Grapheme);
        let path = visible(checked.path);
        for diagnostic in checked.diagnostics {
            write_line(&path, &positions, diagnostic, out);
        }
    }
}

/// Appends the line of one finding. `path` must be safe to print.
pub(super) fn write_line(path: &str, positions: &Positions<'_>, diagnostic: &Diagnostic, out: &mut Vec<u8>) {
    let at = positions.at(diagnostic.range.start);
    let message = visible(&diagnostic.message);
    let rule = &diagnostic.rule;
    // writing to a Vec cannot fail
    let _ = writeln!(out, "{path}:{}:{}: {}[{}] {message}", at.line, at.column, rule.severity, rule.id);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::terminal::tests::finding;

    #[test]
    fn a_finding_is_one_line_whatever_it_says() {
        let diagnostic = finding("甲\nX\u{1b}", "X\u{1b}", "two\nlines\u{202e}");
        let mut out = Vec::new();
        let checked = Checked { path: "a\nb.txt", text: "甲\nX\u{1b}", diagnostics: &[diagnostic] };
        Short.file(&checked, &mut out);
        let line = "a\\u{a}b.txt:2:1: error[placeholder/mask] two\\u{a}lines\\u{202e}\n";
        assert_eq!(String::from_utf8_lossy(&out), line);
    }
}
