//! `dinggao rules --check`: try out the rules of a folder on their own examples.

use std::path::Path;

use anyhow::{Result, anyhow};

use super::Status;
use super::catalog::{in_words, read, rule_files};
use super::output::{Console, print};
use super::walk::{display_name, io_error};
use crate::report::visible;
use crate::rule::{Catalog, Verification};

/// Tries out the rules below `folder`.
pub(super) fn run(folder: &Path, console: Console) -> Result<Status> {
    let lang = console.lang;
    let mut catalog = Catalog::builtin()?;
    let mut errors = Vec::new();
    let files = rule_files(folder)
        .map_err(|error| anyhow!("{}: {}", display_name(folder), io_error(&error, lang)))?;
    for file in &files {
        let added = read(&file.path, lang).and_then(|source| {
            catalog.add(&file.id_path, &source).map_err(|error| anyhow!(in_words(&error, lang)))
        });
        errors.extend(added.err().map(|error| error.to_string()));
    }
    let tried = catalog.verify();
    errors.extend(tried.errors.iter().map(|error| in_words(error, lang)));
    if errors.is_empty() && tried.rules == 0 {
        let nothing =
            lang.pick("文件夹中没有规则（类名/规则名.toml）", "no rules in this folder (family/name.toml)");
        errors.push(format!("{}: {nothing}", display_name(folder)));
    }
    print(&report(&tried, console))?;
    for error in &errors {
        console.error(error);
    }
    Ok(match (errors.is_empty(), tried.failures.is_empty()) {
        (false, _) => Status::Failed,
        (true, false) => Status::Findings,
        (true, true) => Status::Clean,
    })
}

/// The examples that do not hold, and how many there are of each kind.
fn report(tried: &Verification, console: Console) -> String {
    let lang = console.lang;
    let mut report: String =
        tried.failures.iter().map(|failure| visible(&in_words(failure, lang)).into_owned() + "\n").collect();
    let (rules, examples, failed) = (tried.rules, tried.examples, tried.failures.len());
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let (rules_en, examples_en) = (counted(rules, "rule"), counted(examples, "example"));
    if rules == 0 {
        return report;
    }
    report += &if failed == 0 {
        lang.pick(
            format!("{rules} 条规则，{examples} 个例子全部成立\n"),
            format!("{rules_en}, {examples_en} hold\n"),
        )
    } else {
        lang.pick(
            format!("{rules} 条规则，{examples} 个例子，其中 {failed} 个不成立\n"),
            format!("{rules_en}, {examples_en}, {failed} of them do not hold\n"),
        )
    };
    report
}
