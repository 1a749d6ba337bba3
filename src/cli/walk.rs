//! From the paths of the command line to the files to check.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;
use walkdir::{DirEntry, WalkDir};

use super::ignores::Ignores;
use super::settings::Configs;
use super::suggest;
use crate::diagnostic::Lang;

/// What a draft's file name ends with. Files named on the command line may have any name.
const EXTENSIONS: [&str; 3] = ["txt", "md", "markdown"];

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// Where to read it; `None` for standard input.
    pub(super) path: Option<PathBuf>,
    /// Where it is, whatever folder it is seen from; `None` for standard input and for what is not there.
    pub(super) absolute: Option<PathBuf>,
    /// The name to report it by.
    pub(super) name: String,
    /// Whether it was named on the command line, not found in a folder.
    pub(super) named: bool,
    /// What is in it, where that is not what the file at `path` says.
    pub(super) content: Option<Vec<u8>>,
}

impl Draft {
    /// A file of the command line; `-` is standard input.
    pub(super) fn named(path: &Path) -> Self {
        if path == Path::new("-") {
            return Self::stdin();
        }
        let absolute = fs::canonicalize(path).ok();
        Self { path: Some(path.to_owned()), absolute, name: display_name(path), named: true, content: None }
    }

    /// What comes over standard input.
    fn stdin() -> Self {
        Self { path: None, absolute: None, name: "<stdin>".to_owned(), named: true, content: None }
    }
}

/// What the paths of the command line stand for.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files to check, each once, ordered by name.
    pub(super) drafts: Vec<Draft>,
    /// What could not be looked at, in words.
    pub(super) errors: Vec<String>,
}

/// Finds the drafts that `paths` stand for. What goes wrong with one path does not keep the others from being found.
///
/// # Errors
/// If the configuration of a folder cannot be used.
pub(super) fn find(paths: &[PathBuf], configs: &mut Configs, lang: Lang) -> Result<Found> {
    let mut search = Search { lang, configs, drafts: HashMap::new(), errors: Vec::new() };
    for path in paths {
        search.path(path)?;
    }
    let drafts = search.drafts.into_iter();
    let mut drafts: Vec<Draft> =
        drafts.map(|(at, draft)| Draft { absolute: draft.path.is_some().then_some(at), ..draft }).collect();
    drafts.sort_unstable_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    Ok(Found { drafts, errors: search.errors })
}

struct Search<'a> {
    lang: Lang,
    configs: &'a mut Configs,
    /// By absolute path, so that a file reached in two ways is one.
    drafts: HashMap<PathBuf, Draft>,
    errors: Vec<String>,
}

