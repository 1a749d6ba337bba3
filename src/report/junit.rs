//! The XML of `JUnit`: a test suite for each file, in which every finding is a test. Those that do not make the run fail pass,
//! with a note; a file without findings is one test that passes.

use std::io;

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::xml::{self, legal};
use super::{Checked, Report, Summary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{PositionEncoding, Positions};

/// One `<testsuites>` document.
pub(super) struct Junit {
    fail_on: Severity,
}

impl Junit {
    /// A report in which findings of `fail_on` and worse are failures.
    pub(super) fn new(fail_on: Severity) -> Self {
        Self { fail_on }
    }

    fn tests<W: io::Write>(&self, checked: &Checked<'_>, writer: &mut Writer<W>) -> io::Result<()> {
        let path = legal(checked.path);
        if checked.diagnostics.is_empty() {
            let attributes = [("name", &*path), ("classname", &*path)];
            return writer.create_element("testcase").with_attributes(attributes).write_empty().map(|_| ());
        }
        let positions = Positions::of(checked.text, PositionEncoding::Grapheme);
        for diagnostic in checked.diagnostics {
            let at = positions.at(diagnostic.range.start);
            let name = format!("{}:{} {}", at.line, at.column, legal(&diagnostic.rule.id));
            let test = writer
                .create_element("testcase")
                .with_attributes([("name", name.as_str()), ("classname", &path)]);
            test.write_inner_content(|writer| self.outcome(diagnostic, &path, &name, writer))?;
        }
        Ok(())
    }

    fn outcome<W: io::Write>(
        &self,
        diagnostic: &Diagnostic,
        path: &str,
        name: &str,
        writer: &mut Writer<W>,
    ) -> io::Result<()> {
        let message = legal(&diagnostic.message);
        let help =
            diagnostic.rule.help.as_deref().map_or_else(String::new, |help| format!("\n{}", legal(help)));
        let story = format!("{path}:{name}\n{message}{help}");
        let severity = diagnostic.rule.severity;
        let element = if severity >= self.fail_on {
            let attributes = [("message", &*message), ("type", severity.name())];
            writer.create_element("failure").with_attributes(attributes)
        } else {
            writer.create_element("system-out")
        };
        element.write_text_content(BytesText::new(&story)).map(|_| ())
    }
}

impl Report for Junit {
    fn tells_of_sound_files(&self) -> bool {
        true
    }

    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let summary = Summary::of(checked.diagnostics);
        xml::append(out, |writer| {
            let suite = writer.create_element("testsuite").with_attributes([
                ("name", &*legal(checked.path)),
                ("tests", &*tests(&summary).to_string()),
                ("failures", &*summary.at_least(self.fail_on).to_string()),
            ]);
            suite.write_inner_content(|writer| self.tests(checked, writer)).map(|_| ())
        });
    }

    fn opens_with_summary(&self) -> bool {
        true
    }

    fn opening(&self, summary: &Summary) -> String {
        format!(
            "{}<testsuites name=\"dinggao\" tests=\"{}\" failures=\"{}\">\n",
            xml::DECLARATION,
            tests(summary),
            summary.at_least(self.fail_on),
        )
    }

    fn closing(&self, _summary: &Summary) -> String {
        "</testsuites>\n".to_owned()
    }
}

/// How many tests there are: every finding, and every file without one.
fn tests(summary: &Summary) -> usize {
    summary.at_least(Severity::Info) + summary.files - summary.flagged
}
