//! The formats by name.

use clap::ValueEnum;

use super::{Report, Style};
use super::{checkstyle, github, gitlab, html, json, json_lines, junit, rdjson, sarif, short, terminal};
use crate::diagnostic::Severity;
use crate::rule::Definition;

/// What a report can need to know beyond the findings.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// How a report for people looks.
    pub style: Style,
    /// The rules of the run, ordered by id.
    pub rules: &'a [Definition],
    /// The least severity that makes a run fail.
    pub fail_on: Severity,
}

/// The formats of a report on drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Each finding with the lines that it is about
    Full,
    /// One line a finding: its place, severity, rule and message
    Short,
    /// One JSON object
    Json,
    /// One JSON object a finding, each on a line of its own
    JsonLines,
    /// SARIF 2.1.0, for code scanning services
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab CI
    Gitlab,
    /// Test results as XML (junit)
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// Reviewdog Diagnostic Format (rdjson)
    Rdjson,
    /// A page to read in a browser
    Html,
}

impl Format {
    /// An empty report in this format.
    pub fn report(self, context: &Context<'_>) -> Box<dyn Report> {
        match self {
            Self::Full => Box::new(terminal::Terminal::new(context.style)),
            Self::Short => Box::new(short::Short),
            Self::Json => Box::new(json::Json),
            Self::JsonLines => Box::new(json_lines::JsonLines),
            Self::Sarif => Box::new(sarif::Sarif::new(context)),
            Self::Github => Box::new(github::Github),
            Self::Gitlab => Box::new(gitlab::Gitlab),
            Self::Junit => Box::new(junit::Junit::new(context.fail_on)),
            Self::Checkstyle => Box::new(checkstyle::Checkstyle),
            Self::Rdjson => Box::new(rdjson::Rdjson),
            Self::Html => Box::new(html::Html::new(context)),
        }
    }
}
