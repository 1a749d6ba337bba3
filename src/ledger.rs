//! A file of entries about drafts: a baseline, a file of allowances.

use std::collections::BTreeMap;

use crate::rule::SourceFile;

/// What such a file says, by draft.
#[derive(Debug)]
pub struct Ledger<E> {
    source: SourceFile,
    by_path: BTreeMap<String, Vec<E>>,
}

impl<E> Ledger<E> {
    /// A file with these entries, each with the draft that it is about.
    pub(crate) fn new(source: SourceFile, entries: impl IntoIterator<Item = (String, E)>) -> Self {
        let mut by_path: BTreeMap<String, Vec<E>> = BTreeMap::new();
        for (path, entry) in entries {
            by_path.entry(path).or_default().push(entry);
        }
        Self { source, by_path }
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The drafts that it has entries for, from its folder, with slashes; in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(String::as_str)
    }

    /// The entries of a draft, in the order of the file.
    pub fn entries(&self, path: &str) -> &[E] {
        self.by_path.get(path).map_or(&[], Vec::as_slice)
    }
}
