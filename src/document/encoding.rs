//! Bytes to text: which encoding they are in, and their text without a guess at what is broken. The way back is in
//! `encode`.

mod encode;

use std::fmt;
use std::str::FromStr;

use encoding_rs::{DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::is_han;
pub use encode::Unencodable;

const BOM: char = '\u{feff}';

/// How many bytes are looked at to guess an encoding; an even number.
const SAMPLE: usize = 1 << 16;

/// How the characters of a draft are written as bytes: a charset, and whether a byte order mark comes first.
///
/// Found by [`decode`], or named by a person: its `FromStr` takes any label of the WHATWG Encoding Standard, in any
/// case (`utf-8`, `gbk`, `gb18030`, `utf-16le`, `big5` …).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    charset: &'static encoding_rs::Encoding,
    bom: bool,
}

impl Encoding {
    /// UTF-8 without a byte order mark.
    pub const UTF_8: Self = Self::new(UTF_8);

    const fn new(charset: &'static encoding_rs::Encoding) -> Self {
        Self { charset, bom: false }
    }

    /// The name of the charset in the Encoding Standard, which is also a label of it.
    pub fn name(self) -> &'static str {
        self.charset.name()
    }

    /// Whether a byte order mark came before the text.
    pub fn has_bom(self) -> bool {
        self.bom
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // the only name that the standard writes small and people do not
        f.write_str(if self.charset == GB18030 { "GB18030" } else { self.name() })?;
        if self.bom { f.write_str(" with BOM") } else { Ok(()) }
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(label: &str) -> Result<Self, UnknownEncoding> {
        encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())
            .map(Self::new)
            .ok_or_else(|| UnknownEncoding(label.to_owned()))
    }
}

/// A label that names no encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown encoding “{0}”")]
pub struct UnknownEncoding(
    /// The label.
    pub String,
);

/// Why bytes are not a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// They hold NUL characters, and no text does.
    #[error("not a text file")]
    Binary,
    /// Some of them stand for nothing in the encoding that they were read in.
    #[error("not valid {encoding}: byte {offset} cannot be decoded")]
    Malformed {
        /// The encoding: the one asked for, or the likeliest.
        encoding: Encoding,
        /// Offset of the first byte that stands for nothing, from the start of the file, counted from 0.
        offset: usize,
    },
}

/// A text and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// How its bytes were written.
    pub encoding: Encoding,
}

/// Decodes the bytes of a file, in the encoding asked for or else in the one they give away. Nothing is replaced: one
/// byte that stands for nothing is an error.
///
/// A byte order mark decides; else NUL bytes tell UTF-16 (or a file that is no text), and what is not UTF-8 is looked
/// at as UTF-16, as UTF-8 with damage, and as GB18030, of which GBK and GB2312 are parts. All others must be asked for.
///
/// # Errors
///
/// [`DecodeError::Binary`] if the encoding had to be found and the bytes are no text, [`DecodeError::Malformed`] if not
/// all of them can be decoded.
pub fn decode(bytes: Vec<u8>, asked: Option<Encoding>) -> Result<Decoded, DecodeError> {
    if let Some(Encoding { charset, .. }) = asked {
        return decode_as(bytes, charset);
    }
    if let Some((charset, _)) = encoding_rs::Encoding::for_bom(&bytes) {
        return refuse_nul(decode_as(bytes, charset)?);
    }
    if memchr::memchr(0, &bytes).is_some() {
        if let Some(charset) = utf16_order(&bytes) {
            return refuse_nul(decode_as(bytes, charset)?);
        }
        // NUL bytes after the end of a text are what a crash or a copy left there; those inside tell of something else
        let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        if memchr::memchr(0, &bytes[..end]).is_some() {
            return Err(DecodeError::Binary);
        }
    }
    // nearly every file is UTF-8; this way to find out is several times as fast as `String::from_utf8`, copy included
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(&bytes) {
        return Ok(Decoded { text: text.into_owned(), encoding: Encoding::UTF_8 });
    }
    let invalid = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
    decode_legacy(bytes, invalid)
}

