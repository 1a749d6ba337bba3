//! Reads values, in whatever format they are.

use std::collections::{HashMap, HashSet};
use std::io::Cursor;
use std::path::Path;
use std::{fmt, fs};

use anyhow::{Result, anyhow};
use calamine::{Data, Reader, Xlsx};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::cli::catalog::in_words;
use crate::cli::source;
use crate::cli::walk::{display_name, io_error};
use crate::diagnostic::Lang;
use crate::document::encoding::decode;
use crate::fill::{Cell, Field, Problem, Row, Sheet, ValuesFile};
use crate::rule::{SourceFile, Wording};
use crate::text::LineIndex;

/// Reads a values file; the end of its name tells the format.
pub(in crate::cli) fn read(path: &Path, lang: Lang) -> Result<Sheet> {
    let name = display_name(path);
    let failed = |reason: String| anyhow!("{name}: {reason}");
    let bytes = fs::read(path).map_err(|error| failed(io_error(&error, lang)))?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if extension.eq_ignore_ascii_case("xlsx") {
        return workbook(bytes).map_err(|error| failed(error.to_string()));
    }
    // Excel writes CSV in the encoding of the system
    let text = decode(bytes, None).map_err(|error| failed(source::in_words(&error, lang)))?.text;
    match extension.to_ascii_lowercase().as_str() {
        "toml" => Ok(toml(&name, &text, lang)?.sheet),
        "json" => json(&text).map_err(|error| failed(error.to_string())),
        "csv" => csv(&text).map_err(|error| failed(error.to_string())),
        _ => Err(failed(lang.pick(
            "值文件应为 .toml、.json、.csv 或 .xlsx".to_owned(),
            "a values file ends in .toml, .json, .csv or .xlsx".to_owned(),
        ))),
    }
}

/// Reads a values file in TOML.
pub(super) fn toml(name: &str, text: &str, lang: Lang) -> Result<ValuesFile> {
    ValuesFile::parse(SourceFile::new(name, text)).map_err(|error| anyhow!(in_words(&error, lang)))
}

/// The first row names the keys; blank rows are passed over.
fn csv(text: &str) -> csv::Result<Sheet> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let fields: Vec<Field> = reader.headers()?.iter().map(|name| Field::named(name, 1)).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        if record.iter().all(str::is_empty) {
            continue;
        }
        let broken = (record.len() != fields.len()).then(|| {
            let message = Wording::new(
                format!("这一行有 {} 格，表头有 {} 格", record.len(), fields.len()),
                format!("this row has {} cells, and the header {}", record.len(), fields.len()),
            );
            Problem { line: Some(line), offset: None, message }
        });
        let mut cells: Vec<Cell> = record.iter().map(|text| Cell { text: text.to_owned(), line }).collect();
        cells.resize(fields.len(), Cell { text: String::new(), line });
        rows.push(Row { cells, broken });
    }
    Ok(Sheet { fields, rows })
}

/// The first sheet of a workbook, read as a CSV file is. Its lines are rows.
fn workbook(bytes: Vec<u8>) -> Result<Sheet, calamine::XlsxError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let Some(range) = workbook.worksheet_range_at(0).transpose()? else { return Ok(Sheet::default()) };
    let first = range.start().map_or(0, |(row, _)| row as usize);
    let mut rows = range.rows().enumerate().map(|(index, row)| (first + index + 1, row));
    let Some((line, header)) = rows.next() else { return Ok(Sheet::default()) };
    let fields = header.iter().map(|name| Field::named(&cell_text(name), line)).collect();
    let filled = rows.filter(|(_, row)| row.iter().any(|cell| !cell_text(cell).is_empty()));
    let rows = filled.map(|(line, row)| {
        let cells = row.iter().map(|cell| Cell { text: cell_text(cell), line }).collect();
        let error = row.iter().find(|cell| matches!(cell, Data::Error(_)));
        let broken = error.map(|cell| {
            let message =
                Wording::new(format!("有出错的单元格：{cell}"), format!("a cell holds an error: {cell}"));
            Problem { line: Some(line), offset: None, message }
        });
        Row { cells, broken }
    });
    Ok(Sheet { fields, rows: rows.collect() })
}

/// The text of a cell; a date as drafts write it.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, ..) = date.to_ymd_hms_milli();
            match (date.as_f64() < 1.0, hour, minute) {
                (true, ..) => format!("{hour}:{minute:02}"),
                (false, 0, 0) => format!("{year}年{month}月{day}日"),
                (false, ..) => format!("{year}年{month}月{day}日{hour}:{minute:02}"),
            }
        }
        other => other.to_string().trim().to_owned(),
    }
}

/// An object of values, or an array of such objects, one a row.
fn json(text: &str) -> serde_json::Result<Sheet> {
    let objects: Vec<Object<'_>> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)?
    } else {
        vec![serde_json::from_str(text)?]
    };
    let lines = LineIndex::new(text);
    let line_of = |value: &RawValue| lines.line_of(value.get().as_ptr().addr() - text.as_ptr().addr());
    let (mut fields, mut columns) = (Vec::new(), HashMap::new());
    for (name, value) in objects.iter().flat_map(|object| &object.0) {
        columns.entry(name.as_str()).or_insert_with(|| {
            fields.push(Field::named(name, line_of(value)));
            fields.len() - 1
        });
    }
    let mut rows = Vec::with_capacity(objects.len());
    for Object(members) in &objects {
        let line = members.first().map_or(1, |(_, value)| line_of(value));
        let mut cells = vec![Cell { text: String::new(), line }; fields.len()];
        for (name, value) in members {
            cells[columns[name.as_str()]] = Cell { text: scalar(value)?, line: line_of(value) };
        }
        rows.push(Row { cells, broken: None });
    }
    Ok(Sheet { fields, rows })
}

/// The members of a JSON object as they are written, each key once.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let (mut members, mut known) = (Vec::new(), HashSet::new());
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if !known.insert(key.clone()) {
                        return Err(de::Error::custom(format!("duplicate key `{key}`")));
                    }
                    members.push((key, value));
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// What a JSON value puts in; a number as it is written.
fn scalar(value: &RawValue) -> serde_json::Result<String> {
    match value.get().as_bytes() {
        [b'"', ..] => serde_json::from_str(value.get()),
        [b'-' | b'0'..=b'9', ..] => Ok(value.get().to_owned()),
        b"null" => Ok(String::new()),
        _ => Err(de::Error::custom(format!("expected a string or a number, found {}", value.get()))),
    }
}
