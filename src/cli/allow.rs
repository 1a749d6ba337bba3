//! `dinggao allow`: writes into `dinggao.allow.toml` that the findings on a line are to be left alone, and why.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use toml_edit::{ArrayOfTables, Datetime, DocumentMut, Item, Table, value};

use super::acceptance::{ALLOW, AllowFiles, name_in, today};
use super::args::AllowArgs;
use super::atomic;
use super::nearest::Nearest;
use super::output::{Console, done};
use super::settings::{Configs, from_here};
use super::source;
use super::walk::{Draft, io_error};
use super::{Status, suggest};
use crate::diagnostic::{Diagnostic, Lang};
use crate::document::Document;
use crate::fingerprint::Fingerprint;
use crate::lint;
use crate::report::visible;
use crate::text::{LineIndex, TextRange};

/// How many characters of a finding an entry quotes, for people.
const QUOTED: usize = 40;

/// Runs the command.
pub(super) fn run(args: &AllowArgs, mut configs: Configs, console: Console) -> Result<Status> {
    let lang = console.lang;
    let draft = Draft::named(&args.line.file);
    let document =
        source::read(&draft, None, lang).map_err(|unread| anyhow!(unread.in_words(&draft.name)))?;
    let Some(file) = &draft.absolute else { bail!(draft.name.clone()) };
    if args.reason.trim().is_empty() {
        bail!(lang.pick("--reason：要写明理由", "--reason: say why"));
    }
    if let Some(rule) = &args.rule {
        let known = configs.catalog(Some(file))?.expect_known(rule);
        known.map_err(|error| anyhow!(suggest::unknown_rule(&error, lang)))?;
    }
    let found = findings(args, file, &document, &mut configs, lang)?;
    let reason = Reason { words: &args.reason, expires: args.expires };
    let path = write(&found, document.text(), file, &reason, lang)?;
    let name = from_here(&path).display().to_string();
    for Diagnostic { rule, range, .. } in &found {
        let (id, text) = (&rule.id, quoted(range.of(document.text())));
        done(
            &lang.pick(
                format!("{name}：已写入，{id}：“{text}”"),
                format!("{name}: now allows {id}: `{text}`"),
            ),
        );
    }
    Ok(Status::Clean)
}

/// Why findings are left alone, and how long.
pub(super) struct Reason<'a> {
    pub(super) words: &'a str,
    pub(super) expires: Option<Datetime>,
}

/// Writes down that findings in a draft are to be left alone, and returns the file of allowances that says so now.
///
/// # Errors
/// If that file is broken or cannot be written.
pub(super) fn write(
    found: &[Diagnostic],
    text: &str,
    draft: &Path,
    reason: &Reason<'_>,
    lang: Lang,
) -> Result<PathBuf> {
    let path = allow_file(draft);
    let mut entries = read(&path, lang)?;
    let name = name_in(path.parent().unwrap_or(&path), draft);
    for diagnostic in found {
        push(&mut entries, entry(diagnostic, text, &name, reason), &path, lang)?;
    }
    let failed = |error| anyhow!("{}: {}", from_here(&path).display(), io_error(&error, lang));
    atomic::write(&path, &entries.to_string()).map_err(failed)?;
    Ok(path)
}

/// The findings on the line that are not allowed yet.
fn findings(
    args: &AllowArgs,
    file: &Path,
    document: &Document,
    configs: &mut Configs,
    lang: Lang,
) -> Result<Vec<Diagnostic>> {
    let text = document.text();
    let rules = configs.rules(Some(file))?;
    let mut found = lint(document, &rules);
    let allowed = file.parent().map(|folder| AllowFiles::new(true, lang).of(folder)).transpose()?.flatten();
    if let Some(allowed) = allowed {
        allowed.apply(file, text, &rules, today(), &mut found);
    }
    let index = LineIndex::new(text);
    let line = index.line(text, args.line.number);
    let is_meant = |diagnostic: &Diagnostic| {
        let TextRange { start, .. } = diagnostic.range;
        let rule = &diagnostic.rule;
        (line.start..=line.end).contains(&start)
            && args.line.number <= index.line_count()
            && args.rule.as_ref().is_none_or(|name| *name == rule.id || name == rule.family())
    };
    found.retain(is_meant);
    if found.is_empty() {
        let place = format!("{}:{}", args.line.file.display(), args.line.number);
        bail!(lang.pick(
            format!("{place}：这一行没有可豁免的问题，或者已经豁免了"),
            format!("{place}: there is nothing to allow on this line, or it has been allowed already"),
        ));
    }
    Ok(found)
}

/// The file of allowances that holds for a draft: the nearest there is, else one in the root of its repository, else one
/// beside it.
fn allow_file(draft: &Path) -> PathBuf {
    let folder = draft.parent().unwrap_or(draft);
    let root = folder.ancestors().find(|above| above.join(".git").exists());
    Nearest::new(ALLOW).of(folder).unwrap_or_else(|| root.unwrap_or(folder).join(ALLOW))
}

fn read(path: &Path, lang: Lang) -> Result<DocumentMut> {
    let name = from_here(path).display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => text.parse().map_err(|error| anyhow!("{name}: {error}")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(DocumentMut::new()),
        Err(error) => bail!("{name}: {}", io_error(&error, lang)),
    }
}

fn entry(diagnostic: &Diagnostic, text: &str, draft: &str, reason: &Reason<'_>) -> Table {
    let mut table = Table::new();
    table["path"] = value(draft);
    table["rule"] = value(&*diagnostic.rule.id);
    table["hash"] = value(Fingerprint::of(diagnostic, text).to_string());
    table["text"] = value(quoted(diagnostic.range.of(text)));
    table["reason"] = value(reason.words.trim());
    if let Some(date) = reason.expires {
        table["expires"] = value(date);
    }
    table
}

/// Appends an entry, with an empty line before it.
fn push(entries: &mut DocumentMut, mut table: Table, path: &Path, lang: Lang) -> Result<()> {
    // comments at the end of the file stay before what comes after them
    let before = entries.trailing().as_str().unwrap_or_default().to_owned();
    if !entries.is_empty() || !before.is_empty() {
        table.decor_mut().set_prefix(format!("{before}\n"));
        entries.set_trailing("");
    }
    let list = entries.entry("allow").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(list) = list.as_array_of_tables_mut() else {
        let name = from_here(path).display().to_string();
        bail!(lang.pick(
            format!("{name}：allow 应为 [[allow]] 表"),
            format!("{name}: `allow` is to be a list of [[allow]] tables")
        ));
    };
    list.push(table);
    Ok(())
}

fn quoted(text: &str) -> String {
    visible(&text.chars().take(QUOTED).collect::<String>()).into_owned()
}
