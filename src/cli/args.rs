//! What the command line accepts.

use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgGroup, Args, ColorChoice, Parser, Subcommand, ValueEnum};
use toml_edit::Datetime;

use crate::diagnostic::{Lang, Severity};
use crate::report::Format;

/// Finds what is still unfilled, miscounted, unbalanced or pasted twice in a draft.
#[derive(Debug, Parser)]
#[command(name = "dinggao", version, about, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 nothing found at or above --fail-on, 1 something found, 2 the run failed."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) global: GlobalArgs,
}

/// What every command understands.
#[derive(Debug, Args)]
pub(super) struct GlobalArgs {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
    /// Language of findings and messages [default: that of the locale]
    #[arg(long, global = true, value_parser = lang_parser())]
    pub(super) lang: Option<Lang>,
    /// Ignore every configuration file (dinggao.toml)
    #[arg(long, global = true)]
    pub(super) no_config: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check drafts
    Check(CheckArgs),
    /// Fill a draft: list what is missing, take it from a file or by hand, put it in
    Fill(FillArgs),
    /// Explain a rule, with examples
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Leave findings alone, with a reason, by writing them into dinggao.allow.toml
    Allow(AllowArgs),
    /// Write a dinggao.toml to begin with into the current folder
    Init,
    /// Serve an editor: the Language Server Protocol on standard input and output
    Lsp(LspArgs),
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Files, folders (searched for .txt, .md and .markdown) or - for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Encoding of the drafts, such as gbk [default: found out for each file]
    #[arg(long, value_name = "LABEL")]
    pub(super) encoding: Option<String>,
    /// How to write the findings down [default: full]; FORMAT=FILE is one report more, and can be given several times
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = ReportParser)]
    pub(super) output_format: Vec<ReportTo>,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,
    /// Tell how often each rule found something, instead of the findings
    #[arg(long)]
    pub(super) statistics: bool,
    /// Rules or families of rules to run, and no others
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Rules or families of rules not to run
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// The least severity for which the exit status is 1
    #[arg(long, value_name = "SEVERITY", default_value = "error", value_parser = severity_parser())]
    pub(super) fail_on: Severity,
    /// Only tell of lines that have changed since the current branch left this revision, and of files not in git yet
    #[arg(long, value_name = "REV")]
    pub(super) since: Option<String>,
    /// Only tell of lines that are staged for the next commit, and read them as they are staged
    #[arg(long, conflicts_with_all = ["since", "write_baseline"])]
    pub(super) staged: bool,
    /// Leave alone what the baseline in this file has accepted
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Accept all that is found by writing it to a new baseline; together with --baseline, only drop what is gone
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub(super) write_baseline: Option<PathBuf>,
    /// How many files to check at a time [default: as many as the machine has processors]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Show which settings hold for a draft, and where each is said
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "output_format", "output_file", "statistics", "fail_on"])]
    pub(super) show_settings: Option<PathBuf>,
    /// Tell of one line what the rules looked at there, what they found, and why or why not
    #[arg(long, value_name = "FILE:LINE", allow_hyphen_values = true, value_parser = parse_line, conflicts_with_all = ["paths", "output_format", "output_file", "statistics", "fail_on", "baseline", "write_baseline", "show_settings"])]
    pub(super) explain_line: Option<Line>,
}

#[derive(Debug, Args)]
pub(super) struct AllowArgs {
    /// The draft and the line on which the findings begin
    #[arg(value_name = "FILE:LINE", value_parser = parse_line)]
    pub(super) line: Line,
    /// Why they are left alone
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
    /// Only those of this rule or family
    #[arg(long)]
    pub(super) rule: Option<String>,
    /// The last day on which they are, such as 2026-12-31
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(super) expires: Option<Datetime>,
}

fn parse_date(text: &str) -> Result<Datetime, String> {
    match text.parse() {
        Ok(date @ Datetime { date: Some(_), time: None, offset: None }) => Ok(date),
        _ => Err("expected a date, such as 2026-12-31".to_owned()),
    }
}

/// A line of a file.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) file: PathBuf,
    /// From 1.
    pub(super) number: usize,
}

fn parse_line(text: &str) -> Result<Line, String> {
    let parsed = text.rsplit_once(':').and_then(|(file, number)| Some((file, number.parse().ok()?)));
    match parsed {
        Some((file, number)) if !file.is_empty() && number > 0 => Ok(Line { file: file.into(), number }),
        _ => Err("expected a file and a line, such as draft.txt:12".to_owned()),
    }
}

