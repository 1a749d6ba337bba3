//! Checks drafts in parallel, and adds up what comes of them in their order.

use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;
use toml::value::Date;

use super::acceptance::{AllowFile, Baselines, Flaws, Settled};
use super::changes::Changes;
use super::delivery::{Deliveries, Reports};
use super::fix::{Change, Changed, Fixer, Mended};
use super::progress::{self, Progress};
use super::source::{self, Unread};
use super::walk::Draft;
use crate::baseline::Entry;
use crate::corpus::Corpus;
use crate::diagnostic::{self, Diagnostic, Lang};
use crate::document::encoding::Encoding;
use crate::ledger::Ledger;
use crate::lint_in;
use crate::report::{Checked, Summary};
use crate::rule::RuleSet;

/// How many files are checked before their reports are handed on: enough to keep all threads busy, few enough to keep
/// what waits to be written small.
pub(super) const BATCH: usize = 128;

/// A draft and what it is checked with.
pub(super) struct Job {
    pub(super) draft: Draft,
    pub(super) rules: Arc<RuleSet>,
    pub(super) allow: Option<Arc<AllowFile>>,
}

/// What all files are checked with.
pub(super) struct Checker<'a> {
    pub(super) encoding: Option<Encoding>,
    pub(super) baselines: &'a Baselines,
    /// What has changed, if nothing else is to be told of.
    pub(super) changes: Option<&'a Changes>,
    /// The drafts to compare each with, as far as its rules do that.
    pub(super) corpus: &'a Corpus,
    pub(super) reports: &'a Reports,
    /// Makes the fixes, if that is asked for.
    pub(super) fixer: Option<&'a Fixer>,
    pub(super) today: Date,
    pub(super) lang: Lang,
}

/// What came of one file.
#[derive(Default)]
struct Outcome {
    /// What each report says of it; nothing if it was not checked.
    bodies: Vec<Vec<u8>>,
    summary: Summary,
    /// What has been changed.
    change: Option<Change>,
    error: Option<String>,
    /// Findings about the allowances of the file.
    flaws: Vec<Diagnostic>,
    settled: Settled,
}

impl Checker<'_> {
    /// Checks all drafts; while the threads check one batch, the reports of the batch before are written.
    pub(super) fn check_all(&self, jobs: &[Job], tally: &mut Tally<'_>, progress: &Progress) -> Result<()> {
        // a single file is not worth starting threads for
        if let [job] = jobs {
            return tally.take(jobs, vec![self.check(job)]);
        }
        let mut before: (&[Job], Vec<Outcome>) = (&[], Vec::new());
        for batch in jobs.chunks(BATCH) {
            let check = || batch.par_iter().map(|job| self.check(job)).collect();
            let (ready, outcomes) = mem::take(&mut before);
            let (written, next) = rayon::join(|| progress.aside(|| tally.take(ready, outcomes)), check);
            written?;
            before = (batch, next);
            progress.advance(batch.len());
            if progress::is_ended() {
                break;
            }
        }
        progress.aside(|| tally.take(before.0, before.1))
    }

    fn check(&self, job: &Job) -> Outcome {
        if progress::is_ended() {
            return Outcome::default();
        }
        let Mended { document, change, diff, error } = match self.read(job) {
            Ok(mended) => mended,
            Err(Unread::NoText) => return Outcome::default(),
            Err(Unread::Broken(error)) => return Outcome { error: Some(error), ..Outcome::default() },
        };
        if self.fixer.is_some_and(|fixer| fixer.only_shows) {
            return Outcome { bodies: vec![diff.into_bytes()], change, error, ..Outcome::default() };
        }
        let text = document.text();
        let mut found = lint_in(&document, &job.rules, self.corpus, &job.draft.name);
        let (flaws, settled) = self.settle(job, text, change.as_ref(), &mut found);
        let bodies = self.reports.bodies(&Checked { path: &job.draft.name, text, diagnostics: &found });
        Outcome { bodies, summary: Summary::of(&found), change, error, flaws, settled }
    }

    /// Reads a draft, and makes its fixes if that is asked for.
    fn read(&self, job: &Job) -> Result<Mended, Unread> {
        let Some(fixer) = self.fixer else {
            return source::read(&job.draft, self.encoding, self.lang).map(Mended::untouched);
        };
        let source = source::read_with_bytes(&job.draft, self.encoding, self.lang)?;
        Ok(fixer.mend(&job.draft, source, &job.rules, |document, found| {
            self.settle(job, document.text(), None, found);
        }))
    }

    /// Takes out of the findings in a draft what is not to be told of. Returns findings about the allowances, and what the
    /// baselines make of the draft.
    fn settle(
        &self,
        Job { draft, rules, allow }: &Job,
        text: &str,
        change: Option<&Change>,
        found: &mut Vec<Diagnostic>,
    ) -> (Vec<Diagnostic>, Settled) {
        let Some(file) = &draft.absolute else { return Default::default() };
        let allow = allow.as_ref().map(|allow| allow.apply(file, text, rules, self.today, found));
        let settled = self.baselines.settle(file, text, rules, found);
        if let Some(changes) = self.changes {
            match change {
                Some(Change { before, patch }) => {
                    changes.retain(file, before.text(), |range| patch.origin(range), found);
                }
                None => changes.retain(file, text, |range| range, found),
            }
        }
        (allow.unwrap_or_default(), settled)
    }
}

