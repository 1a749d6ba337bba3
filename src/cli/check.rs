//! `dinggao check`: find the drafts, check them in parallel, report in order.

use std::mem;

use anyhow::{Result, anyhow};

use super::acceptance::{AllowFiles, Baselines, today};
use super::args::CheckArgs;
use super::catalog::in_words;
use super::changes::Changes;
use super::checker::{Checker, Job, Tally};
use super::delivery::Reports;
use super::output::Console;
use super::settings::Configs;
use super::walk::{self, Draft};
use super::{Status, line, progress, show};
use crate::diagnostic::Lang;
use crate::document::encoding::Encoding;

/// Runs the command.
pub(super) fn run(args: &CheckArgs, mut configs: Configs, console: Console) -> Result<Status> {
    let lang = console.lang;
    if let Some(jobs) = args.jobs {
        // this is the first use of the pool, so it can still be made
        rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global()?;
    }
    configs.select(&args.select, &args.ignore);
    let encoding = args.encoding.as_deref().map(|label| encoding(label, lang)).transpose()?;
    if let Some(line) = &args.explain_line {
        return line::explain(line, &mut configs, encoding, console);
    }
    if let Some(file) = &args.show_settings {
        return show::run(file, &mut configs, console);
    }
    let catalog = configs.catalog(None)?;
    let (reports, targets) = Reports::new(args, catalog.definitions(), console)?;
    let baselines = Baselines::new(args, lang)?;
    let changes = Changes::new(args, lang)?;
    let checker = Checker {
        encoding,
        baselines: &baselines,
        changes: changes.as_ref(),
        reports: &reports,
        today: today(),
        lang,
    };
    let find = || match &changes {
        Some(changes) => changes.drafts(&args.paths, &mut configs, lang),
        None => walk::find(&args.paths, &mut configs, lang),
    };
    let (rules, found) = rayon::join(|| catalog.compile(lang), find);
    let found = found?;
    configs.keep(rules.map_err(|error| anyhow!(in_words(&error, lang)))?);
    let jobs = jobs(found.drafts, &mut configs, lang)?;
    let mut tally = Tally::new(reports.deliver(targets, lang)?);
    checker.check_all(&jobs, &mut tally)?;
    let mut errors = found.errors;
    if progress::is_ended() {
        errors.push(interrupted(tally.checked.len(), jobs.len(), lang));
    } else {
        if changes.is_none() {
            report_accepted(&mut tally, &baselines, &mut configs, &reports)?;
        }
        baselines.write(mem::take(&mut tally.entries), &tally.checked, console)?;
    }
    let (summary, unchecked) = tally.finish()?;
    errors.extend(unchecked);
    for error in &errors {
        console.error(error);
    }
    Ok(match (errors.is_empty(), summary.at_least(args.fail_on)) {
        (false, _) => Status::Failed,
        (true, 0) => Status::Clean,
        (true, _) => Status::Findings,
    })
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
        let folder = file.and_then(std::path::Path::parent);
        let allow = folder.map(|folder| allow_files.of(folder)).transpose()?.flatten();
        Ok(Job { draft, rules, allow })
    };
    drafts.into_iter().map(job).collect()
}

/// Reports on what has been accepted and is gone, after all drafts.
fn report_accepted(
    tally: &mut Tally<'_>,
    baselines: &Baselines,
    configs: &mut Configs,
    reports: &Reports,
) -> Result<()> {
    let rules = configs.rules(None)?;
    let mut allow_files = mem::take(&mut tally.flaws);
    allow_files.sort_by(|a, b| a.0.allowances.name().cmp(b.0.allowances.name()));
    for (file, mut flaws) in allow_files {
        flaws.extend(file.orphans(&rules));
        tally.report(file.allowances.name(), file.allowances.text(), flaws, reports)?;
    }
    if let Some(baseline) = baselines.accepted() {
        let mut stale = mem::take(&mut tally.stale);
        stale.extend(baselines.orphans(&rules));
        tally.report(baseline.name(), baseline.text(), stale, reports)?;
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
