//! Reads drafts.

use std::fs;
use std::io::{self, Read};

use super::walk::{Draft, io_error};
use crate::diagnostic::Lang;
use crate::document::encoding::{DecodeError, Encoding, decode};
use crate::document::{Document, Format};

/// Why there is no document.
pub(super) enum Unread {
    /// It is no text, and nobody said that it was.
    NoText,
    /// It should be one; says what is wrong.
    Broken(String),
}

impl Unread {
    /// What is wrong with the file of this name.
    pub(super) fn in_words(self, name: &str) -> String {
        match self {
            Self::Broken(error) => error,
            Self::NoText => name.to_owned(),
        }
    }
}

/// A draft with the bytes that it was read from.
pub(super) struct Source {
    pub(super) bytes: Vec<u8>,
    pub(super) encoding: Encoding,
    pub(super) document: Document,
}

/// Reads a draft, in the encoding that was asked for or else in its own.
pub(super) fn read(draft: &Draft, encoding: Option<Encoding>, lang: Lang) -> Result<Document, Unread> {
    let bytes = bytes_of(draft, lang)?;
    Ok(read_in(draft, bytes, encoding, lang)?.1)
}

/// Reads a draft that may be changed.
pub(super) fn read_with_bytes(
    draft: &Draft,
    encoding: Option<Encoding>,
    lang: Lang,
) -> Result<Source, Unread> {
    let bytes = bytes_of(draft, lang)?;
    let (encoding, document) = read_in(draft, bytes.clone(), encoding, lang)?;
    Ok(Source { bytes, encoding, document })
}

fn bytes_of(draft: &Draft, lang: Lang) -> Result<Vec<u8>, Unread> {
    read_bytes(draft).map_err(|error| Unread::Broken(format!("{}: {}", draft.name, io_error(&error, lang))))
}

/// The draft that bytes stand for, and the encoding that they are in.
fn read_in(
    draft: &Draft,
    bytes: Vec<u8>,
    encoding: Option<Encoding>,
    lang: Lang,
) -> Result<(Encoding, Document), Unread> {
    match decode(bytes, encoding) {
        Ok(decoded) => Ok((decoded.encoding, Document::new(decoded.text, Format::of_file_name(&draft.name)))),
        Err(DecodeError::Binary) if !draft.named => Err(Unread::NoText),
        Err(error) => Err(Unread::Broken(format!("{}: {}", draft.name, in_words(&error, lang)))),
    }
}

/// The bytes of a draft, or of standard input.
pub(super) fn read_bytes(draft: &Draft) -> io::Result<Vec<u8>> {
    if let Some(content) = &draft.content {
        return Ok(content.clone());
    }
    let Some(path) = &draft.path else {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    };
    fs::read(path)
}

/// Says why bytes are not a text.
pub(super) fn in_words(error: &DecodeError, lang: Lang) -> String {
    match error {
        DecodeError::Binary => lang.pick("不是文本文件", "not a text file").to_owned(),
        DecodeError::Malformed { encoding, offset } => lang.pick(
            format!("第 {offset} 字节处不是有效的 {encoding}；如为其他编码，请用 --encoding 指明"),
            format!(
                "not valid {encoding} at byte {offset}; if it is in another encoding, name it with --encoding"
            ),
        ),
    }
}

/// Says why nothing can be changed in a file of this encoding.
pub(super) fn unchangeable(encoding: Encoding, lang: Lang) -> String {
    lang.pick(
        format!("{encoding} 编码的文件不能只改一处；请先另存为 UTF-8"),
        format!("a file in {encoding} cannot be changed in places; save it as UTF-8 first"),
    )
}
