//! Reports on their way out: each put together in the order of the files, for standard output or a file.

use std::io::{self, BufWriter, Write};
use std::iter;
use std::mem;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::args::{CheckArgs, ReportTo};
use super::atomic::AtomicFile;
use super::output::{BUFFER, Console, Output};
use super::walk::io_error;
use crate::diagnostic::Lang;
use crate::report::{Checked, Context, Format, Report, Statistics, Summary};
use crate::rule::Definition;

/// Every report of a run.
pub(super) struct Reports(Vec<Box<dyn Report>>);

/// Where a report goes.
#[derive(PartialEq, Eq)]
pub(super) enum Target {
    Stdout,
    Stderr,
    File(PathBuf),
}

/// A report that says nothing of its own.
struct Silent;

impl Report for Silent {
    fn file(&self, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

impl Reports {
    /// The reports that were asked for, and where each goes.
    ///
    /// # Errors
    /// When more than one is for the same place.
    pub(super) fn new(
        args: &CheckArgs,
        rules: &[Definition],
        console: Console,
    ) -> Result<(Self, Vec<Target>)> {
        let main = main_format(args, console.lang)?;
        let mut reports: Vec<Box<dyn Report>> = Vec::new();
        if args.diff {
            return Ok((Self(vec![Box::new(Silent)]), vec![Target::Stdout]));
        }
        let mut targets = vec![main_target(args)];
        let context = |target: &Target| {
            let style = if *target == Target::Stdout { console.style() } else { console.plain_style() };
            Context { style, rules, fail_on: args.fail_on }
        };
        let of_main = context(&targets[0]);
        reports.push(match main {
            Some(format) => format.report(&of_main),
            None => Box::new(Statistics::new(of_main.style)),
        });
        for ReportTo { format, file } in &args.output_format {
            if let Some(file) = file {
                let target = Target::File(file.clone());
                reports.push(format.report(&context(&target)));
                targets.push(target);
            }
        }
        if let Some(twice) = (1..targets.len()).find(|&at| targets[..at].contains(&targets[at])) {
            let file = if let Target::File(file) = &targets[twice] { file } else { Path::new("-") };
            let file = file.display();
            bail!(console.lang.pick(
                format!("{file}：两份报告不能写到同一个文件"),
                format!("{file}: two reports cannot go to one file")
            ));
        }
        Ok((Self(reports), targets))
    }

    /// What each report says of a file.
    pub(super) fn bodies(&self, checked: &Checked<'_>) -> Vec<Vec<u8>> {
        let body = |report: &dyn Report| {
            let mut body = Vec::new();
            if !checked.diagnostics.is_empty() || report.tells_of_sound_files() {
                report.file(checked, &mut body);
            }
            body
        };
        self.0.iter().map(|report| body(&**report)).collect()
    }

    /// Opens the places that the reports go to.
    ///
    /// # Errors
    /// When a file cannot be written; its name is told.
    pub(super) fn deliver(&self, targets: Vec<Target>, lang: Lang) -> Result<Deliveries<'_>> {
        let all = iter::zip(&self.0, targets).map(|(report, target)| Delivery::new(&**report, target, lang));
        let all = all.collect::<Result<_>>()?;
        Ok(Deliveries { all, lang })
    }
}

/// Where the report goes that is not for a file of its own: standard output may be taken by a draft that is fixed.
fn main_target(args: &CheckArgs) -> Target {
    match &args.output_file {
        Some(file) => Target::File(file.clone()),
        None if args.fix && args.paths.iter().any(|path| path.as_os_str() == "-") => Target::Stderr,
        None => Target::Stdout,
    }
}

/// The format of the report that is not for a file of its own; `None` for statistics.
fn main_format(args: &CheckArgs, lang: Lang) -> Result<Option<Format>> {
    let mut formats = args.output_format.iter().filter(|report| report.file.is_none());
    let format = formats.next().map(|report| report.format);
    let too_many = if args.statistics { format.is_some() } else { formats.next().is_some() };
    if too_many {
        bail!(lang.pick(
            "标准输出只能写一份报告；其余的请写到文件：--output-format FORMAT=FILE",
            "standard output takes one report; send the others to files: --output-format FORMAT=FILE"
        ));
    }
    Ok(if args.statistics { None } else { Some(format.unwrap_or(Format::Full)) })
}

/// All reports of a run on their way out.
pub(super) struct Deliveries<'a> {
    all: Vec<Delivery<'a>>,
    lang: Lang,
}