/// Adds up what came of the files, in their order.
pub(super) struct Tally<'a> {
    deliveries: Deliveries<'a>,
    /// The first in order of the files about which more may be found when all drafts have been checked.
    open: Option<String>,
    /// What the reports say of files, by name, that come after it.
    held: Vec<(String, Vec<Vec<u8>>)>,
    pub(super) summary: Summary,
    /// How much has been changed.
    pub(super) changed: Changed,
    /// What could not be checked, in words.
    pub(super) errors: Vec<String>,
    /// The files that were checked.
    pub(super) checked: Vec<PathBuf>,
    /// The entries of the new baseline.
    pub(super) entries: Vec<Entry>,
    /// Findings about entries of the baseline.
    pub(super) stale: Vec<Diagnostic>,
    /// Findings about allowances, by file.
    pub(super) flaws: Flaws,
}

impl<'a> Tally<'a> {
    /// Nothing yet. What is reported on files after `open` waits for [`Tally::finish`].
    pub(super) fn new(deliveries: Deliveries<'a>, open: Option<String>) -> Self {
        Self {
            deliveries,
            open,
            held: Vec::new(),
            summary: Summary::default(),
            changed: Changed::default(),
            errors: Vec::new(),
            checked: Vec::new(),
            entries: Vec::new(),
            stale: Vec::new(),
            flaws: Flaws::default(),
        }
    }

    fn take(&mut self, jobs: &[Job], outcomes: Vec<Outcome>) -> Result<()> {
        for (job, outcome) in jobs.iter().zip(outcomes) {
            let Outcome { bodies, summary, change, error, flaws, settled } = outcome;
            self.summary.add(summary);
            if let Some(change) = change {
                self.changed.add(&change.patch);
            }
            self.errors.extend(error);
            self.entries.extend(settled.entries);
            self.stale.extend(settled.stale);
            if summary.files > 0 {
                self.checked.extend(job.draft.absolute.clone());
            }
            if let Some(allow) = &job.allow {
                self.flaws.add(allow, flaws);
            }
            self.deliver(&job.draft.name, bodies)?;
        }
        Ok(())
    }

    fn deliver(&mut self, name: &str, bodies: Vec<Vec<u8>>) -> Result<()> {
        if self.open.as_deref().is_none_or(|open| name < open) {
            return self.deliveries.take(bodies);
        }
        if bodies.iter().any(|body| !body.is_empty()) {
            self.held.push((name.to_owned(), bodies));
        }
        Ok(())
    }

    /// Reports on one more file, which is no draft.
    pub(super) fn report<E>(
        &mut self,
        ledger: &Ledger<E>,
        mut found: Vec<Diagnostic>,
        reports: &Reports,
    ) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        diagnostic::sort(&mut found);
        self.summary.add(Summary::of(&found));
        let (path, text) = (ledger.name(), ledger.text());
        self.deliver(path, reports.bodies(&Checked { path, text, diagnostics: &found }))
    }

    /// Ends all reports.
    pub(super) fn finish(mut self) -> Result<(Summary, Vec<String>)> {
        self.held.sort_by(|a, b| a.0.cmp(&b.0));
        self.held.into_iter().try_for_each(|(_, bodies)| self.deliveries.take(bodies))?;
        self.deliveries.finish(&self.summary)?;
        Ok((self.summary, self.errors))
    }
}