/// Decodes bytes without a NUL that are no UTF-8 from `invalid` on.
fn decode_legacy(bytes: Vec<u8>, invalid: usize) -> Result<Decoded, DecodeError> {
    if let Some(charset) = utf16_order(&bytes).filter(|charset| is_chinese_utf16(&bytes, charset)) {
        decode_as(bytes, charset)
    } else if is_damaged_utf8(&bytes) {
        Err(DecodeError::Malformed { encoding: Encoding::UTF_8, offset: invalid })
    } else {
        decode_as(bytes, GB18030)
    }
}

/// Decodes all of the bytes and takes the byte order mark off.
fn decode_as(bytes: Vec<u8>, charset: &'static encoding_rs::Encoding) -> Result<Decoded, DecodeError> {
    let mut encoding = Encoding::new(charset);
    let text = if charset == UTF_8 {
        String::from_utf8(bytes).map_err(|error| error.utf8_error().valid_up_to())
    } else {
        decode_strictly(&bytes, charset)
    };
    let mut text = text.map_err(|offset| DecodeError::Malformed { encoding, offset })?;
    if text.starts_with(BOM) {
        text.drain(..BOM.len_utf8());
        encoding.bom = true;
    }
    Ok(Decoded { text, encoding })
}

/// The text, or the offset of the first byte that cannot be decoded.
fn decode_strictly(bytes: &[u8], charset: &'static encoding_rs::Encoding) -> Result<String, usize> {
    let mut decoder = charset.new_decoder_without_bom_handling();
    let needed = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(needed);
    let mut done = 0;
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[done..], &mut text, true);
        done += read;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(bytes.len() - done + 16),
            // the bad bytes end before those that were read after them to be sure
            DecoderResult::Malformed(len, after) => {
                return Err(done.saturating_sub(usize::from(len) + usize::from(after)));
            }
        }
    }
}

/// What looked like text by its bytes is none if it holds a NUL character, as UTF-32 does.
fn refuse_nul(decoded: Decoded) -> Result<Decoded, DecodeError> {
    if decoded.text.contains('\0') { Err(DecodeError::Binary) } else { Ok(decoded) }
}

/// The byte order in which the bytes look like UTF-16, if there is one. The beginning tells.
fn utf16_order(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let bytes = &bytes[..bytes.len().min(SAMPLE)];
    let plausible = |order: fn([u8; 2]) -> u16| {
        bytes.as_chunks().0.iter().filter(|&&pair| is_plausible(order(pair))).count()
    };
    let (little, big) = (plausible(u16::from_le_bytes), plausible(u16::from_be_bytes));
    let (count, charset) = if little >= big { (little, UTF_16LE) } else { (big, UTF_16BE) };
    (count > 0 && count * 10 >= bytes.len() / 2 * 8).then_some(charset)
}

/// Whether a code unit is one that texts are full of. Of two orders only one makes them so: a character whose low byte
/// is zero is what ASCII looks like in the wrong order, and does not count; but 一 does, the commonest of all.
fn is_plausible(unit: u16) -> bool {
    let is_common = matches!(unit,
        0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xb7 | 0xd7 | 0x2010..=0x203f | 0x3001..=0x301f | 0x4e00 | 0xff01..=0xff5e);
    is_common || unit & 0xff != 0 && (0x4e00..=0x9fff).contains(&unit)
}

/// Whether the bytes, which hold no ASCII in UTF-16 for lack of a NUL, are Chinese in it. GBK read so gives Korean,
/// private and unpaired code units, but a short text of rare characters may give anything: nearly all must be Chinese,
/// and some of it Chinese punctuation.
fn is_chinese_utf16(bytes: &[u8], charset: &'static encoding_rs::Encoding) -> bool {
    let Ok(text) = decode_strictly(bytes, charset) else { return false };
    let count = text.chars().count();
    let han = text.chars().filter(|&c| is_han(c) || is_plausible_punctuation(c)).count();
    han * 20 >= count * 19 && text.contains(is_plausible_punctuation)
}