/// What `fill` does is named by --list, --init, --interactive or --values.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(group(ArgGroup::new("action").args(["list", "init", "interactive", "values"]).required(true).multiple(true)))]
pub(super) struct FillArgs {
    /// The draft, or - for standard input
    #[arg(value_name = "DRAFT")]
    pub(super) draft: PathBuf,
    /// List what is to be filled in, with the key, the type and the words around it
    #[arg(long, conflicts_with_all = ["init", "interactive", "values", "output", "in_place"])]
    pub(super) list: bool,
    /// Write a values file with an entry for each place [default: DRAFT.values.toml]
    #[arg(long, conflicts_with_all = ["interactive", "values", "in_place"])]
    pub(super) init: bool,
    /// Ask for one value after the other, and keep the answers in the values file
    #[arg(short, long)]
    pub(super) interactive: bool,
    /// Take the values from a file: .toml or .json for one draft, .csv, .xlsx or .json for one a row
    #[arg(long, value_name = "FILE")]
    pub(super) values: Option<PathBuf>,
    /// Where to write to; {column} stands for what a table has there [default: standard output]
    #[arg(short, long, value_name = "OUT", conflicts_with = "in_place")]
    pub(super) output: Option<PathBuf>,
    /// Write the draft itself anew
    #[arg(long)]
    pub(super) in_place: bool,
    /// Fill what there are values for, and leave the rest
    #[arg(long)]
    pub(super) partial: bool,
    /// Write nothing, show what would change
    #[arg(long, conflicts_with_all = ["list", "init", "interactive"])]
    pub(super) dry_run: bool,
    /// Write over files that exist
    #[arg(long)]
    pub(super) force: bool,
    /// Write to what a symbolic link leads to
    #[arg(long)]
    pub(super) follow_symlinks: bool,
    /// Encoding of the draft, such as gbk [default: found out]
    #[arg(long, value_name = "LABEL")]
    pub(super) encoding: Option<String>,
    /// How to write down the list, or what is left [default: full; for tables, short]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) output_format: Option<FillFormat>,
}

/// The formats of what `fill` has to say.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FillFormat {
    /// Each finding with the lines that it is about
    Full,
    /// One line a finding: its place, severity, rule and message
    Short,
    /// One JSON object
    Json,
}

impl From<FillFormat> for Format {
    fn from(format: FillFormat) -> Self {
        match format {
            FillFormat::Full => Self::Full,
            FillFormat::Short => Self::Short,
            FillFormat::Json => Self::Json,
        }
    }
}

/// A report: `FORMAT`, or `FORMAT=FILE`.
#[derive(Clone, Debug)]
pub(super) struct ReportTo {
    pub(super) format: Format,
    /// Where it goes, if that is not where the main report goes.
    pub(super) file: Option<PathBuf>,
}

/// Reads a [`ReportTo`], and knows the formats for the help.
#[derive(Clone)]
struct ReportParser;

impl TypedValueParser for ReportParser {
    type Value = ReportTo;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<ReportTo, clap::Error> {
        let text = value.to_string_lossy();
        let (format, file) = match text.split_once('=') {
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (&*text, None),
        };
        let format = EnumValueParser::<Format>::new().parse_ref(command, arg, format.as_ref())?;
        Ok(ReportTo { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

#[derive(Debug, Args)]
pub(super) struct LspArgs {
    /// Speak over standard input and output, as always: editors say so
    #[arg(long, hide = true)]
    stdio: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule, such as placeholder/mask; without it, all rules are listed
    pub(super) rule: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// Try out the rules of a folder on their own examples
    #[arg(long, value_name = "DIR", conflicts_with = "output_format")]
    pub(super) check: Option<PathBuf>,
    /// How to write the rules down
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    pub(super) output_format: RulesFormat,
}

/// The formats of a list of rules.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RulesFormat {
    /// A table for the terminal
    Table,
    /// A JSON array
    Json,
    /// A Markdown table in both languages
    Markdown,
}

fn lang_parser() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["zh", "en"]).map(|tag| if tag == "zh" { Lang::Zh } else { Lang::En })
}

fn severity_parser() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["error", "warning", "info"]).map(|name| match name.as_str() {
        "info" => Severity::Info,
        "warning" => Severity::Warning,
        _ => Severity::Error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn severities_are_read_by_their_names() {
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let cli = Cli::try_parse_from(["dinggao", "check", "--fail-on", severity.name()]).unwrap();
            assert!(matches!(cli.command, Command::Check(args) if args.fail_on == severity));
        }
    }
}
