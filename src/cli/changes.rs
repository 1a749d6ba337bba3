//! `--since` and `--staged`: only what has changed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::args::CheckArgs;
use super::git::{Changed, Lines, Repository};
use super::settings::{Configs, from_here};
use super::walk::{Draft, Found, display_name, has_draft_name, io_error, is_hidden_name};
use crate::diagnostic::{Diagnostic, Lang};
use crate::text::TextRange;

/// What has changed, by absolute path.
pub(super) struct Changes {
    files: HashMap<PathBuf, Option<Vec<Lines>>>,
    /// Where the content of the files is staged, and not to be read from the work tree.
    staged: Option<Repository>,
}

impl Changes {
    /// What has changed, if that is asked for.
    ///
    /// # Errors
    /// If there is no repository, or none such revision.
    pub(super) fn new(args: &CheckArgs, lang: Lang) -> Result<Option<Self>> {
        if args.since.is_none() && !args.staged {
            return Ok(None);
        }
        let repository = Repository::here(lang)?;
        let changed = match &args.since {
            Some(revision) => repository.since(revision)?,
            None => repository.staged()?,
        };
        let files = changed.into_iter().map(|Changed { path, lines }| (path, lines)).collect();
        Ok(Some(Self { files, staged: args.staged.then_some(repository) }))
    }

    /// The drafts among what has changed that `paths` stand for, with their staged content if that is to be checked.
    ///
    /// # Errors
    /// If the configuration of a folder cannot be used, or git fails.
    pub(super) fn drafts(&self, paths: &[PathBuf], configs: &mut Configs, lang: Lang) -> Result<Found> {
        let (mut roots, mut errors) = (Vec::new(), Vec::new());
        for path in paths {
            match fs::canonicalize(path) {
                Ok(root) => roots.push(root),
                Err(error) => errors.push(format!("{}: {}", path.display(), io_error(&error, lang))),
            }
        }
        let mut files = Vec::new();
        for file in self.files.keys() {
            if is_meant(file, &roots, configs)? && (self.staged.is_some() || file.is_file()) {
                files.push(file.clone());
            }
        }
        let mut contents = match &self.staged {
            Some(repository) => repository.staged_contents(&files)?.into_iter().map(Some).collect(),
            None => vec![None; files.len()],
        };
        let mut drafts: Vec<Draft> = files
            .into_iter()
            .zip(&mut contents)
            .map(|(file, content)| Draft {
                path: Some(from_here(&file)),
                name: display_name(&from_here(&file)),
                absolute: Some(file),
                named: false,
                content: content.take(),
            })
            .collect();
        drafts.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(Found { drafts, errors })
    }

    /// Keeps the findings that begin or end on lines that have changed, or that a place on such a line belongs to. `text`
    /// is what git knows of, and `origin` leads to it from what has been found.
    pub(super) fn retain(
        &self,
        file: &Path,
        text: &str,
        origin: impl Fn(TextRange) -> TextRange,
        found: &mut Vec<Diagnostic>,
    ) {
        let Some(Some(changed)) = self.files.get(file) else { return };
        let feeds: Vec<usize> = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let line_of = |offset: usize| feeds.partition_point(|&feed| feed < offset) + 1;
        let is_new = |range: TextRange| {
            let range = origin(range);
            let (first, last) = (line_of(range.start), line_of(range.end));
            changed.iter().any(|lines| lines.first <= last && first < lines.end)
        };
        found.retain(|diagnostic| {
            is_new(diagnostic.range) || diagnostic.related.iter().any(|label| is_new(label.range))
        });
    }
}

/// Whether a file is a draft that a walk from one of `roots` would find.
fn is_meant(file: &Path, roots: &[PathBuf], configs: &mut Configs) -> Result<bool> {
    if roots.iter().any(|root| root == file) {
        return Ok(true);
    }
    let Some(root) = roots.iter().find(|root| file.starts_with(root)) else { return Ok(false) };
    let below = file.strip_prefix(root).unwrap_or(file);
    if !has_draft_name(file) || below.iter().any(is_hidden_name) {
        return Ok(false);
    }
    Ok(!configs.of_folder(file.parent().unwrap_or(file))?.leaves_out_file(file))
}
