//! Where filled drafts go.

use anyhow::{Result, anyhow};

use crate::cli::args::FillArgs;
use crate::diagnostic::Lang;
use crate::fill::{Row, Sheet};

/// Where a filled draft goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To standard output.
    Stdout,
    /// To the place of the draft.
    InPlace,
    /// To a file.
    File(Pattern),
}

/// The name of a file, with columns of a table in it: `out/{姓名}.txt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Text before each column, and the name and the index of the column.
    parts: Vec<(String, String, usize)>,
    tail: String,
}

impl Target {
    /// What the arguments say; columns are those of `sheet`.
    pub(super) fn new(args: &FillArgs, sheet: &Sheet, lang: Lang) -> Result<Self> {
        match &args.output {
            _ if args.in_place => Ok(Self::InPlace),
            None => Ok(Self::Stdout),
            Some(path) if path.as_os_str() == "-" => Ok(Self::Stdout),
            Some(path) => {
                let Some(name) = path.to_str() else {
                    return Err(anyhow!("{}: {}", path.display(), lang.pick("不是 UTF-8", "not UTF-8")));
                };
                Pattern::new(name, sheet, lang).map(Self::File)
            }
        }
    }

    /// Whether each row goes to a file of its own name.
    pub(super) fn is_pattern(&self) -> bool {
        matches!(self, Self::File(pattern) if !pattern.parts.is_empty())
    }

    /// The names of the columns that names of files are made of.
    pub(super) fn columns(&self) -> Vec<&str> {
        match self {
            Self::File(pattern) => pattern.parts.iter().map(|(_, column, _)| column.as_str()).collect(),
            Self::Stdout | Self::InPlace => Vec::new(),
        }
    }
}

impl Pattern {
    fn new(name: &str, sheet: &Sheet, lang: Lang) -> Result<Self> {
        let (mut parts, mut rest) = (Vec::new(), name);
        while let Some((text, after)) = rest.split_once('{') {
            let Some((column, tail)) = after.split_once('}') else { break };
            let index = sheet.fields.iter().position(|field| field.key == column).ok_or_else(|| {
                anyhow!(lang.pick(
                    format!("{name}: 表里没有名为“{column}”的列"),
                    format!("{name}: the table has no column `{column}`"),
                ))
            })?;
            parts.push((text.to_owned(), column.to_owned(), index));
            rest = tail;
        }
        Ok(Self { parts, tail: rest.to_owned() })
    }

    /// The name, if there are no columns in it.
    pub(super) fn name(&self) -> &str {
        &self.tail
    }

    /// The name that a row makes of it.
    ///
    /// # Errors
    /// If a cell has nothing in it that could be part of a name.
    pub(super) fn of_row(&self, row: &Row, lang: Lang) -> Result<String> {
        let mut name = String::new();
        for (text, column, index) in &self.parts {
            let cell = &row.cells[*index].text;
            let is_sound = !cell.is_empty()
                && !cell.starts_with('.')
                && !cell.chars().any(|c| c.is_control() || r#"/\:*?"<>|"#.contains(c));
            if !is_sound {
                return Err(anyhow!(lang.pick(
                    format!("“{column}”列的“{cell}”不能作文件名"),
                    format!("`{cell}` in the column `{column}` cannot be part of a file name"),
                )));
            }
            name.extend([text.as_str(), cell]);
        }
        Ok(name + &self.tail)
    }
}
