//! `dinggao check`: find the drafts, check them in parallel, report in order.

use anyhow::{Result, anyhow};
use rayon::prelude::*;

use super::args::CheckArgs;
use super::catalog::in_words;
use super::delivery::{Deliveries, Reports};
use super::output::Console;
use super::source::{self, Unread};
use super::walk::{self, Draft};
use super::{Status, line, suggest};
use crate::diagnostic::Lang;
use crate::document::encoding::Encoding;
use crate::lint;
use crate::report::{Checked, Summary};
use crate::rule::{Catalog, RuleSet};

/// How many files are checked before their reports are handed on: enough to keep all threads busy, few enough to keep
/// what waits to be written small.
const BATCH: usize = 128;

/// Runs the command.
pub(super) fn run(args: &CheckArgs, mut catalog: Catalog, console: Console) -> Result<Status> {
    let retained = catalog.retain(&args.select, &args.ignore);
    retained.map_err(|error| anyhow!(suggest::unknown_rule(&error, console.lang)))?;
    let encoding = args.encoding.as_deref().map(|label| encoding(label, console.lang)).transpose()?;
    if let Some(line) = &args.explain_line {
        return line::explain(line, &catalog, encoding, console);
    }
    let (reports, targets) = Reports::new(args, catalog.definitions(), console)?;
    let (rules, found) =
        rayon::join(|| catalog.compile(console.lang), || walk::find(&args.paths, console.lang));
    let rules = rules.map_err(|error| anyhow!(in_words(&error, console.lang)))?;
    let checker = Checker { rules, encoding, reports: &reports, lang: console.lang };
    let mut tally = Tally {
        deliveries: reports.deliver(targets, console.lang)?,
        summary: Summary::default(),
        errors: Vec::new(),
    };
    checker.check_all(&found.drafts, &mut tally)?;
    let Tally { deliveries, summary, errors } = tally;
    deliveries.finish(&summary)?;
    let errors: Vec<String> = found.errors.into_iter().chain(errors).collect();
    for error in &errors {
        console.error(error);
    }
    Ok(match (errors.is_empty(), summary.at_least(args.fail_on)) {
        (false, _) => Status::Failed,
        (true, 0) => Status::Clean,
        (true, _) => Status::Findings,
    })
}

/// What every file is checked with.
struct Checker<'a> {
    rules: RuleSet,
    encoding: Option<Encoding>,
    reports: &'a Reports,
    lang: Lang,
}

/// What came of one file.
#[derive(Default)]
struct Outcome {
    /// What each report says of it; nothing if it was not checked.
    bodies: Vec<Vec<u8>>,
    summary: Summary,
    error: Option<String>,
}

impl Checker<'_> {
    /// Checks all drafts; while the threads check one batch, the reports of the batch before are written.
    fn check_all(&self, drafts: &[Draft], tally: &mut Tally<'_>) -> Result<()> {
        // a single file is not worth starting threads for
        if let [draft] = drafts {
            return tally.take(vec![self.check(draft)]);
        }
        let mut ready = Vec::new();
        for batch in drafts.chunks(BATCH) {
            let check = || batch.par_iter().map(|draft| self.check(draft)).collect();
            let (written, next) = rayon::join(|| tally.take(ready), check);
            written?;
            ready = next;
        }
        tally.take(ready)
    }

    fn check(&self, draft: &Draft) -> Outcome {
        let document = match source::read(draft, self.encoding, self.lang) {
            Ok(document) => document,
            Err(Unread::NoText) => return Outcome::default(),
            Err(Unread::Broken(error)) => return Outcome { error: Some(error), ..Outcome::default() },
        };
        let diagnostics = lint(&document, &self.rules);
        let checked = Checked { path: &draft.name, text: document.text(), diagnostics: &diagnostics };
        Outcome { bodies: self.reports.bodies(&checked), summary: Summary::of(&diagnostics), error: None }
    }
}

/// Adds up what came of the files, in their order.
struct Tally<'a> {
    deliveries: Deliveries<'a>,
    summary: Summary,
    errors: Vec<String>,
}

impl Tally<'_> {
    fn take(&mut self, outcomes: Vec<Outcome>) -> Result<()> {
        for Outcome { bodies, summary, error } in outcomes {
            self.summary.add(summary);
            self.errors.extend(error);
            self.deliveries.take(bodies)?;
        }
        Ok(())
    }
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
