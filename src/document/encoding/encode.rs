//! Text to bytes: a value in the encoding of a draft, and where in the draft's bytes a place of its text is.

use std::ops::Range;

use encoding_rs::{EncoderResult, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::{BOM, Encoding};

/// The most that a decoder can have to say after one more byte, in bytes of UTF-8, with room to spare.
const STEP: usize = 32;

/// A character that an encoding has no bytes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{encoding} has no “{character}”")]
pub struct Unencodable {
    /// The character.
    pub character: char,
    /// The encoding.
    pub encoding: Encoding,
}

impl Encoding {
    /// Whether the bytes of a character depend on what stands before it, so that no part of a text can be replaced
    /// while the rest stays as it is.
    pub fn is_stateful(self) -> bool {
        self.charset == ISO_2022_JP
    }

    /// Appends the bytes of `text` to `out`, without a byte order mark. Nothing is replaced.
    ///
    /// # Errors
    /// The first character that would not come back when the bytes are read again. What `out` holds then is of no use.
    pub fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        if self.charset == UTF_8 {
            out.extend_from_slice(text.as_bytes());
        } else if self.charset == UTF_16LE {
            out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.charset == UTF_16BE {
            out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            for character in text.chars() {
                self.encode_legacy(character, out).ok_or(Unencodable { character, encoding: self })?;
            }
        }
        Ok(())
    }

    fn encode_legacy(self, character: char, out: &mut Vec<u8>) -> Option<()> {
        let (mut utf8, mut bytes) = ([0; 4], [0; STEP]);
        let text: &str = character.encode_utf8(&mut utf8);
        let (result, _, written) =
            self.charset.new_encoder().encode_from_utf8_without_replacement(text, &mut bytes, true);
        // some tables lead there but not back: what is ¥ to the encoder of Shift_JIS is \ to its decoder
        let back = self.charset.decode_without_bom_handling_and_without_replacement(&bytes[..written])?;
        if result != EncoderResult::InputEmpty || back != text {
            return None;
        }
        out.extend_from_slice(&bytes[..written]);
        Some(())
    }

    /// `bytes` with other text in some places, each a range of them; the places ascend and do not overlap. Outside of them
    /// every byte stays.
    ///
    /// # Errors
    /// Each edit, by its index, whose text has a character that this encoding cannot write.
    pub fn splice<T: AsRef<str>>(
        self,
        bytes: &[u8],
        edits: impl IntoIterator<Item = (Range<usize>, T)>,
    ) -> Result<Vec<u8>, Vec<(usize, Unencodable)>> {
        let (mut out, mut errors, mut done) = (Vec::with_capacity(bytes.len()), Vec::new(), 0);
        for (index, (range, text)) in edits.into_iter().enumerate() {
            out.extend_from_slice(&bytes[done..range.start]);
            done = range.end;
            errors.extend(self.encode(text.as_ref(), &mut out).err().map(|error| (index, error)));
        }
        out.extend_from_slice(&bytes[done..]);
        if errors.is_empty() { Ok(out) } else { Err(errors) }
    }

    /// Where in `bytes` the places `offsets` of `text` are. `text` was decoded from `bytes` in this encoding, which is
    /// not stateful; `offsets` ascend and lie between characters.
    ///
    /// The bytes are never encoded anew to find out: of two ways to write a character, they may hold either.
    pub fn byte_offsets(self, bytes: &[u8], text: &str, offsets: &[usize]) -> Vec<usize> {
        if self.charset == UTF_8 {
            let mark = if self.bom { BOM.len_utf8() } else { 0 };
            offsets.iter().map(|offset| mark + offset).collect()
        } else if self.charset == UTF_16LE || self.charset == UTF_16BE {
            let (mut done, mut units) = (0, usize::from(self.bom));
            let mut advance = |offset: usize| {
                units += text[done..offset].encode_utf16().count();
                done = offset;
                2 * units
            };
            offsets.iter().map(|&offset| advance(offset)).collect()
        } else {
            self.legacy_offsets(bytes, offsets)
        }
    }

    /// Decodes byte by byte until the text is as long as each offset says.
    fn legacy_offsets(self, bytes: &[u8], offsets: &[usize]) -> Vec<usize> {
        let mut decoder = self.charset.new_decoder_without_bom_handling();
        let mark = if self.bom { BOM.len_utf8() } else { 0 };
        let (mut length, mut read, mut out) = (0, 0, [0; STEP]);
        let mut advance = |offset: usize| {
            while length < mark + offset && read < bytes.len() {
                length += decoder.decode_to_utf8_without_replacement(&bytes[read..=read], &mut out, false).2;
                read += 1;
            }
            read
        };
        offsets.iter().map(|&offset| advance(offset)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str, label: &str) -> Result<Vec<u8>, char> {
        let mut bytes = Vec::new();
        let encoding: Encoding = label.parse().unwrap();
        encoding.encode(text, &mut bytes).map(|()| bytes).map_err(|error| error.character)
    }

    #[test]
    fn a_character_that_an_encoding_lacks_is_an_error_and_never_an_entity() {
        assert_eq!(encoded("李𠀀明", "gbk"), Err('𠀀'));
        assert_eq!(encoded("简体", "big5"), Err('简'));
        assert_eq!(encoded("¥", "shift_jis"), Err('¥'));
        assert_eq!(encoded("李𠀀明", "gb18030").unwrap().len(), 8);
        assert_eq!(encoded("李", "utf-16le").unwrap(), [0x4e, 0x67]);
        assert_eq!(encoded("李", "utf-16be").unwrap(), [0x67, 0x4e]);
    }

    #[test]
    fn a_place_after_bytes_that_are_not_written_that_way_today_is_found() {
        // 0x80 and 0xA2 0xE3 are both €
        let bytes = b"\x80X\xa2\xe3X".to_vec();
        let decoded = decode(bytes.clone(), Some("gbk".parse().unwrap())).unwrap();
        assert_eq!(decoded.text, "€X€X");
        assert_eq!(decoded.encoding.byte_offsets(&bytes, &decoded.text, &[0, 3, 4, 7, 8]), [0, 1, 2, 4, 5]);
    }

    #[test]
    fn only_the_encoding_with_escape_sequences_is_stateful() {
        assert!("iso-2022-jp".parse::<Encoding>().unwrap().is_stateful());
        assert!(!"gb18030".parse::<Encoding>().unwrap().is_stateful());
    }

    proptest! {
        #[test]
        fn every_place_is_where_the_bytes_before_it_end(
            text in "[一-龥，。Xx\r\n€𠀀]{0,40}",
            label in "utf-8|utf-16le|utf-16be|gb18030",
            bom in any::<bool>(),
        ) {
            let mark = if bom { "\u{feff}" } else { "" };
            let bytes = encoded(&format!("{mark}{text}"), &label).unwrap();
            let decoded = decode(bytes.clone(), Some(label.parse().unwrap())).unwrap();
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let expected: Vec<usize> =
                places.iter().map(|&at| encoded(&format!("{mark}{}", &text[..at]), &label).unwrap().len()).collect();
            prop_assert_eq!(decoded.encoding.byte_offsets(&bytes, &decoded.text, &places), expected);
        }
    }
}
