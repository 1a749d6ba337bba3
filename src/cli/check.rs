//! `dinggao check`: find the drafts, check them in parallel, report in order.

use std::mem;
use std::path::Path;

use anyhow::{Result, anyhow};

use super::acceptance::{AllowFiles, Baselines, today};
use super::args::CheckArgs;
use super::catalog::in_words;
use super::changes::Changes;
use super::checker::{Checker, Job, Tally};
use super::delivery::Reports;
use super::fix::{Changed, Fixer};
use super::output::Console;
use super::progress::{self, Progress};
use super::settings::Configs;
use super::walk::{self, Draft};
use super::{Status, comparison, line, show};
use crate::diagnostic::Lang;
use crate::document::encoding::Encoding;
use crate::report::Summary;
use crate::rule::Selection;

/// Runs the command.
pub(super) fn run(args: &CheckArgs, mut configs: Configs, console: Console) -> Result<Status> {
    let lang = console.lang;
    if let Some(jobs) = args.jobs {
        // this is the first use of the pool, so it can still be made
        rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global()?;
    }
    configs.select(Selection {
        select: args.select.clone(),
        extend_select: args.extend_select.clone(),
        ignore: args.ignore.clone(),
    });
    let encoding = args.encoding.as_deref().map(|label| encoding(label, lang)).transpose()?;
    if let Some(line) = &args.explain_line {
        return line::explain(line, &mut configs, encoding, console);
    }
    if let Some(file) = &args.show_settings {
        return show::run(file, &mut configs, console);
    }
    let Ended { summary, mended, errors } = check(args, configs, encoding, console)?;
    for error in &errors {
        console.error(error);
    }
    let findings = if args.diff { mended.files } else { summary.at_least(args.fail_on) };
    Ok(match (errors.is_empty(), findings) {
        (false, _) => Status::Failed,
        (true, 0) => Status::Clean,
        (true, _) => Status::Findings,
    })
}

/// What came of a check.
struct Ended {
    summary: Summary,
    /// How much has been fixed, or would be.
    mended: Changed,
    /// What could not be checked, in words.
    errors: Vec<String>,
}

/// Checks the drafts and reports on them.
fn check(
    args: &CheckArgs,
    mut configs: Configs,
    encoding: Option<Encoding>,
    console: Console,
) -> Result<Ended> {
    let lang = console.lang;
    let fixer = Fixer::new(args, console)?;
    if fixer.is_some() {
        configs.fix();
    }
    let catalog = configs.catalog(None)?;
    let (reports, targets) = Reports::new(args, catalog.definitions(), console)?;
    let baselines = Baselines::new(args, lang)?;
    let changes = Changes::new(args, lang)?;
    let find = || match &changes {
        Some(changes) => changes.drafts(&args.paths, &mut configs, lang),
        None => walk::find(&args.paths, &mut configs, lang),
    };
    let (rules, found) = rayon::join(|| catalog.compile(lang), find);
    let found = found?;
    configs.keep(rules.map_err(|error| anyhow!(in_words(&error, lang)))?);
    let mut jobs = jobs(found.drafts, &mut configs, lang)?;
    let members = comparison::members(&mut jobs, changes.as_ref(), &args.paths, &mut configs, lang)?;
    let progress = Progress::new(members.len() + jobs.len());
    // the handler takes a thread, which a single file is not worth
    if members.len() + jobs.len() > 1 {
        progress::listen();
    }
    let checker = Checker {
        encoding,
        baselines: &baselines,
        changes: changes.as_ref(),
        corpus: &comparison::corpus(members, changes.as_ref(), (encoding, lang), &progress)?,
        reports: &reports,
        fixer: fixer.as_ref(),
        today: today(),
        lang,
    };
    let mut tally = Tally::new(reports.deliver(targets, lang)?, first_accepted(&jobs, &baselines));
    checker.check_all(&jobs, &mut tally, &progress)?;
    // the bar must be gone before the rest of a report comes to the same terminal
    drop(progress);
    let mut errors = found.errors;
    if progress::is_ended() {
        errors.push(interrupted(tally.checked.len(), jobs.len(), lang));
    } else {
        if !args.diff {
            report_accepted(&mut tally, &baselines, &mut configs, &reports, changes.as_ref())?;
        }
        baselines.write(mem::take(&mut tally.entries), &tally.checked, console)?;
    }
    let mended = tally.changed;
    let (summary, unchecked) = tally.finish()?;
    if let Some(fixer) = &fixer {
        fixer.tell(mended);
    }
    errors.extend(unchecked);
    Ok(Ended { summary, mended, errors })
}

fn interrupted(checked: usize, total: usize, lang: Lang) -> String {
    lang.pick(
        format!("检查被中断：{total} 个文件查了 {checked} 个"),
        format!("interrupted: {checked} of {total} files have been checked"),
    )
}

/// The drafts with what each is checked with.
pub(super) fn jobs(drafts: Vec<Draft>, configs: &mut Configs, lang: Lang) -> Result<Vec<Job>> {
    let mut allow_files = AllowFiles::new(configs.configured(), lang);
    let job = |draft: Draft| {
        let file = draft.absolute.as_deref();
        let rules = configs.rules(file)?;
        let folder = file.and_then(Path::parent);
        let allow = folder.map(|folder| allow_files.of(folder)).transpose()?.flatten();
        Ok(Job { draft, rules, allow })
    };
    drafts.into_iter().map(job).collect()
}

/// The first in order of the files that say what is accepted.
fn first_accepted(jobs: &[Job], baselines: &Baselines) -> Option<String> {
    let allow_files = jobs.iter().filter_map(|job| job.allow.as_ref());
    let names = allow_files.map(|file| file.allowances.ledger().name());
    names.chain(baselines.accepted().map(|baseline| baseline.ledger().name())).min().map(str::to_owned)
}

/// Reports on what has been accepted and is gone. Of changes, that is what they touch or remove.
fn report_accepted(
    tally: &mut Tally<'_>,
    baselines: &Baselines,
    configs: &mut Configs,
    reports: &Reports,
    changes: Option<&Changes>,
) -> Result<()> {
    let allow_files = mem::take(&mut tally.flaws);
    if allow_files.0.is_empty() && baselines.accepted().is_none() {
        return Ok(());
    }
    let rules = configs.rules(None)?;
    let removed = changes.map(Changes::removed).transpose()?;
    let is_gone = |file: &Path| match &removed {
        Some(removed) => removed.contains(file),
        None => !file.exists(),
    };
    for (file, mut flaws) in allow_files.0 {
        flaws.extend(file.orphans(&rules, is_gone));
        tally.report(file.allowances.ledger(), flaws, reports)?;
    }
    if let Some(baseline) = baselines.accepted() {
        let mut stale = mem::take(&mut tally.stale);
        stale.extend(baselines.orphans(&rules, is_gone));
        tally.report(baseline.ledger(), stale, reports)?;
    }
    Ok(())
}

/// The encoding that a label of the command line names.
pub(super) fn encoding(label: &str, lang: Lang) -> Result<Encoding> {
    label.parse().map_err(|_| {
        anyhow!(lang.pick(
            format!("--encoding：没有名为“{label}”的编码"),
            format!("--encoding: no encoding is called `{label}`"),
        ))
    })
}
