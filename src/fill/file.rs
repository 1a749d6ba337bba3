//! The values file of a draft, in TOML: written with an empty value for each hole, read with what has been filled in, and
//! changed in places, so that what a person wrote into it stays.

use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue, Deserializer};
use toml::{Spanned, Value};

use super::{Cell, Draft, Field, Hole, Row, Sheet};
use crate::diagnostic::Lang;
use crate::rule::{RuleError, SourceFile, Wording};
use crate::slot::SlotType;
use crate::text::{PositionEncoding, Positions, TextRange};

/// How many characters of its line are shown on each side of a hole.
const AROUND: usize = 20;

/// A values file that has been read.
#[derive(Clone, Debug)]
pub struct ValuesFile {
    source: SourceFile,
    /// What it says: one row.
    pub sheet: Sheet,
    /// Where each field has its value, or where that belongs.
    spots: Vec<Spot>,
}

/// A place in the text of a values file.
#[derive(Clone, Debug)]
enum Spot {
    /// The value that is there.
    Value(Range<usize>),
    /// The end of the line above the one that it would be.
    Below(usize),
}

/// One hole, as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: Spanned<String>,
    #[serde(rename = "type")]
    kind: Option<SlotType>,
    at: Option<Spanned<String>>,
    value: Option<Spanned<Value>>,
}

impl ValuesFile {
    /// Reads a file. It holds a `[[slot]]` for each hole, `key = value` for all holes of a key, or both.
    ///
    /// # Errors
    /// If it is not TOML or holds something else.
    pub fn parse(source: SourceFile) -> Result<Self, RuleError> {
        let table = DeTable::parse(source.text()).map_err(|error| {
            source.error_at(error.span().map_or(0, |span| span.start), error.message().to_owned())
        })?;
        let mut read = Reader { source: &source, fields: Vec::new(), row: Row::default(), spots: Vec::new() };
        for (key, value) in table.into_inner() {
            let span = value.span();
            match value.into_inner() {
                DeValue::Array(entries) if key.get_ref() == "slot" => {
                    entries.into_iter().try_for_each(|entry| read.entry(entry))?;
                }
                value => read.plain(&key, &value, span)?,
            }
        }
        let Reader { fields, row, spots, .. } = read;
        let sheet = Sheet { fields, rows: vec![row] };
        Ok(Self { source, sheet, spots })
    }

    /// What it says, to be written down.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The values.
    pub fn row(&self) -> &Row {
        // `parse` puts one there
        &self.sheet.rows[0]
    }

    /// Writes a value for a field down and reads the whole anew.
    ///
    /// # Errors
    /// As for [`ValuesFile::parse`].
    pub fn set(&mut self, field: usize, value: &str) -> Result<(), RuleError> {
        let mut text = self.source.text().to_owned();
        match &self.spots[field] {
            Spot::Value(range) => text.replace_range(range.clone(), &quoted(value)),
            Spot::Below(at) => text.insert_str(*at, &format!("\nvalue = {}", quoted(value))),
        }
        *self = Self::parse(SourceFile::new(self.source.name.clone(), &text))?;
        Ok(())
    }

    /// Adds entries for holes that the file does not have yet.
    ///
    /// # Errors
    /// As for [`ValuesFile::parse`].
    pub fn add(&mut self, draft: &Draft, holes: &[usize], lang: Lang) -> Result<(), RuleError> {
        let mut text = self.source.text().trim_end().to_owned();
        text.push('\n');
        push_entries(draft, holes.iter().copied(), lang, &mut text);
        *self = Self::parse(SourceFile::new(self.source.name.clone(), &text))?;
        Ok(())
    }
}

struct Reader<'a> {
    source: &'a SourceFile,
    fields: Vec<Field>,
    row: Row,
    spots: Vec<Spot>,
}

impl Reader<'_> {
    /// Takes in a `[[slot]]`.
    fn entry(&mut self, entry: Spanned<DeValue<'_>>) -> Result<(), RuleError> {
        let span = entry.span();
        let failed = |error: toml::de::Error| {
            let at = error.span().map_or(span.start, |span| span.start);
            self.source.error_at(at, error.message().to_owned())
        };
        let DeValue::Table(table) = entry.into_inner() else {
            return Err(self.not_a_value(span.start));
        };
        let entry =
            Entry::deserialize(Deserializer::from(Spanned::new(span.clone(), table))).map_err(failed)?;
        let anchor = entry.at.map(|at| {
            let broken = Wording::new("at 里应有 ⟦ 和 ⟧ 各一个", "`at` has one ⟦ and one ⟧");
            at.get_ref().parse().map_err(|()| self.source.error_at(at.span().start, broken))
        });
        let (text, spot) = match &entry.value {
            None => (String::new(), Spot::Below(entry.key.span().end)),
            Some(value) => (self.text_of(value.get_ref(), value.span())?, Spot::Value(value.span())),
        };
        let line = self.line(entry.key.span().start);
        let key = entry.key.into_inner();
        self.fields.push(Field { key, kind: entry.kind, anchor: anchor.transpose()?, line });
        self.push(text, spot, line);
        Ok(())
    }

    /// Takes in a `key = value`.
    fn plain(
        &mut self,
        key: &Spanned<impl AsRef<str>>,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) -> Result<(), RuleError> {
        let text = match value {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => {
                self.source.text()[span.clone()].to_owned()
            }
            _ => return Err(self.not_a_value(span.start)),
        };
        let line = self.line(key.span().start);
        self.fields.push(Field::named(key.get_ref().as_ref(), line));
        self.push(text, Spot::Value(span), line);
        Ok(())
    }

    fn push(&mut self, text: String, spot: Spot, line: usize) {
        let line = match &spot {
            Spot::Value(span) => self.line(span.start),
            Spot::Below(_) => line,
        };
        self.row.cells.push(Cell { text, line });
        self.spots.push(spot);
    }

    /// A number is put in as it was written: 98.50.
    fn text_of(&self, value: &Value, span: Range<usize>) -> Result<String, RuleError> {
        match value {
            Value::String(text) => Ok(text.clone()),
            Value::Integer(_) | Value::Float(_) | Value::Datetime(_) => {
                Ok(self.source.text()[span].to_owned())
            }
            _ => Err(self.not_a_value(span.start)),
        }
    }

    fn not_a_value(&self, offset: usize) -> RuleError {
        self.source.error_at(offset, Wording::new("应为文字或数", "expected a string or a number"))
    }

    fn line(&self, offset: usize) -> usize {
        self.source.error_at(offset, String::new()).line
    }
}