impl Search<'_> {
    fn path(&mut self, path: &Path) -> Result<()> {
        if path == Path::new("-") {
            self.drafts.insert(path.to_owned(), Draft::stdin());
            return Ok(());
        }
        match fs::canonicalize(path) {
            Err(error) => self.unreachable(path, &error),
            Ok(absolute) if absolute.is_dir() => self.folder(path, &absolute)?,
            Ok(absolute) => self.add(absolute, path, true),
        }
        Ok(())
    }

    fn folder(&mut self, root: &Path, absolute: &Path) -> Result<()> {
        let mut ignores = Ignores::around(absolute);
        let (mut drafts, errors) = (0, self.errors.len());
        let mut entries = WalkDir::new(root).into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Err(error) => self.errors.push(self.walk_error(&error)),
                Ok(entry) => match self.visit(&entry, root, absolute, &mut ignores)? {
                    Visit::Draft(at) => {
                        drafts += 1;
                        self.add(at, entry.path(), false);
                    }
                    Visit::ShutFolder => entries.skip_current_dir(),
                    Visit::Nothing => {}
                },
            }
        }
        if drafts == 0 && errors == self.errors.len() {
            self.errors.push(self.no_drafts(root));
        }
        Ok(())
    }

    /// Looks at one entry of a walk through `root`, whose absolute path is `absolute`.
    fn visit(
        &mut self,
        entry: &DirEntry,
        root: &Path,
        absolute: &Path,
        ignores: &mut Ignores,
    ) -> Result<Visit> {
        let depth = entry.depth();
        ignores.leave(depth);
        if depth == 0 {
            ignores.enter(absolute, 0);
            return Ok(Visit::Nothing);
        }
        let is_folder = entry.file_type().is_dir();
        // most names are settled without a look at the patterns
        if !is_folder && !is_draft(entry) {
            return Ok(Visit::Nothing);
        }
        let at = absolute.join(entry.path().strip_prefix(root).unwrap_or(entry.path()));
        let shut = is_hidden_name(entry.file_name())
            || ignores.leave_out(&at, is_folder)
            || self.leaves_out(&at, is_folder)?;
        Ok(match (is_folder, shut) {
            (true, true) => Visit::ShutFolder,
            (true, false) => {
                ignores.enter(&at, depth);
                Visit::Nothing
            }
            (false, true) => Visit::Nothing,
            (false, false) => Visit::Draft(at),
        })
    }

    /// Whether the configuration leaves out what is at an absolute path.
    fn leaves_out(&mut self, path: &Path, is_folder: bool) -> Result<bool> {
        let Some(folder) = path.parent() else { return Ok(false) };
        Ok(self.configs.of_folder(folder)?.leaves_out(path, is_folder))
    }

    /// Takes a file in. Of two names for one file the first in order is kept, whichever was given first.
    fn add(&mut self, absolute: PathBuf, path: &Path, named: bool) {
        let (name, path) = (display_name(path), Some(path.to_owned()));
        let draft = Draft { name, path, absolute: None, named, content: None };
        self.drafts
            .entry(absolute)
            .and_modify(|known| {
                let named = known.named || draft.named;
                if draft.name < known.name {
                    known.clone_from(&draft);
                }
                known.named = named;
            })
            .or_insert(draft);
    }

    fn no_drafts(&self, root: &Path) -> String {
        let reason = self.lang.pick(
            "文件夹中没有稿件（.txt、.md、.markdown）",
            "no drafts in this folder (.txt, .md, .markdown)",
        );
        format!("{}: {reason}", root.display())
    }

    fn unreachable(&mut self, path: &Path, error: &io::Error) {
        let near = similar_neighbour(path).filter(|_| error.kind() == io::ErrorKind::NotFound);
        let question = suggest::did_you_mean(near.as_deref(), self.lang);
        self.errors.push(format!("{}: {}{question}", path.display(), io_error(error, self.lang)));
    }

    fn walk_error(&self, error: &walkdir::Error) -> String {
        match (error.path(), error.io_error()) {
            (Some(path), Some(reason)) => format!("{}: {}", path.display(), io_error(reason, self.lang)),
            _ => error.to_string(),
        }
    }
}

/// What to do with an entry of a folder.
enum Visit {
    /// Check it; the file's absolute path.
    Draft(PathBuf),
    /// Stay out of it.
    ShutFolder,
    /// Go on.
    Nothing,
}

/// What a failed system call means, in words.
pub(super) fn io_error(error: &io::Error, lang: Lang) -> String {
    let words = match error.kind() {
        io::ErrorKind::NotFound => lang.pick("没有这个文件或文件夹", "no such file or folder"),
        io::ErrorKind::PermissionDenied => lang.pick("没有读取权限", "permission denied"),
        _ => return error.to_string(),
    };
    words.to_owned()
}

/// The path as people know it: `./drafts/a.txt` is `drafts/a.txt`.
pub(super) fn display_name(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).to_string_lossy().into_owned()
}

/// Whether the name of a file or a folder keeps it from being looked at.
pub(super) fn is_hidden_name(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn is_draft(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && has_draft_name(Path::new(entry.file_name()))
}

/// Whether a file's name ends as those of drafts do.
pub(super) fn has_draft_name(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|found| EXTENSIONS.iter().any(|known| found.eq_ignore_ascii_case(known)))
}

/// A file or folder beside the missing one whose name is much like its name.
fn similar_neighbour(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    let parent = path.parent()?;
    let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let names: Vec<String> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    let near = suggest::closest(&name, names.iter().map(String::as_str))?;
    Some(parent.join(near).display().to_string())
}
