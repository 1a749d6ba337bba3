//! `dinggao check --show-settings`: what holds for a draft, and where each thing is said.

use std::path::Path;

use anyhow::{Result, anyhow};
use toml::Spanned;

use super::Status;
use super::output::{Console, print};
use super::settings::{Configs, Settings};
use super::walk::Draft;
use crate::config::Choice;
use crate::report::visible;
use crate::rule::{Definition, Selection, SourceFile};

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
    let mut said: Vec<Said> = choices.iter().map(|(source, choice)| Said::of_file(source, *choice)).collect();
    said.push(Said::of_command_line(configs.selection()));
    rows.extend(said.iter().flat_map(Said::rows));
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
        rows.push(row(rule, runs, &choices, &said, console));
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

/// What one file, or the command line, says about which rules run: each name with its place.
struct Said {
    select: Vec<(String, String)>,
    extend_select: Vec<(String, String)>,
    ignore: Vec<(String, String)>,
}

impl Said {
    fn of_file(source: &SourceFile, choice: Choice<'_>) -> Self {
        let placed = |names: &[Spanned<String>]| -> Vec<_> {
            names.iter().map(|name| (name.get_ref().clone(), place(source, name.span().start))).collect()
        };
        Self {
            select: placed(choice.select.unwrap_or_default()),
            extend_select: placed(choice.extend_select),
            ignore: placed(choice.ignore),
        }
    }

    fn of_command_line(selection: &Selection) -> Self {
        let placed = |names: &[String], option: &str| -> Vec<_> {
            names.iter().map(|name| (name.clone(), option.to_owned())).collect()
        };
        Self {
            select: placed(&selection.select, "--select"),
            extend_select: placed(&selection.extend_select, "--extend-select"),
            ignore: placed(&selection.ignore, "--ignore"),
        }
    }

    fn rows(&self) -> impl Iterator<Item = (String, String, String)> {
        let named =
            [("select", &self.select), ("extend_select", &self.extend_select), ("ignore", &self.ignore)];
        named.into_iter().flat_map(|(key, names)| {
            names.iter().map(move |(name, place)| (key.to_owned(), name.clone(), place.clone()))
        })
    }
}

/// Where it is said that a rule does not run: the last word on it decides.
fn off_by(rule: &Definition, said: &[Said]) -> String {
    let selects = said.iter().rposition(|said| !said.select.is_empty());
    let ignored = said[selects.unwrap_or(0)..]
        .iter()
        .rev()
        .find_map(|said| said.ignore.iter().find(|(name, _)| *name == rule.id || name == rule.family()));
    let not_selected = selects.filter(|_| rule.default).and_then(|at| said[at].select.first());
    ignored.or(not_selected).map_or_else(|| rule.file.clone(), |(_, place)| place.clone())
}

/// The severity of a rule, or that it does not run, and where that is said.
fn row(
    rule: &Definition,
    runs: bool,
    choices: &[(&SourceFile, Choice<'_>)],
    said: &[Said],
    console: Console,
) -> (String, String, String) {
    if !runs {
        return (rule.id.clone(), console.lang.pick("不查", "off").to_owned(), off_by(rule, said));
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
