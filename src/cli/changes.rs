//! `--since` and `--staged`: only what has changed.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::args::CheckArgs;
use super::git::{Changed, Lines, Repository};
use super::settings::{Configs, from_here};
use super::walk::{self, Draft, Found, display_name, has_draft_name, io_error, is_hidden_name};
use crate::diagnostic::{Diagnostic, Lang};
use crate::text::TextRange;

/// What has changed, by absolute path.
pub(super) struct Changes {
    files: HashMap<PathBuf, Option<Vec<Lines>>>,
    repository: Repository,
    /// The commit since which it has; without one it is staged, and not to be read from the work tree.
    base: Option<String>,
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
        let base = args.since.as_ref().map(|revision| repository.base(revision)).transpose()?;
        let changed = repository.changed(base.as_deref())?;
        let files = changed.into_iter().map(|Changed { path, lines }| (path, lines)).collect();
        Ok(Some(Self { files, repository, base }))
    }

    /// The drafts among what has changed that `paths` stand for, with their staged content if that is to be checked.
    ///
    /// # Errors
    /// If the configuration of a folder cannot be used, or git fails.
    pub(super) fn drafts(&self, paths: &[PathBuf], configs: &mut Configs, lang: Lang) -> Result<Found> {
        let (roots, errors) = roots(paths, lang);
        let mut drafts = Vec::new();
        for file in self.files.keys() {
            if is_meant(file, &roots, configs)? && (self.is_staged() || file.is_file()) {
                drafts.push(draft(file));
            }
        }
        self.load(drafts.iter_mut())?;
        drafts.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(Found { drafts, errors })
    }

    /// The drafts that `paths` stand for and that have not changed. [`Changes::load`] has to see them before they are
    /// read.
    ///
    /// # Errors
    /// As for [`Changes::drafts`].
    pub(super) fn others(&self, paths: &[PathBuf], configs: &mut Configs, lang: Lang) -> Result<Vec<Draft>> {
        let mut others = Vec::new();
        if self.is_staged() {
            let (roots, _) = roots(paths, lang);
            for file in self.repository.all_staged()? {
                if is_meant(&file, &roots, configs)? {
                    others.push(draft(&file));
                }
            }
        } else {
            others = walk::find(paths, configs, lang)?.drafts;
        }
        let has_changed =
            |draft: &Draft| draft.absolute.as_ref().is_some_and(|at| self.files.contains_key(at));
        others.retain(|draft| !has_changed(draft));
        Ok(others)
    }

    /// Sees to it that drafts are read as they are staged, if that is to be checked.
    ///
    /// # Errors
    /// If git fails.
    pub(super) fn load<'d>(&self, drafts: impl Iterator<Item = &'d mut Draft>) -> Result<()> {
        if !self.is_staged() {
            return Ok(());
        }
        let (mut drafts, mut files) = (drafts.collect::<Vec<_>>(), Vec::new());
        drafts.retain(|draft| draft.content.is_none());
        files.extend(drafts.iter().filter_map(|draft| draft.absolute.clone()));
        let contents = self.repository.staged_contents(&files)?;
        drafts.into_iter().zip(contents).for_each(|(draft, content)| draft.content = Some(content));
        Ok(())
    }

    /// The files that are gone by the change.
    ///
    /// # Errors
    /// If git fails.
    pub(super) fn removed(&self) -> Result<HashSet<PathBuf>> {
        Ok(self.repository.removed(self.base.as_deref())?.into_iter().collect())
    }

    fn is_staged(&self) -> bool {
        self.base.is_none()
    }

    /// Keeps the findings that begin or end on lines that have changed, or that a place on such a line belongs to.
    pub(super) fn retain(&self, file: &Path, text: &str, found: &mut Vec<Diagnostic>) {
        let Some(Some(changed)) = self.files.get(file) else { return };
        let feeds: Vec<usize> = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let line_of = |offset: usize| feeds.partition_point(|&feed| feed < offset) + 1;
        let is_new = |range: TextRange| {
            let (first, last) = (line_of(range.start), line_of(range.end));
            changed.iter().any(|lines| lines.first <= last && first < lines.end)
        };
        found.retain(|diagnostic| {
            is_new(diagnostic.range) || diagnostic.related.iter().any(|label| is_new(label.range))
        });
    }
}

/// A file with its name as seen from here.
fn draft(file: &Path) -> Draft {
    let path = from_here(file);
    let name = display_name(&path);
    Draft { path: Some(path), name, absolute: Some(file.to_owned()), named: false, content: None }
}

/// The paths of the command line, absolute, and what is wrong with those that are not there.
fn roots(paths: &[PathBuf], lang: Lang) -> (Vec<PathBuf>, Vec<String>) {
    let (mut roots, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        match fs::canonicalize(path) {
            Ok(root) => roots.push(root),
            Err(error) => errors.push(format!("{}: {}", path.display(), io_error(&error, lang))),
        }
    }
    (roots, errors)
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
