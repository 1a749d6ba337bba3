//! `dinggao fill`: from the holes of a draft to the finished text.

mod ask;
mod diff;
mod list;
mod problems;
pub(super) mod sheet;
mod table;
mod target;
mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::Status;
use super::args::{FillArgs, FillFormat};
use super::catalog::in_words;
use super::check::encoding;
use super::output::{Console, Output, say};
use super::source;
use super::walk::{Draft as Named, io_error};
use crate::diagnostic::{Lang, Severity};
use crate::document::encoding::decode;
use crate::document::{Document, Format};
use crate::fill::{Binding, Cell, Draft, DraftError, Row, Sheet, blank};
use crate::lint;
use crate::report::{Checked, Context as ReportContext, Format as ReportFormat, Report, Summary};
use crate::rule::{Catalog, RuleSet};
use problems::Places;
use target::Target;
use write::Writer;

/// What every way to fill works with.
struct Job<'a> {
    args: &'a FillArgs,
    rules: RuleSet,
    draft: Draft,
    /// The draft's name.
    name: String,
    writer: Writer,
    console: Console,
}

/// The report on what is left.
fn report(format: FillFormat, console: Console) -> Box<dyn Report> {
    let context = ReportContext { style: console.style(), rules: &[], fail_on: Severity::Error };
    ReportFormat::from(format).report(&context)
}

/// Runs the command.
pub(super) fn run(args: &FillArgs, catalog: &Catalog, console: Console) -> Result<Status> {
    let lang = console.lang;
    let rules = catalog.compile(lang).map_err(|error| anyhow!(in_words(&error, lang)))?;
    let asked = args.encoding.as_deref().map(|label| encoding(label, lang)).transpose()?;
    let named = Named::named(&args.draft);
    let bytes =
        source::read_bytes(&named).map_err(|error| anyhow!("{}: {}", named.name, io_error(&error, lang)))?;
    let draft = Draft::new(bytes, asked, Format::of_file_name(&named.name), &rules)
        .map_err(|error| anyhow!("{}: {}", named.name, unfillable(&error, lang)))?;
    let writer = Writer { force: args.force, follow_symlinks: args.follow_symlinks, lang };
    let job = Job { args, rules, draft, name: named.name, writer, console };
    if args.list {
        return list::print(&job);
    }
    if args.interactive {
        let answered = ask::run(&job)?;
        let is_done = args.output.is_none() && !args.in_place;
        return if is_done { Ok(Status::Clean) } else { job.fill(&answered) };
    }
    match &args.values {
        Some(values) => job.fill(values),
        // the command line names one of the four
        None => job.init(),
    }
}

fn unfillable(error: &DraftError, lang: Lang) -> String {
    match error {
        DraftError::Unread(error) => source::in_words(error, lang),
        DraftError::Stateful(encoding) => lang.pick(
            format!("{encoding} 编码的文件不能只改一处；请另存为 UTF-8 再填"),
            format!("a file in {encoding} cannot be changed in places; save it as UTF-8 first"),
        ),
    }
}

