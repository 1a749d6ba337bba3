//! Files that hold for all that is below their folder, such as `dinggao.toml`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Finds the nearest file of a name, in a folder or above it. No folder is looked into twice.
pub(super) struct Nearest {
    name: &'static str,
    known: HashMap<PathBuf, Option<PathBuf>>,
}

impl Nearest {
    /// Looks for files called `name`.
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, known: HashMap::new() }
    }

    /// The file that holds for `folder`, which must be absolute.
    pub(super) fn of(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let here = folder.join(self.name);
        let found =
            if here.is_file() { Some(here) } else { folder.parent().and_then(|above| self.of(above)) };
        self.known.insert(folder.to_owned(), found.clone());
        found
    }
}
