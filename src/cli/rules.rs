//! `dinggao rules`: the list of rules.

use anyhow::Result;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Status;
use super::args::{RulesArgs, RulesFormat};
use super::output::{Console, print};
use crate::diagnostic::Severity;
use crate::report::Paint;
use crate::rule::{Catalog, Definition, Wording};

/// Runs the command.
pub(super) fn run(args: &RulesArgs, catalog: &Catalog, console: Console) -> Result<Status> {
    let rules = catalog.definitions();
    let text = match args.output_format {
        RulesFormat::Table => table(rules, console),
        RulesFormat::Json => json(rules)?,
        RulesFormat::Markdown => markdown(rules),
    };
    print(&text)?;
    Ok(Status::Clean)
}

/// One rule a line: id, severity and summary.
pub(super) fn table(rules: &[Definition], console: Console) -> String {
    let paint = Paint(console.color);
    let widest = rules.iter().map(|rule| rule.id.width()).max().unwrap_or(0);
    let line = |rule: &Definition| {
        let gap = " ".repeat(widest - rule.id.width());
        let severity = paint.severity(rule.severity, &format!("{:<7}", rule.severity));
        let off =
            if rule.default { "" } else { console.lang.pick("（默认不查）", " (off by default)") };
        format!("{}{gap}  {severity}  {}{off}\n", paint.bold(&rule.id), rule.summary.pick(console.lang))
    };
    rules.iter().map(line).collect()
}

/// The table of the README.
fn markdown(rules: &[Definition]) -> String {
    let row = |rule: &Definition| {
        let [english, chinese] = [&rule.summary.en, &rule.summary.zh].map(|text| text.replace('|', "\\|"));
        let off = if rule.default { "" } else { ", off by default" };
        format!("| `{}` | {}{off} | {english} | {chinese} |\n", rule.id, rule.severity)
    };
    let rows: String = rules.iter().map(row).collect();
    format!("| Rule | Severity | What it finds | 说明 |\n| --- | --- | --- | --- |\n{rows}")
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    severity: Severity,
    default: bool,
    summary: Words<'a>,
    explanation: Words<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Words<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct Words<'a> {
    zh: &'a str,
    en: &'a str,
}

impl<'a> From<&'a Wording> for Words<'a> {
    fn from(wording: &'a Wording) -> Self {
        Self { zh: &wording.zh, en: &wording.en }
    }
}

fn json(rules: &[Definition]) -> serde_json::Result<String> {
    let rules: Vec<Entry<'_>> = rules
        .iter()
        .map(|rule| Entry {
            rule: &rule.id,
            severity: rule.severity,
            default: rule.default,
            summary: (&rule.summary).into(),
            explanation: (&rule.explanation).into(),
            help: rule.help.as_ref().map(Words::from),
            source: rule.source.as_deref(),
        })
        .collect();
    Ok(serde_json::to_string_pretty(&rules)? + "\n")
}
