//! Which paths `.gitignore` files leave out.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The patterns in force at one place of a walk: the innermost file that says something decides.
pub(super) struct Ignores {
    /// Patterns from outside the walk, the weakest first: `.git/info/exclude`, then the `.gitignore` files from the
    /// root of the repository down to the parent of the folder walked.
    outer: Vec<Gitignore>,
    /// Patterns of the folders that the walk is in, each with the folder's depth.
    inner: Vec<(usize, Gitignore)>,
}

impl Ignores {
    /// What is in force around `folder`, which must be absolute.
    pub(super) fn around(folder: &Path) -> Self {
        let mut outer = Vec::new();
        if let Some(repository) = repository_of(folder) {
            outer.extend(load(repository, &repository.join(".git/info/exclude")));
            let parents: Vec<&Path> =
                folder.ancestors().skip(1).take_while(|parent| parent.starts_with(repository)).collect();
            outer.extend(parents.iter().rev().filter_map(|parent| load(parent, &parent.join(".gitignore"))));
        }
        Self { outer, inner: Vec::new() }
    }

    /// Leaves every folder of `depth` or more: the walk goes on outside them.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.inner.last().is_some_and(|folder| folder.0 >= depth) {
            self.inner.pop();
        }
    }

    /// Takes the patterns of a folder at `depth` in.
    pub(super) fn enter(&mut self, folder: &Path, depth: usize) {
        self.inner.extend(load(folder, &folder.join(".gitignore")).map(|patterns| (depth, patterns)));
    }

    /// Whether an absolute path is left out. Whether the folders above it are must have been asked before.
    pub(super) fn leave_out(&self, path: &Path, is_folder: bool) -> bool {
        let inner = self.inner.iter().rev().map(|folder| &folder.1);
        let decision = inner
            .chain(self.outer.iter().rev())
            .map(|patterns| patterns.matched(path, is_folder))
            .find(|decision| !decision.is_none());
        decision.is_some_and(|decision| decision.is_ignore())
    }
}

/// The root of the repository that a folder belongs to.
fn repository_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|parent| parent.join(".git").exists())
}

/// The patterns of a file, which count from `folder`. A pattern that makes no sense is passed over, as git does.
fn load(folder: &Path, file: &PathBuf) -> Option<Gitignore> {
    if !file.is_file() {
        return None;
    }
    let mut builder = GitignoreBuilder::new(folder);
    let _ = builder.add(file);
    builder.build().ok().filter(|patterns| !patterns.is_empty())
}
