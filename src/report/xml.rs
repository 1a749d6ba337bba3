//! What the XML formats share.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;

use super::visible;

/// The first line of a document.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Lets `write` append elements to `out`.
pub(super) fn append(out: &mut Vec<u8>, write: impl FnOnce(&mut Writer<&mut Vec<u8>>) -> io::Result<()>) {
    // writing to a Vec cannot fail
    let _ = write(&mut Writer::new_with_indent(out, b' ', 1));
    out.push(b'\n');
}

/// The text with everything that XML cannot hold made visible. (What it must escape is for the writer.)
pub(super) fn legal(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if shown.contains(is_no_character) {
        return Cow::Owned(shown.replace(is_no_character, "\u{fffd}"));
    }
    shown
}

fn is_no_character(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}