fn is_plausible_punctuation(c: char) -> bool {
    "，。、：；！？“”《》（）\u{3000}".contains(c)
}

/// Whether the bytes are Chinese in UTF-8 but for a few: more of its sequences of three or four bytes are whole than
/// broken. Damaged UTF-8 often passes for GBK and would be read as gibberish; in real GBK whole sequences are an
/// accident, twenty times rarer than broken ones.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        broken += usize::from(!chunk.invalid().is_empty());
        if broken > whole + SAMPLE / 16 {
            break;
        }
    }
    whole > broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "关于开展年终检查的通知\r\n一、总体要求。ABC 123：全面、准确，“按时”完成。\r\n";

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    fn legacy(text: &str, label: &str) -> Vec<u8> {
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    #[track_caller]
    fn assert_found(bytes: Vec<u8>, text: &str, encoding: &str) {
        let decoded = decode(bytes, None).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding.to_string().as_str()), (text, encoding));
    }

    #[track_caller]
    fn assert_malformed(bytes: Vec<u8>, asked: Option<&str>, name: &str, at: usize) {
        let asked = asked.map(|label| label.parse().unwrap());
        match decode(bytes, asked) {
            Err(DecodeError::Malformed { encoding, offset }) => {
                assert_eq!((encoding.name(), offset), (name, at));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_encoding_is_found() {
        let with_bom = format!("\u{feff}{TEXT}");
        assert_found(TEXT.into(), TEXT, "UTF-8");
        assert_found(with_bom.clone().into(), TEXT, "UTF-8 with BOM");
        assert_found(utf16(&with_bom, u16::to_le_bytes), TEXT, "UTF-16LE with BOM");
        assert_found(utf16(&with_bom, u16::to_be_bytes), TEXT, "UTF-16BE with BOM");
        assert_found(utf16(TEXT, u16::to_le_bytes), TEXT, "UTF-16LE");
        assert_found(utf16(TEXT, u16::to_be_bytes), TEXT, "UTF-16BE");
        assert_found(legacy(TEXT, "gbk"), TEXT, "GB18030");
        assert_found(legacy(&with_bom, "gb18030"), TEXT, "GB18030 with BOM");
        assert_found(legacy("𠮷㐂", "gb18030"), "𠮷㐂", "GB18030");
        assert_found(Vec::new(), "", "UTF-8");
    }

    #[test]
    fn utf16_of_ascii_alone_is_read_in_its_order() {
        assert_found(utf16("Nothing\n", u16::to_le_bytes), "Nothing\n", "UTF-16LE");
        assert_found(utf16("Nothing\n", u16::to_be_bytes), "Nothing\n", "UTF-16BE");
    }

    #[test]
    fn utf16_without_a_nul_byte_is_found_by_its_punctuation() {
        let text = "各单位要提高认识，加强领导，确保完成任务。";
        assert_found(utf16(text, u16::to_le_bytes), text, "UTF-16LE");
        assert_found(utf16(text, u16::to_be_bytes), text, "UTF-16BE");
        assert_found(legacy(text, "gbk"), text, "GB18030");
    }

    #[test]
    fn nul_bytes_after_the_end_of_a_text_do_not_make_it_binary() {
        let decoded = decode("全文到此为止。\0\0\0".as_bytes().to_vec(), None).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding), ("全文到此为止。\0\0\0", Encoding::UTF_8));
    }

    #[test]
    fn a_file_with_nul_that_is_no_utf16_is_binary() {
        for bytes in
            [&b"\0\0\0\x01\x02\xff\0\0"[..], b"PK\x03\x04\0\0\x08\0\xff", b"\xff\xfe\0\0A\0\0\0", b"a\0"]
        {
            let expected = if bytes == b"a\0" { Ok("a".to_owned()) } else { Err(DecodeError::Binary) };
            assert_eq!(decode(bytes.to_vec(), None).map(|decoded| decoded.text), expected);
        }
        assert_eq!(decode("完成\0任务".into(), None), Err(DecodeError::Binary));
    }

    #[test]
    fn damaged_utf8_is_not_read_as_gbk() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.remove(4);
        assert_malformed(bytes, None, "UTF-8", 3);
    }

    #[test]
    fn a_file_cut_in_a_character_is_malformed_there() {
        assert_malformed("完成任务。".as_bytes()[..14].to_vec(), None, "UTF-8", 12);
        assert_malformed(legacy("完成任务。", "gbk")[..9].to_vec(), None, "gb18030", 8);
        assert_malformed(utf16("\u{feff}完成", u16::to_le_bytes)[..5].to_vec(), None, "UTF-16LE", 4);
        assert_malformed(utf16("完成\n任务", u16::to_be_bytes)[..9].to_vec(), None, "UTF-16BE", 8);
    }

    #[test]
    fn the_first_bad_byte_of_an_encoding_asked_for_is_named() {
        assert_malformed(b"ab\xffcd".to_vec(), Some("utf-8"), "UTF-8", 2);
        assert_malformed(b"\xb0\xa1\xb0\x20\xb0\xa1".to_vec(), Some("gbk"), "GBK", 2);
        assert_malformed(b"ab\x81\x30\x81\x20".to_vec(), Some("gb18030"), "gb18030", 2);
        assert_malformed(b"a\0\0\xd8b\0".to_vec(), Some("utf-16"), "UTF-16LE", 2);
        assert_malformed(b"\0a\xdc\0\0b".to_vec(), Some("utf-16be"), "UTF-16BE", 2);
    }

    #[test]
    fn an_encoding_asked_for_is_taken_at_its_word() {
        let asked = |bytes, label: &str| decode(bytes, Some(label.parse().unwrap())).unwrap().text;
        assert_eq!(asked(legacy("總結報告", "big5"), "Big5"), "總結報告");
        assert_eq!(asked(utf16("\u{feff}总结", u16::to_le_bytes), "utf-16le"), "总结");
        assert_eq!(asked(b"a\0".to_vec(), "utf8"), "a\0");
    }

    #[test]
    fn a_label_that_names_nothing_is_refused() {
        assert_eq!("gbk8".parse::<Encoding>(), Err(UnknownEncoding("gbk8".to_owned())));
        assert!("iso-2022-kr".parse::<Encoding>().is_err(), "the standard maps it to no decoder at all");
    }

    proptest! {
        #[test]
        fn text_decodes_to_itself(text in "[一-龥，。、：“”A-Za-z0-9 \r\n]{0,80}") {
            let with_bom = format!("\u{feff}{text}");
            for bytes in [
                text.clone().into_bytes(),
                with_bom.clone().into_bytes(),
                utf16(&with_bom, u16::to_le_bytes),
                utf16(&with_bom, u16::to_be_bytes),
            ] {
                prop_assert_eq!(decode(bytes, None).unwrap().text, text.clone());
            }
            for label in ["gbk", "gb18030"] {
                let asked = Some(label.parse().unwrap());
                prop_assert_eq!(decode(legacy(&text, label), asked).unwrap().text, text.clone());
            }
        }

        #[test]
        fn sentences_in_gbk_and_bare_utf16_are_found(text in "([一-龥]{5,12}[，。]){2,9}") {
            for bytes in [legacy(&text, "gbk"), utf16(&text, u16::to_le_bytes), utf16(&text, u16::to_be_bytes)] {
                prop_assert_eq!(decode(bytes, None).unwrap().text, text.clone());
            }
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), label in "utf-8|gbk|utf-16(le|be)|big5") {
            for asked in [None, Some(label.parse().unwrap())] {
                if let Err(DecodeError::Malformed { offset, .. }) = decode(bytes.clone(), asked) {
                    prop_assert!(offset < bytes.len());
                }
            }
        }
    }
}
