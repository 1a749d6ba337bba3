//! `dinggao check`: find the drafts, check them in parallel, report in order.

use std::io;

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;

use super::args::{CheckArgs, OutputFormat};
use super::catalog::in_words;
use super::output::{Console, Output};
use super::source::{self, Unread};
use super::walk::{self, Draft};
use super::{Status, line, suggest};
use crate::diagnostic::Lang;
use crate::document::encoding::Encoding;
use crate::lint;
use crate::report::{self, Checked, Report, Summary};
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
    let (checker, found) = rayon::join(
        || Checker::new(args, &catalog, encoding, console),
        || walk::find(&args.paths, console.lang),
    );
    let checker = checker?;
    let mut writer = Writer::new(&*checker.report);
    checker
        .check_all(&found.drafts, &mut writer)
        .and_then(|()| writer.finish())
        .context(console.lang.pick("标准输出", "standard output"))?;
    let errors: Vec<String> = found.errors.into_iter().chain(writer.errors).collect();
    for error in &errors {
        console.error(error);
    }
    Ok(match (errors.is_empty(), writer.summary.at_least(args.fail_on)) {
        (false, _) => Status::Failed,
        (true, 0) => Status::Clean,
        (true, _) => Status::Findings,
    })
}

/// What every file is checked with.
struct Checker {
    rules: RuleSet,
    encoding: Option<Encoding>,
    report: Box<dyn Report>,
    lang: Lang,
}

/// What came of one file.
#[derive(Default)]
struct Outcome {
    body: Vec<u8>,
    summary: Summary,
    error: Option<String>,
}

impl Checker {
    fn new(
        args: &CheckArgs,
        catalog: &Catalog,
        encoding: Option<Encoding>,
        console: Console,
    ) -> Result<Self> {
        let report = report(args.output_format, console);
        let rules = catalog.compile(console.lang).map_err(|error| anyhow!(in_words(&error, console.lang)))?;
        Ok(Self { rules, encoding, report, lang: console.lang })
    }

    /// Checks all drafts; while the threads check one batch, the reports of the batch before are written.
    fn check_all(&self, drafts: &[Draft], writer: &mut Writer<'_>) -> io::Result<()> {
        // a single file is not worth starting threads for
        if let [draft] = drafts {
            return writer.take(vec![self.check(draft)]);
        }
        let mut ready = Vec::new();
        for batch in drafts.chunks(BATCH) {
            let check = || batch.par_iter().map(|draft| self.check(draft)).collect();
            let (written, next) = rayon::join(|| writer.take(ready), check);
            written?;
            ready = next;
        }
        writer.take(ready)
    }

    fn check(&self, draft: &Draft) -> Outcome {
        let document = match source::read(draft, self.encoding, self.lang) {
            Ok(document) => document,
            Err(Unread::NoText) => return Outcome::default(),
            Err(Unread::Broken(error)) => return Outcome { error: Some(error), ..Outcome::default() },
        };
        let diagnostics = lint(&document, &self.rules);
        let mut body = Vec::new();
        let checked = Checked { path: &draft.name, text: document.text(), diagnostics: &diagnostics };
        self.report.file(&checked, &mut body);
        Outcome { body, summary: Summary::of(&diagnostics), error: None }
    }
}

/// Puts the report together in the order in which it is given the files.
struct Writer<'a> {
    report: &'a dyn Report,
    output: Output,
    summary: Summary,
    errors: Vec<String>,
    /// Reports that wait for the opening.
    held: Vec<Vec<u8>>,
    begun: bool,
}

impl<'a> Writer<'a> {
    fn new(report: &'a dyn Report) -> Self {
        let (summary, output) = (Summary::default(), Output::new());
        Self { report, output, summary, errors: Vec::new(), held: Vec::new(), begun: false }
    }

    fn take(&mut self, outcomes: Vec<Outcome>) -> io::Result<()> {
        for Outcome { mut body, summary, error } in outcomes {
            self.summary.add(summary);
            self.errors.extend(error);
            if body.is_empty() {
                continue;
            }
            if self.report.opens_with_summary() {
                body.shrink_to_fit();
                self.held.push(body);
            } else {
                self.write(&body)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, body: &[u8]) -> io::Result<()> {
        if self.begun {
            self.output.write(self.report.joint().as_bytes())?;
        }
        self.begun = true;
        self.output.write(body)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.output.write(self.report.opening(&self.summary).as_bytes())?;
        for body in std::mem::take(&mut self.held) {
            self.write(&body)?;
        }
        self.output.write(self.report.closing(&self.summary).as_bytes())?;
        self.output.flush()
    }
}

/// The report of a format.
pub(super) fn report(format: OutputFormat, console: Console) -> Box<dyn Report> {
    match format {
        OutputFormat::Full => report::full(console.style()),
        OutputFormat::Short => report::short(),
        OutputFormat::Json => report::json(),
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