impl Deliveries<'_> {
    /// Hands on what each report says of the next file.
    pub(super) fn take(&mut self, bodies: Vec<Vec<u8>>) -> Result<()> {
        let lang = self.lang;
        self.all.iter_mut().zip(bodies).try_for_each(|(delivery, body)| delivery.take(body, lang))
    }

    /// Closes every report.
    pub(super) fn finish(self, summary: &Summary) -> Result<()> {
        let lang = self.lang;
        self.all.into_iter().try_for_each(|delivery| delivery.finish(summary, lang))
    }
}

/// A report on its way out.
struct Delivery<'a> {
    report: &'a dyn Report,
    sink: Sink,
    /// Parts that wait for the opening.
    held: Vec<Vec<u8>>,
    begun: bool,
}

impl<'a> Delivery<'a> {
    fn new(report: &'a dyn Report, target: Target, lang: Lang) -> Result<Self> {
        Ok(Self { report, sink: Sink::open(target, lang)?, held: Vec::new(), begun: false })
    }

    fn take(&mut self, mut body: Vec<u8>, lang: Lang) -> Result<()> {
        if body.is_empty() {
            return Ok(());
        }
        if self.report.opens_with_summary() {
            body.shrink_to_fit();
            self.held.push(body);
            return Ok(());
        }
        if !self.begun {
            // what does not need the summary does not look at it
            self.sink.write(self.report.opening(&Summary::default()).as_bytes(), lang)?;
        }
        self.write(&body, lang)
    }

    fn write(&mut self, body: &[u8], lang: Lang) -> Result<()> {
        if mem::replace(&mut self.begun, true) {
            self.sink.write(self.report.joint().as_bytes(), lang)?;
        }
        self.sink.write(body, lang)
    }

    fn finish(mut self, summary: &Summary, lang: Lang) -> Result<()> {
        if !self.begun {
            self.sink.write(self.report.opening(summary).as_bytes(), lang)?;
        }
        for body in mem::take(&mut self.held) {
            self.write(&body, lang)?;
        }
        self.sink.write(self.report.closing(summary).as_bytes(), lang)?;
        self.sink.finish(lang)
    }
}

/// Where a report goes.
enum Sink {
    Stdout(Output),
    Stderr(io::Stderr),
    File(BufWriter<AtomicFile>, PathBuf),
}

impl Sink {
    fn open(target: Target, lang: Lang) -> Result<Self> {
        let path = match target {
            Target::Stdout => return Ok(Self::Stdout(Output::new())),
            Target::Stderr => return Ok(Self::Stderr(io::stderr())),
            Target::File(path) => path,
        };
        let file = AtomicFile::create(&path).map_err(|error| io::Error::other(io_error(&error, lang)));
        let file = file.with_context(|| path.display().to_string())?;
        Ok(Self::File(BufWriter::with_capacity(BUFFER, file), path))
    }

    fn write(&mut self, bytes: &[u8], lang: Lang) -> Result<()> {
        match self {
            Self::Stdout(output) => output.write(bytes).with_context(|| stdout_name(lang)),
            Self::Stderr(stderr) => stderr.write_all(bytes).with_context(|| stderr_name(lang)),
            Self::File(file, path) => file.write_all(bytes).with_context(|| path.display().to_string()),
        }
    }

    fn finish(self, lang: Lang) -> Result<()> {
        match self {
            Self::Stdout(mut output) => output.flush().with_context(|| stdout_name(lang)),
            Self::Stderr(_) => Ok(()),
            Self::File(file, path) => {
                let commit = || file.into_inner().map_err(io::IntoInnerError::into_error)?.commit();
                commit().with_context(|| path.display().to_string())
            }
        }
    }
}

fn stderr_name(lang: Lang) -> &'static str {
    lang.pick("标准错误", "standard error")
}

fn stdout_name(lang: Lang) -> &'static str {
    lang.pick("标准输出", "standard output")
}
