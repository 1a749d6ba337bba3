//! `dinggao check --show-settings`: what holds for a draft, and where each thing is said.

use std::path::Path;

use anyhow::{Result, anyhow};

use super::Status;
use super::output::{Console, print};
use super::settings::{Configs, Settings};
use super::walk::Draft;
use crate::config::Choice;
use crate::report::visible;
use crate::rule::{Definition, SourceFile};

/// Shows the settings of a file.
pub(super) fn run(file: &Path, configs: &mut Configs, console: Console) -> Result<Status> {
    let draft = Draft::named(file);
    let missing = || anyhow!("{}: {}", draft.name, console.lang.pick("没有这个文件", "no such file"));
    let at = draft.absolute.as_deref().ok_or_else(missing)?;
    let settings = configs.of_folder(at.parent().unwrap_or(at))?;
    let overrides = settings.overrides_of(at);
    let (catalog, _) = settings.resolve(&overrides, console.lang)?;
    let running = configs.catalog(Some(at))?;
    let mut rows = general(&settings, console);
    let choices: Vec<_> = settings.choices(&overrides).collect();
    for (source, choice) in &choices {
        for (family, limits) in choice.limits {
            rows.push((
                format!("limits.{family}"),
                limits.get_ref().to_string(),
                place(source, limits.span().start),
            ));
        }
    }
    for rule in catalog.definitions() {
        let runs = running.definitions().iter().any(|other| other.id == rule.id);
        rows.push(row(rule, runs, &choices, console));
    }
    let widest = |column: fn(&(String, String, String)) -> &String| {
        rows.iter().map(|row| column(row).chars().count()).max().unwrap_or_default()
    };
    let (first, second) = (widest(|row| &row.0), widest(|row| &row.1));
    let lines =
        rows.iter().map(|(name, value, origin)| format!("{name:first$}  {value:second$}  {origin}\n"));
    print(&format!("{}\n{}", visible(&draft.name), lines.collect::<String>()))?;
    Ok(Status::Clean)
}

/// What is not about rules.
fn general(settings: &Settings, console: Console) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    for layer in &settings.layers {
        let (source, config) = (&layer.source, &layer.config);
        if let Some(lang) = &config.lang {
            let lang_name = lang.get_ref().pick("zh", "en").to_owned();
            rows.push(("lang".to_owned(), lang_name, place(source, lang.span().start)));
        }
        for (name, list) in [("exclude", &config.exclude), ("rules", &config.rules)] {
            rows.extend(
                list.iter()
                    .map(|item| (name.to_owned(), item.get_ref().clone(), place(source, item.span().start))),
            );
        }
    }
    if settings.layers.is_empty() {
        let none = console.lang.pick("没有 dinggao.toml，全部按默认", "no dinggao.toml: all is as it comes");
        rows.push((none.to_owned(), String::new(), String::new()));
    }
    rows
}

/// The severity of a rule, or that it does not run, and where that is said.
fn row(
    rule: &Definition,
    runs: bool,
    choices: &[(&SourceFile, Choice<'_>)],
    console: Console,
) -> (String, String, String) {
    let named = |name: &str| name == rule.id || name == rule.family();
    if !runs {
        let by_name = choices.iter().rev().find_map(|(source, choice)| {
            let ignored = choice.ignore.iter().find(|name| named(name.get_ref()));
            let selected = choice.select.and_then(|select| select.first());
            ignored.or(selected).map(|name| place(source, name.span().start))
        });
        let origin = by_name.unwrap_or_else(|| "--select, --ignore".to_owned());
        return (rule.id.clone(), console.lang.pick("不查", "off").to_owned(), origin);
    }
    let set = choices.iter().rev().find_map(|(source, choice)| {
        let own = choice.rule.get(&rule.id).or_else(|| choice.rule.get(rule.family()));
        own.map(|settings| place(source, settings.span().start))
    });
    (rule.id.clone(), rule.severity.name().to_owned(), set.unwrap_or_else(|| rule.file.clone()))
}

fn place(source: &SourceFile, offset: usize) -> String {
    format!("{}:{}", source.name, source.line_of(offset))
}
