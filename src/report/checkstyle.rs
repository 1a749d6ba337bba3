//! Checkstyle XML, which many services read.

use std::io;

use quick_xml::Writer;

use super::xml::{self, legal};
use super::{Checked, Report, Summary};
use crate::diagnostic::Diagnostic;
use crate::text::{PositionEncoding, Positions};

/// One `<checkstyle>` document, a `<file>` for each file with findings.
pub(super) struct Checkstyle;

impl Report for Checkstyle {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let positions = Positions::of(checked.text, PositionEncoding::Grapheme);
        xml::append(out, |writer| {
            let file = writer.create_element("file").with_attribute(("name", &*legal(checked.path)));
            let errors = |writer: &mut Writer<_>| {
                checked.diagnostics.iter().try_for_each(|diagnostic| error(diagnostic, &positions, writer))
            };
            file.write_inner_content(errors).map(|_| ())
        });
    }

    fn opening(&self, _summary: &Summary) -> String {
        format!("{}<checkstyle version=\"4.3\">\n", xml::DECLARATION)
    }

    fn closing(&self, _summary: &Summary) -> String {
        "</checkstyle>\n".to_owned()
    }
}

fn error<W: io::Write>(
    diagnostic: &Diagnostic,
    positions: &Positions<'_>,
    writer: &mut Writer<W>,
) -> io::Result<()> {
    let at = positions.at(diagnostic.range.start);
    let attributes = [
        ("line", &*at.line.to_string()),
        ("column", &*at.column.to_string()),
        ("severity", diagnostic.rule.severity.name()),
        ("message", &*legal(&diagnostic.message)),
        ("source", &*legal(&diagnostic.rule.id)),
    ];
    writer.create_element("error").with_attributes(attributes).write_empty().map(|_| ())
}