/// A values file with an entry for each hole of a draft, in reading order and without values. `names` are those of the
/// draft and of the file, as a command takes them.
pub fn blank(draft: &Draft, names: (&str, &str), lang: Lang) -> String {
    let (name, file) = names;
    let head = lang.pick(
        format!(
            "# 稿件 {name} 里待填的内容。把值写在 value 后面的引号里，然后运行：\n\
             #   dinggao fill {name} --values {file} --in-place\n\
             # key 相同的几处填同一个值，只写一次。要分开填，就改成不同的 key，各写一个 value；要合并，就改成相同的 key。\n\
             # type 是填什么；不合适可以改，改成 phrase 就什么都能填。at 是前后的文字，稿件改动后靠它找到原处，不要改。\n"
        ),
        format!(
            "# What is to be filled in {name}. Write each value between the quotes after `value`, then run:\n\
             #   dinggao fill {name} --values {file} --in-place\n\
             # Places of one key get one value, written once. To tell them apart, give them different keys and a value\n\
             # each; to join them, give them the same key. `type` says what belongs there and can be changed: `phrase`\n\
             # takes anything. `at` is the text around a place, by which it is found when the draft has changed.\n"
        ),
    );
    let mut text = head;
    push_entries(draft, 0..draft.holes().len(), lang, &mut text);
    text
}

fn push_entries(draft: &Draft, holes: impl Iterator<Item = usize>, lang: Lang, text: &mut String) {
    let positions = Positions::of(draft.text(), PositionEncoding::Grapheme);
    let mut seen = std::collections::HashSet::new();
    for index in holes {
        let hole = &draft.holes()[index];
        let at = positions.at(hole.range.start);
        let kind = described(hole, lang);
        let excerpt = excerpt(draft.text(), hole.range);
        let place = lang.pick(
            format!("第 {} 行第 {} 列，{kind}：{excerpt}", at.line, at.column),
            format!("line {}, column {}, {kind}: {excerpt}", at.line, at.column),
        );
        // writing to a String cannot fail
        let _ = write!(
            text,
            "\n# {place}\n[[slot]]\nkey = {}\ntype = {}\nat = {}\n",
            quoted(&hole.key),
            quoted(&hole.kind.to_string()),
            quoted(&hole.anchor.to_string()),
        );
        if seen.insert(&hole.key) {
            text.push_str("value = \"\"\n");
        }
    }
}

/// What belongs in a hole, in words: 数量（人次）.
pub fn described(hole: &Hole, lang: Lang) -> String {
    let (zh, en) = hole.kind.names();
    let unit = hole.unit.as_ref().map(|unit| lang.pick(format!("（{unit}）"), format!(" ({unit})")));
    let optional = if hole.required { "" } else { lang.pick("，选填", ", optional") };
    format!("{}{}{optional}", lang.pick(zh, en), unit.unwrap_or_default())
}

/// A place of a text with what stands around it on its line, marked as the examples of rules are.
pub fn excerpt(text: &str, range: TextRange) -> String {
    let is_on_line = |c: &char| !matches!(c, '\n' | '\r');
    let before = text[..range.start].chars().rev().take_while(is_on_line);
    let after = text[range.end..].chars().take_while(is_on_line);
    let mut shown: Vec<char> = cut(before).into_iter().rev().collect();
    shown.push('⟦');
    shown.extend(cut(range.of(text).chars()));
    shown.push('⟧');
    shown.extend(cut(after));
    shown.into_iter().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// As many characters as are shown, and a mark if there are more.
fn cut(chars: impl Iterator<Item = char>) -> Vec<char> {
    let mut shown: Vec<char> = chars.take(AROUND + 1).collect();
    if shown.len() > AROUND {
        shown[AROUND] = '…';
    }
    shown
}

/// A string of TOML. JSON's strings are strings of TOML, too, but for DEL.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
