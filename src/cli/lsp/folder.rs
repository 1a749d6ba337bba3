//! All drafts of a folder, checked as `dinggao check` does.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use anyhow::Result;
use rayon::prelude::*;

use super::standing::canonical;
use super::uri;
use crate::cli::acceptance::{Flaws, today};
use crate::cli::check::jobs;
use crate::cli::checker::Job;
use crate::cli::settings::Configs;
use crate::cli::source::{self, Unread};
use crate::cli::walk;
use crate::diagnostic::{self, Diagnostic, Lang};
use crate::lsp::{Counts, FolderJob, FolderReport, Page, Places};
use crate::text::LineIndex;
use crate::{fill, lint};

/// How many files are checked before it is told how far the check has come.
const BATCH: usize = 64;

/// Checks folders. What goes wrong with one file does not keep the others from being checked.
pub(super) fn check(
    job: &FolderJob,
    configured: bool,
    lang: Lang,
    explanations: Option<&str>,
    progress: impl Fn(usize, usize),
) -> FolderReport {
    let search = Search::new(job, lang, explanations);
    search.run(configured, progress).unwrap_or_else(|error| FolderReport {
        unread: vec![(None, format!("{error:#}"))],
        ..FolderReport::default()
    })
}

struct Search<'a> {
    job: &'a FolderJob,
    /// The texts of documents that are open, by path, with their URIs.
    open: HashMap<PathBuf, (&'a str, &'a str)>,
    lang: Lang,
    explanations: Option<&'a str>,
}

/// What came of a file.
enum Outcome {
    /// It is no text.
    Nothing,
    Unread(Option<String>, String),
    Checked {
        uri: String,
        shown: Vec<gen_lsp_types::Diagnostic>,
        counts: Counts,
        flaws: Vec<Diagnostic>,
    },
}

impl<'a> Search<'a> {
    fn new(job: &'a FolderJob, lang: Lang, explanations: Option<&'a str>) -> Self {
        let path = |(uri, text): (&'a String, &'a String)| {
            Some((canonical(&uri::to_path(uri)?), (uri.as_str(), text.as_str())))
        };
        Self { job, open: job.open.iter().filter_map(path).collect(), lang, explanations }
    }

    fn run(&self, configured: bool, progress: impl Fn(usize, usize)) -> Result<FolderReport> {
        let mut configs = Configs::new(configured, self.lang)?;
        let roots: Vec<PathBuf> = self.job.roots.iter().filter_map(|root| uri::to_path(root)).collect();
        let found = walk::find(&roots, &mut configs, self.lang)?;
        let jobs = jobs(found.drafts, &mut configs, self.lang)?;
        let mut report = FolderReport::default();
        report.unread.extend(found.errors.into_iter().map(|error| (None, error)));
        let mut flaws = Flaws::default();
        for (number, batch) in jobs.chunks(BATCH).enumerate() {
            if self.job.cancelled.load(Ordering::Relaxed) {
                report.cancelled = true;
                return Ok(report);
            }
            let outcomes: Vec<Outcome> = batch.par_iter().map(|job| self.check(job)).collect();
            for (job, outcome) in batch.iter().zip(outcomes) {
                take(outcome, job, &mut report, &mut flaws);
            }
            progress(number * BATCH + batch.len(), jobs.len());
        }
        let rules = configs.rules(None)?;
        for (file, mut found) in flaws.0 {
            found.extend(file.orphans(&rules, |path| !path.exists()));
            diagnostic::sort(&mut found);
            report.counts.add(Counts::of(&found, 0));
            let uri = uri::of_path(&file.path());
            let shown = self.shown(&uri, file.allowances.ledger().text(), &found);
            report.shown.push((uri, shown));
        }
        Ok(report)
    }

    fn check(&self, Job { draft, rules, allow }: &Job) -> Outcome {
        let path = draft.absolute.as_deref();
        let open = path.and_then(|path| self.open.get(path));
        let uri = match open {
            Some((uri, _)) => Some((*uri).to_owned()),
            // as the client knows it, links and all
            None => draft.path.as_deref().map(uri::of_path),
        };
        let mut draft = draft.clone();
        draft.content = open.map(|(_, text)| text.as_bytes().to_vec());
        let document = match source::read(&draft, None, self.lang) {
            Ok(document) => document,
            Err(Unread::NoText) => return Outcome::Nothing,
            Err(Unread::Broken(error)) => return Outcome::Unread(uri, error),
        };
        let (Some(path), Some(uri)) = (path, uri) else { return Outcome::Nothing };
        let text = document.text();
        let mut found = lint(&document, rules);
        let flaws = allow.as_ref().map(|allow| allow.apply(path, text, rules, today(), &mut found));
        let holes = fill::holes(text, &found);
        Outcome::Checked {
            shown: self.shown(&uri, text, &found),
            uri,
            counts: Counts::of(&found, holes.len()),
            flaws: flaws.unwrap_or_default(),
        }
    }

    fn shown(&self, uri: &str, text: &str, found: &[Diagnostic]) -> Vec<gen_lsp_types::Diagnostic> {
        if found.is_empty() {
            return Vec::new();
        }
        let (client, lines) = (&*self.job.client, LineIndex::new(text));
        let places = Places::new(&lines, text, client.encoding);
        Page { uri, places, client, explanations: self.explanations }.findings(found)
    }
}

fn take(outcome: Outcome, job: &Job, report: &mut FolderReport, flaws_of: &mut Flaws) {
    match outcome {
        Outcome::Nothing => {}
        Outcome::Unread(uri, error) => report.unread.push((uri, error)),
        Outcome::Checked { uri, shown, counts, flaws } => {
            report.files += 1;
            report.counts.add(counts);
            report.shown.push((uri, shown));
            if let Some(allow) = &job.allow {
                flaws_of.add(allow, flaws);
            }
        }
    }
}
