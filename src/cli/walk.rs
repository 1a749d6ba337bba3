//! From the paths of the command line to the files to check.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::ignores::Ignores;
use super::suggest;
use crate::diagnostic::Lang;

/// What a draft's file name ends with. Files named on the command line may have any name.
const EXTENSIONS: [&str; 3] = ["txt", "md", "markdown"];

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// Where to read it; `None` for standard input.
    pub(super) path: Option<PathBuf>,
    /// The name to report it by.
    pub(super) name: String,
    /// Whether it was named on the command line, not found in a folder.
    pub(super) named: bool,
}

impl Draft {
    /// A file of the command line; `-` is standard input.
    pub(super) fn named(path: &Path) -> Self {
        if path == Path::new("-") {
            return Self::stdin();
        }
        Self { path: Some(path.to_owned()), name: display_name(path), named: true }
    }

    /// What comes over standard input.
    fn stdin() -> Self {
        Self { path: None, name: "<stdin>".to_owned(), named: true }
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
pub(super) fn find(paths: &[PathBuf], lang: Lang) -> Found {
    let mut search = Search { lang, drafts: HashMap::new(), errors: Vec::new() };
    for path in paths {
        search.path(path);
    }
    let mut drafts: Vec<Draft> = search.drafts.into_values().collect();
    drafts.sort_unstable_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    Found { drafts, errors: search.errors }
}

struct Search {
    lang: Lang,
    /// By absolute path, so that a file reached in two ways is one.
    drafts: HashMap<PathBuf, Draft>,
    errors: Vec<String>,
}

impl Search {
    fn path(&mut self, path: &Path) {
        if path == Path::new("-") {
            self.drafts.insert(path.to_owned(), Draft::stdin());
            return;
        }
        let absolute = match fs::canonicalize(path) {
            Ok(absolute) => absolute,
            Err(error) => return self.unreachable(path, &error),
        };
        if absolute.is_dir() {
            self.folder(path, &absolute);
        } else {
            self.add(absolute, path, true);
        }
    }

    fn folder(&mut self, root: &Path, absolute: &Path) {
        let mut ignores = Ignores::around(absolute);
        let (mut drafts, errors) = (0, self.errors.len());
        let mut entries = WalkDir::new(root).into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Err(error) => self.errors.push(self.walk_error(&error)),
                Ok(entry) => match visit(&entry, root, absolute, &mut ignores) {
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
    }

    /// Takes a file in. Of two names for one file the first in order is kept, whichever was given first.
    fn add(&mut self, absolute: PathBuf, path: &Path, named: bool) {
        let draft = Draft { name: display_name(path), path: Some(path.to_owned()), named };
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

/// Looks at one entry of a walk through `root`, whose absolute path is `absolute`.
fn visit(entry: &DirEntry, root: &Path, absolute: &Path, ignores: &mut Ignores) -> Visit {
    let depth = entry.depth();
    ignores.leave(depth);
    if depth == 0 {
        ignores.enter(absolute, 0);
        return Visit::Nothing;
    }
    let is_folder = entry.file_type().is_dir();
    // most names are settled without a look at the patterns
    if !is_folder && !is_draft(entry) {
        return Visit::Nothing;
    }
    let at = absolute.join(entry.path().strip_prefix(root).unwrap_or(entry.path()));
    let shut = is_hidden(entry) || ignores.leave_out(&at, is_folder);
    match (is_folder, shut) {
        (true, true) => Visit::ShutFolder,
        (true, false) => {
            ignores.enter(&at, depth);
            Visit::Nothing
        }
        (false, true) => Visit::Nothing,
        (false, false) => Visit::Draft(at),
    }
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

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_draft(entry: &DirEntry) -> bool {
    let extension = Path::new(entry.file_name()).extension();
    entry.file_type().is_file()
        && extension.is_some_and(|found| EXTENSIONS.iter().any(|known| found.eq_ignore_ascii_case(known)))
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
