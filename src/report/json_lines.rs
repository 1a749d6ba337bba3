//! JSON Lines: the findings of the JSON format, one a line, for programs that read as they come.

use super::{Checked, Report, finding};

/// One JSON object a finding.
pub(super) struct JsonLines;

impl Report for JsonLines {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        finding::push_all(checked, "\n", out);
        out.push(b'\n');
    }
}
