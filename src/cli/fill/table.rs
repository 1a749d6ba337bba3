//! `fill --values table.csv`: one finished draft a row.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use super::Job;
use super::problems::Places;
use super::target::{Pattern, Target};
use crate::cli::Status;
use crate::cli::args::FillFormat;
use crate::cli::diff::changed_lines;
use crate::cli::walk::display_name;
use crate::diagnostic::Severity;
use crate::fill::{Binding, Row, Sheet};
use crate::lint;
use crate::report::{Checked, Report, Summary};

/// How many rows are filled before what they leave to say is told.
const BATCH: usize = 1024;

/// What came of a row.
enum Outcome {
    /// What is left in what was made of it: the report, and the counts.
    Filled(Vec<u8>, Summary),
    /// Why nothing was.
    Failed(Vec<String>),
}

/// Fills the draft once for each row. A row that fails does not keep the others from being written.
pub(super) fn fill(
    job: &Job<'_>,
    binding: &Binding,
    sheet: &Sheet,
    target: &Target,
    places: &Places<'_>,
) -> Result<Status> {
    let lang = job.console.lang;
    let Target::File(pattern) = target else {
        bail!(lang.pick(
            "表格一行一份，请用 -o 写明文件名，如 -o 'out/{列名}.txt'",
            "a table makes one file a row; name them, as with -o 'out/{column}.txt'",
        ));
    };
    let report = super::report(job.args.output_format.unwrap_or(FillFormat::Short), job.console);
    let table = Table { job, binding, pattern, places, report: &*report };
    let names = table.names(sheet);
    table.make_folders(&names)?;
    let bar = progress(sheet.rows.len());
    let (mut summary, mut failed, mut reports) = (Summary::default(), 0, Vec::new());
    for (rows, names) in sheet.rows.chunks(BATCH).zip(names.chunks(BATCH)) {
        let outcomes: Vec<Outcome> =
            rows.par_iter().zip(names).map(|(row, name)| table.row(row, name.as_ref())).collect();
        for outcome in outcomes {
            match outcome {
                Outcome::Filled(report, counts) => {
                    summary.add(counts);
                    reports.extend((!report.is_empty()).then_some(report));
                }
                Outcome::Failed(problems) => {
                    failed += 1;
                    bar.suspend(|| problems.iter().for_each(|problem| job.console.error(problem)));
                }
            }
        }
        bar.inc(rows.len() as u64);
    }
    bar.finish_and_clear();
    let mut text = report.opening(&summary).into_bytes();
    text.extend(reports.join(report.joint().as_bytes()));
    text.extend(report.closing(&summary).into_bytes());
    job.print(&text)?;
    let written = sheet.rows.len() - failed;
    job.console.note(&table.counted(written, failed));
    Ok(match (failed, summary.at_least(Severity::Error)) {
        (0, 0) => Status::Clean,
        (0, _) => Status::Findings,
        _ => Status::Failed,
    })
}

/// What every row is filled with.
struct Table<'a> {
    job: &'a Job<'a>,
    binding: &'a Binding,
    pattern: &'a Pattern,
    places: &'a Places<'a>,
    report: &'a dyn Report,
}

impl Table<'_> {
    /// The file of each row, or why it has none. No two rows go to one file.
    fn names(&self, sheet: &Sheet) -> Vec<Result<PathBuf, String>> {
        let lang = self.job.console.lang;
        let mut taken = HashMap::new();
        let name = |row: &Row| {
            if let Some(problem) = &row.broken {
                return Err(self.places.words(problem));
            }
            let line = row.cells.first().map_or(0, |cell| cell.line);
            let at = |reason: &dyn std::fmt::Display| format!("{}: {reason}", self.places.in_values(line));
            let name = self.pattern.of_row(row, lang).map_err(|error| at(&error))?;
            match taken.insert(name.clone(), line) {
                None => Ok(PathBuf::from(name)),
                Some(first) => {
                    taken.insert(name.clone(), first);
                    Err(at(&lang.pick(
                        format!("和第 {first} 行写到同一个文件 {name}"),
                        format!("goes to the same file as line {first}, {name}"),
                    )))
                }
            }
        };
        sheet.rows.iter().map(name).collect()
    }

    /// Makes the folders that the files go to.
    fn make_folders(&self, names: &[Result<PathBuf, String>]) -> Result<()> {
        let mut folders: Vec<&Path> = names.iter().flatten().filter_map(|name| name.parent()).collect();
        folders.sort_unstable();
        folders.dedup();
        if self.job.args.dry_run {
            return Ok(());
        }
        let make =
            |folder: &Path| if folder.as_os_str().is_empty() { Ok(()) } else { fs::create_dir_all(folder) };
        folders.into_iter().try_for_each(|folder| {
            make(folder).map_err(|error: io::Error| anyhow!("{}: {error}", display_name(folder)))
        })
    }

    fn row(&self, row: &Row, name: Result<&PathBuf, &String>) -> Outcome {
        let path = match name {
            Ok(path) => path,
            Err(problem) => return Outcome::Failed(vec![problem.clone()]),
        };
        let bytes = match self.binding.fill(&self.job.draft, row) {
            Ok(bytes) => bytes,
            Err(problems) => {
                return Outcome::Failed(problems.iter().map(|problem| self.places.words(problem)).collect());
            }
        };
        self.deliver(path, &bytes).unwrap_or_else(|error| Outcome::Failed(vec![format!("{error:#}")]))
    }

    fn deliver(&self, path: &Path, bytes: &[u8]) -> Result<Outcome> {
        let job = self.job;
        let filled = job.read(bytes)?;
        if !job.args.dry_run {
            job.writer.write(path, bytes)?;
        }
        let diagnostics = lint(&filled, &job.rules);
        let name = display_name(path);
        let mut body = Vec::new();
        if job.args.dry_run {
            body = changed_lines(&name, job.draft.text(), filled.text(), job.console).into_bytes();
        }
        let checked = Checked { path: &name, text: filled.text(), diagnostics: &diagnostics };
        self.report.file(&checked, &mut body);
        Ok(Outcome::Filled(body, Summary::of(&diagnostics)))
    }

    fn counted(&self, written: usize, failed: usize) -> String {
        let (zh, en) =
            if self.job.args.dry_run { ("可以写出", "could write") } else { ("写出", "wrote") };
        match failed {
            0 => self.job.console.lang.pick(format!("{zh} {written} 份"), format!("{en} {written}")),
            _ => self.job.console.lang.pick(
                format!("{zh} {written} 份，{failed} 行有问题"),
                format!("{en} {written}; {failed} rows failed"),
            ),
        }
    }
}

/// A bar on the terminal; nothing elsewhere.
fn progress(rows: usize) -> ProgressBar {
    let bar = ProgressBar::new(rows as u64);
    match ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
