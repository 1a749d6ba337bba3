//! Which value goes into which hole; or everything that is wrong, at once.

use std::collections::{BTreeMap, BTreeSet};

use super::search::Search;
use super::{Cell, Draft, Field, Hole, Row, check};
use crate::document::encoding::Unencodable;
use crate::rule::Wording;
use crate::slot::SlotType;

/// So many keys can be listed in a message.
const FEW: usize = 12;

/// Something that keeps a draft from being filled, with its place in the values file and its place in the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of the values file, from 1.
    pub line: Option<usize>,
    /// A byte offset in the text of the draft.
    pub offset: Option<usize>,
    /// What is wrong.
    pub message: Wording,
}

/// A value for each hole of a draft; `None` leaves it as it is.
pub type Values<'a> = Vec<Option<&'a str>>;

/// Which field fills which hole.
#[derive(Clone, Debug, Default)]
pub struct Binding {
    holes: Vec<Filler>,
    partial: bool,
    /// The fields written down for a hole that is no longer there.
    pub gone: Vec<usize>,
}

/// What fills a hole.
#[derive(Clone, Debug, Default)]
struct Filler {
    key: String,
    /// The fields of its key; the first that has a value is the one, and no other may say something else.
    fields: Vec<usize>,
    /// The type that the values file gives it.
    kind: Option<SlotType>,
}

impl Binding {
    /// Finds for each hole of the draft what fills it. With `partial`, holes may be left over; keys that are used
    /// `elsewhere`, such as in the name of a file, need not be the draft's.
    ///
    /// # Errors
    /// Every key that is unknown, used twice or missing, and every hole that cannot be told from another.
    pub fn new(
        draft: &Draft,
        fields: &[Field],
        partial: bool,
        elsewhere: &[&str],
    ) -> Result<Self, Vec<Problem>> {
        let search = Search::run(draft, fields);
        let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, field) in fields.iter().enumerate() {
            by_key.entry(&field.key).or_default().push(index);
        }
        let mut used = BTreeSet::new();
        let mut problems = search.problems.clone();
        let mut holes = Vec::with_capacity(draft.holes().len());
        for (hole, place) in draft.holes().iter().zip(&search.of_hole) {
            let own = place.map(|field| &fields[field]);
            let key = own.map_or(hole.key.as_str(), |field| &field.key);
            // a hole that nothing was written down for is filled by its key, but by no other hole's
            let fits = |&&field: &&usize| own.is_some() || fields[field].anchor.is_none();
            let candidates: Vec<usize> =
                by_key.get(key).into_iter().flatten().filter(fits).copied().collect();
            used.extend(candidates.iter().copied());
            if candidates.is_empty() && hole.required && !partial {
                problems.push(missing(hole, fields));
            }
            let kind = own.and_then(|field| field.kind);
            let kind = kind.or_else(|| candidates.iter().find_map(|&field| fields[field].kind));
            holes.push(Filler { key: key.to_owned(), fields: candidates, kind });
        }
        let gone = search.gone().filter(|field| !used.contains(field)).collect();
        problems.extend(twice(fields, &by_key));
        let is_elsewhere = |(_, field): &(usize, &Field)| elsewhere.contains(&field.key.as_str());
        used.extend(fields.iter().enumerate().filter(is_elsewhere).map(|(index, _)| index));
        problems.extend(unknown(draft, fields, &used));
        problems.sort_by_key(|problem| (problem.line, problem.offset));
        if problems.is_empty() { Ok(Self { holes, partial, gone }) } else { Err(problems) }
    }

    /// The value of a row for each hole.
    ///
    /// # Errors
    /// Every value that is missing, does not fit what belongs in its hole, or is given twice and not alike.
    pub fn values<'a>(&self, draft: &Draft, row: &'a Row) -> Result<Values<'a>, Vec<Problem>> {
        if let Some(problem) = &row.broken {
            return Err(vec![problem.clone()]);
        }
        let (mut values, mut problems) = (Vec::with_capacity(self.holes.len()), Vec::new());
        for (hole, filler) in draft.holes().iter().zip(&self.holes) {
            match filler.value(hole, row, self.partial) {
                Ok(cell) => values.push(cell.map(|cell| cell.text.as_str())),
                // of a key that is shared once
                Err(problem) if problems.iter().any(|told| is_same(told, &problem)) => {}
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }

    /// The draft with the values of a row in its holes, as bytes.
    ///
    /// # Errors
    /// As for [`Binding::values`], and every character that the draft's encoding cannot write.
    pub fn fill(&self, draft: &Draft, row: &Row) -> Result<Vec<u8>, Vec<Problem>> {
        let values = self.values(draft, row)?;
        draft.fill(&values).map_err(|errors| {
            let problem = |(index, error): (usize, Unencodable)| {
                let hole = &draft.holes()[index];
                let line = self.holes[index].cells(row).next().map(|cell| cell.line);
                let message = Wording::new(
                    format!("稿件的编码是 {}，写不出“{}”字", error.encoding, error.character),
                    format!("the draft is in {}, which has no “{}”", error.encoding, error.character),
                );
                Problem { line, offset: Some(hole.range.start), message }
            };
            errors.into_iter().map(problem).collect()
        })
    }

    /// The field that the value of a hole is written to, if there is one: of those of its key that have a value the
    /// first, else the first.
    pub fn field_of(&self, hole: usize, row: &Row) -> Option<usize> {
        let fields = &self.holes[hole].fields;
        let filled = fields.iter().find(|&&field| !row.cells[field].text.is_empty());
        filled.or(fields.first()).copied()
    }

    /// The type that belongs in a hole, and whether `value` is of it.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn check(&self, draft: &Draft, hole: usize, value: &str) -> Result<(), Wording> {
        let filler = &self.holes[hole];
        let hole = &draft.holes()[hole];
        check::check(value, hole, filler.kind.unwrap_or(hole.kind))
    }
}

