//! What any file of values says: fields, and rows of values for them.

use super::{Anchor, Problem};
use crate::slot::SlotType;

/// Values for a draft, from a file of any format: one row for a draft to be filled once, more for a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What there are values for.
    pub fields: Vec<Field>,
    /// The values.
    pub rows: Vec<Row>,
}

/// What a value is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The key of the holes that it fills.
    pub key: String,
    /// The type of its values, where the file says so; else that of the hole.
    pub kind: Option<SlotType>,
    /// The one hole that it was written down for; without it, it fills all holes of its key.
    pub anchor: Option<Anchor>,
    /// The line of the file on which it stands, from 1.
    pub line: usize,
}

/// One value for each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// In the order of the fields.
    pub cells: Vec<Cell>,
    /// What keeps it from being used at all.
    pub broken: Option<Problem>,
}

/// A value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// As it is put in; empty where there is none yet.
    pub text: String,
    /// The line of the file on which it stands, from 1; in a workbook, the row.
    pub line: usize,
}

impl Field {
    /// A field that fills all holes of a key, which may name the type of its values after a colon: `增长率:count`.
    pub fn named(name: &str, line: usize) -> Self {
        let name = name.trim();
        let typed = name
            .rsplit_once([':', '：'])
            .and_then(|(key, kind)| Some((key.trim_end(), kind.trim().parse().ok()?)));
        let (key, kind) = typed.map_or((name, None), |(key, kind)| (key, Some(kind)));
        Self { key: key.to_owned(), kind, anchor: None, line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_bring_its_type() {
        assert_eq!(Field::named("增长率:count", 3).kind, Some(SlotType::Count));
        assert_eq!(Field::named("增长率:count", 3).key, "增长率");
        assert_eq!((Field::named(" 姓名 ", 1).key.as_str(), Field::named("甲:乙", 1).kind), ("姓名", None));
    }
}
