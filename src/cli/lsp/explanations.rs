//! Pages about rules, for the links behind their ids.

use std::fs;
use std::sync::Arc;

use tempfile::TempDir;

use super::uri;
use crate::diagnostic::Lang;
use crate::lsp::page;
use crate::rule::Catalog;

/// A folder of pages, which goes when the server does.
pub(super) struct Explanations {
    folder: Option<TempDir>,
    /// The rules that have been explained last, and in which language.
    written: Option<(Arc<Catalog>, Lang)>,
}

impl Explanations {
    /// An empty folder; where there can be none, nothing is ever written.
    pub(super) fn new() -> Self {
        Self { folder: TempDir::with_prefix("dinggao-").ok(), written: None }
    }

    /// The URI of the folder. The page of a rule is `family/name.md`.
    pub(super) fn uri(&self) -> Option<String> {
        self.folder.as_ref().map(|folder| uri::of_path(folder.path()))
    }

    /// Writes a page for each rule, unless they are there. A page that cannot be written is a link that leads nowhere,
    /// which nobody need be told.
    pub(super) fn write(&mut self, catalog: &Arc<Catalog>, lang: Lang) {
        let Some(folder) = &self.folder else { return };
        let is_written =
            |(known, spoken): &(Arc<Catalog>, Lang)| Arc::ptr_eq(known, catalog) && *spoken == lang;
        if self.written.as_ref().is_some_and(is_written) {
            return;
        }
        for rule in catalog.definitions() {
            let path = folder.path().join(format!("{}.md", rule.id));
            let _ = path.parent().map(fs::create_dir_all);
            let _ = fs::write(path, page(rule, lang));
        }
        self.written = Some((Arc::clone(catalog), lang));
    }
}