impl Filler {
    /// The cells of a row that say something about the hole.
    fn cells<'a>(&self, row: &'a Row) -> impl Iterator<Item = &'a Cell> {
        self.fields.iter().filter_map(|&field| row.cells.get(field)).filter(|cell| !cell.text.is_empty())
    }

    fn value<'a>(&self, hole: &Hole, row: &'a Row, partial: bool) -> Result<Option<&'a Cell>, Problem> {
        let offset = Some(hole.range.start);
        let mut cells = self.cells(row);
        let Some(cell) = cells.next() else {
            if partial || !hole.required {
                return Ok(None);
            }
            let line = self.fields.first().and_then(|&field| row.cells.get(field)).map(|cell| cell.line);
            let message =
                Wording::new(format!("“{}”还没有值", self.key), format!("`{}` has no value yet", self.key));
            return Err(Problem { line, offset, message });
        };
        if let Some(other) = cells.find(|other| other.text != cell.text) {
            let message = Wording::new(
                format!("同一个键有两个值：“{}”和第 {} 行的“{}”", cell.text, other.line, other.text),
                format!(
                    "one key has two values: `{}`, and `{}` on line {}",
                    cell.text, other.text, other.line
                ),
            );
            return Err(Problem { line: Some(cell.line), offset, message });
        }
        check::check(&cell.text, hole, self.kind.unwrap_or(hole.kind)).map_err(|expected| Problem {
            line: Some(cell.line),
            offset,
            message: Wording::new(
                format!("“{}”填不进“{}”：{}", cell.text, self.key, expected.zh),
                format!("`{}` does not fit `{}`: {}", cell.text, self.key, expected.en),
            ),
        })?;
        Ok(Some(cell))
    }
}

/// Whether two problems are one, met in two places of the draft.
fn is_same(told: &Problem, problem: &Problem) -> bool {
    told.line == problem.line && told.message == problem.message
}

fn missing(hole: &Hole, fields: &[Field]) -> Problem {
    let key = &hole.key;
    let was_written_down = fields.iter().any(|field| field.anchor.is_some());
    let message = if was_written_down {
        Wording::new(
            format!("值文件里没有这一处（“{key}”）：稿件在这里改动过；补上一条，或者用 --partial 先填其他的"),
            format!(
                "the values file does not have this place (`{key}`), where the draft has changed; add it, or fill the others with --partial"
            ),
        )
    } else {
        Wording::new(
            format!("缺少“{key}”的值；先填其他的，用 --partial"),
            format!("there is no value for `{key}`; to fill the others, use --partial"),
        )
    };
    Problem { line: None, offset: Some(hole.range.start), message }
}

/// The keys that stand twice among fields that are not written down for a hole of their own.
fn twice<'a>(
    fields: &'a [Field],
    by_key: &'a BTreeMap<&str, Vec<usize>>,
) -> impl Iterator<Item = Problem> + 'a {
    by_key.iter().filter_map(|(key, same)| {
        let mut plain = same.iter().map(|&field| &fields[field]).filter(|field| field.anchor.is_none());
        let (first, second) = (plain.next()?, plain.next()?);
        let message = Wording::new(
            format!("“{key}”用了两次，第一次在第 {} 行", first.line),
            format!("`{key}` is used twice, first on line {}", first.line),
        );
        Some(Problem { line: Some(second.line), offset: None, message })
    })
}

/// The keys that fill nothing.
fn unknown(draft: &Draft, fields: &[Field], used: &BTreeSet<usize>) -> Vec<Problem> {
    let known: BTreeSet<&str> = draft.holes().iter().map(|hole| hole.key.as_str()).collect();
    let (zh, en) = if known.len() <= FEW {
        let known = Vec::from_iter(known).join("、");
        (format!("有：{known}"), format!("it has: {known}"))
    } else {
        ("用 --list 看有哪些".to_owned(), "--list tells which it has".to_owned())
    };
    let stray =
        fields.iter().enumerate().filter(|(index, field)| field.anchor.is_none() && !used.contains(index));
    let problem = |(_, field): (usize, &Field)| {
        let message = Wording::new(
            format!("稿件里没有“{}”这个键；{zh}", field.key),
            format!("the draft has no key `{}`; {en}", field.key),
        );
        Problem { line: Some(field.line), offset: None, message }
    };
    stray.map(problem).collect()
}
