//! GitHub Actions: workflow commands that make annotations, one a line.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::io::Write;

use super::{Checked, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{PositionEncoding, Positions};

/// One annotation a finding.
pub(super) struct Github;

impl Report for Github {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let positions = Positions::of(checked.text, PositionEncoding::Grapheme);
        let path = property(checked.path);
        for diagnostic in checked.diagnostics {
            write_command(&path, &positions, diagnostic, out);
        }
    }
}

fn write_command(path: &str, positions: &Positions<'_>, diagnostic: &Diagnostic, out: &mut Vec<u8>) {
    let rule = &diagnostic.rule;
    let command = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, end) = (positions.at(diagnostic.range.start), positions.at(diagnostic.range.end));
    // columns are only heeded within one line
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    let help = rule.help.as_ref().map_or_else(String::new, |help| format!("\n{}", help.trim_end()));
    let message = data(&format!("{}{help}", diagnostic.message));
    // writing to a Vec cannot fail
    let _ = writeln!(
        out,
        "::{command} file={path},line={},endLine={}{columns},title={}::{message}",
        start.line,
        end.line,
        property(&rule.id),
    );
}

/// A message as a command has it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::terminal::tests::finding;

    fn command(path: &str, text: &str, what: &str, message: &str) -> String {
        let diagnostic = finding(text, what, message);
        let mut out = Vec::new();
        Github.file(&Checked { path, text, diagnostics: &[diagnostic] }, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_that_a_draft_says_ends_a_command_or_begins_another() {
        assert_eq!(
            command("甲,乙:100%.txt", "完成X%", "X%", "`X%`: 100%\n::error::no"),
            "::error file=甲%2C乙%3A100%25.txt,line=1,endLine=1,col=3,endColumn=5,title=placeholder/mask\
             ::`X%25`: 100%25%0A::error::no%0AFill it in.\n"
        );
    }

    #[test]
    fn a_finding_over_several_lines_has_no_columns() {
        let written = command("a.txt", "甲\nX\nX", "X\nX", "left");
        assert!(written.starts_with("::error file=a.txt,line=2,endLine=3,title="), "{written}");
    }
}