impl Job<'_> {
    /// The values file that goes with the draft.
    fn values_path(&self) -> Result<PathBuf> {
        if self.args.draft == Path::new("-") {
            bail!(self.console.lang.pick(
                "从标准输入读的稿件旁边放不了文件，请指明文件名",
                "there is no place beside standard input; name a file",
            ));
        }
        let mut name = self.args.draft.clone().into_os_string();
        name.push(".values.toml");
        Ok(name.into())
    }

    /// `--init`: a values file without values.
    fn init(&self) -> Result<Status> {
        let lang = self.console.lang;
        let path = self.args.output.clone().map_or_else(|| self.values_path(), Ok)?;
        let name = path.display().to_string();
        let text = blank(&self.draft, (&self.name, &name), lang);
        self.writer.write(&path, text.as_bytes())?;
        let (holes, keys) = list::counts(self.draft.holes());
        self.say(&lang.pick(
            format!("已写入 {name}：{holes} 处待填，{keys} 个键。\n"),
            format!("wrote {name}: {holes} to fill, {keys} keys\n"),
        ))?;
        Ok(Status::Clean)
    }

    /// `--values`: fills the draft once, or once for each row of a table.
    fn fill(&self, values: &Path) -> Result<Status> {
        let sheet = sheet::read(values, self.console.lang)?;
        let target = self.target(&sheet)?;
        let places = Places::new(&self.draft, &self.name, values, self.console.lang);
        let bound = Binding::new(&self.draft, &sheet.fields, self.args.partial, &target.columns());
        let binding = match bound {
            Ok(binding) => binding,
            Err(problems) => return Ok(places.tell(&problems, self.console)),
        };
        if sheet.rows.len() > 1 || target.is_pattern() {
            return table::fill(self, &binding, &sheet, &target, &places);
        }
        for &field in &binding.gone {
            self.note_gone(&sheet, field, &places);
        }
        let row = sheet.rows.first().cloned().unwrap_or_else(|| empty_row(&sheet));
        match binding.fill(&self.draft, &row) {
            Ok(bytes) => self.deliver(&bytes, &target),
            Err(problems) => Ok(places.tell(&problems, self.console)),
        }
    }

    fn target(&self, sheet: &Sheet) -> Result<Target> {
        Target::new(self.args, sheet, self.console.lang)
    }

    /// Says of a value that nothing is left to fill with it.
    fn note_gone(&self, sheet: &Sheet, field: usize, places: &Places<'_>) {
        let field = &sheet.fields[field];
        let place = places.in_values(field.line);
        self.console.note(&self.console.lang.pick(
            format!("{place}: 稿件里已没有这一处（“{}”），它的值没有用上", field.key),
            format!(
                "{place}: the draft no longer has this place (`{}`), and its value was not used",
                field.key
            ),
        ));
    }

    /// Writes the filled draft, or shows what would change, and reports what is left.
    fn deliver(&self, bytes: &[u8], target: &Target) -> Result<Status> {
        let filled = self.read(bytes)?;
        let to_stdout = matches!(target, Target::Stdout);
        let mut name = self.name.clone();
        if self.args.dry_run {
            self.say(&diff::render(&self.name, self.draft.text(), filled.text(), self.console))?;
        } else {
            match target {
                Target::Stdout => self.print(bytes)?,
                Target::InPlace => self.writer.replace(&self.args.draft, bytes)?,
                Target::File(pattern) => {
                    let path = PathBuf::from(pattern.name());
                    self.writer.write(&path, bytes)?;
                    name = path.display().to_string();
                }
            }
        }
        let (report, status) = self.left(&filled, &name);
        if to_stdout && !self.args.dry_run {
            say(&report);
        } else {
            self.print(&report)?;
        }
        Ok(status)
    }

    /// The filled draft as `check` would read it.
    fn read(&self, bytes: &[u8]) -> Result<Document> {
        let decoded = decode(bytes.to_vec(), Some(self.draft.encoding()));
        let decoded = decoded
            .map_err(|error| anyhow!("{}: {}", self.name, source::in_words(&error, self.console.lang)))?;
        Ok(Document::new(decoded.text, Format::of_file_name(&self.name)))
    }

    /// The report on what is left in a filled draft, and the exit status that it makes.
    fn left(&self, filled: &Document, name: &str) -> (Vec<u8>, Status) {
        let diagnostics = lint(filled, &self.rules);
        let summary = Summary::of(&diagnostics);
        let format = self.args.output_format.unwrap_or(FillFormat::Full);
        let report = report(format, self.console);
        let checked = Checked { path: name, text: filled.text(), diagnostics: &diagnostics };
        let mut body = report.opening(&summary).into_bytes();
        report.file(&checked, &mut body);
        body.extend(report.closing(&summary).into_bytes());
        (body, status_of(&summary))
    }

    fn say(&self, text: &str) -> Result<()> {
        self.print(text.as_bytes())
    }

    fn print(&self, bytes: &[u8]) -> Result<()> {
        let mut output = Output::new();
        let written = output.write(bytes).and_then(|()| output.flush());
        written.context(self.console.lang.pick("标准输出", "standard output"))
    }
}

fn status_of(summary: &Summary) -> Status {
    if summary.at_least(Severity::Error) == 0 { Status::Clean } else { Status::Findings }
}

/// A row for a sheet that has none.
fn empty_row(sheet: &Sheet) -> Row {
    Row { cells: vec![Cell::default(); sheet.fields.len()], broken: None }
}
