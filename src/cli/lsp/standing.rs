//! What holds for a document: its rules, its format, what is allowed in it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::uri;
use crate::cli::acceptance::{AllowFile, AllowFiles, today};
use crate::cli::settings::Configs;
use crate::cli::walk::has_draft_name;
use crate::diagnostic::{Applicability, Edit, Lang};
use crate::document::{Document, Format};
use crate::lsp::{Checked, Job, Setup};
use crate::rule::{Catalog, RuleSet};
use crate::{fill, lint};

/// What holds for a document.
pub(super) struct Standing {
    /// The file, if it is one.
    pub(super) path: Option<PathBuf>,
    pub(super) format: Format,
    pub(super) rules: Arc<RuleSet>,
    pub(super) catalog: Arc<Catalog>,
    allow: Option<Arc<AllowFile>>,
    /// Whether the configuration leaves it out.
    excluded: bool,
}

impl Standing {
    /// What makes all safe fixes in a text of the document.
    pub(super) fn fixes(checked: &Checked) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        for fix in checked.findings.iter().filter_map(|finding| finding.fix.as_ref()) {
            let is_free = |edit: &Edit| {
                edits
                    .iter()
                    .all(|other| edit.range.start >= other.range.end || edit.range.end <= other.range.start)
            };
            if fix.applicability == Applicability::Safe && fix.edits.iter().all(is_free) {
                edits.extend(fix.edits.iter().cloned());
            }
        }
        edits.sort_by_key(|edit| edit.range);
        edits
    }

    /// What check says of a text of the document.
    pub(super) fn check(&self, text: &str) -> Checked {
        if self.excluded {
            return Checked::nothing(self.format);
        }
        let document = Document::new(text.to_owned(), self.format);
        let mut found = lint(&document, &self.rules);
        let holes = fill::holes(text, &found);
        if let (Some(allow), Some(path)) = (&self.allow, &self.path) {
            allow.apply(path, text, &self.rules, today(), &mut found);
        }
        Checked::new(self.format, found, holes, Arc::clone(&self.catalog))
    }
}

/// What holds for every document, as far as it has been asked for.
pub(super) struct Standings {
    configs: Configs,
    allow_files: AllowFiles,
    folder: Option<PathBuf>,
    known: HashMap<String, Arc<Standing>>,
    /// The rules of each set.
    catalogs: Vec<(Arc<RuleSet>, Arc<Catalog>)>,
}

impl Standings {
    /// Nothing asked for yet. Without `configured`, no configuration file is looked at.
    pub(super) fn new(configured: bool, setup: &Setup, lang: Lang) -> Result<Self> {
        let folder = setup.folders.first().and_then(|folder| uri::to_path(folder));
        Ok(Self {
            configs: Configs::new(configured, lang)?,
            allow_files: AllowFiles::new(configured, lang),
            folder: folder.map(|folder| canonical(&folder)),
            known: HashMap::new(),
            catalogs: Vec::new(),
        })
    }

    /// The language that the configuration of the folder asks for.
    pub(super) fn configured_lang(&mut self) -> Option<Lang> {
        let settings = match &self.folder {
            Some(folder) => self.configs.of_folder(folder),
            None => self.configs.here(),
        };
        // what is wrong with it is told for each document
        settings.ok()?.lang()
    }

    /// Says in which language findings are told from here on.
    pub(super) fn speak(&mut self, lang: Lang) {
        self.configs.speak(lang);
        self.allow_files.speak(lang);
    }

    /// The workspace folder.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Forgets a document.
    pub(super) fn forget(&mut self, uri: &str) {
        self.known.remove(uri);
    }

    /// What holds for a document.
    ///
    /// # Errors
    /// If the configuration cannot be used; says where and why.
    pub(super) fn of(&mut self, job: &Job) -> Result<Arc<Standing>> {
        if let Some(known) = self.known.get(&job.uri) {
            return Ok(Arc::clone(known));
        }
        let path = uri::to_path(&job.uri).map(|path| canonical(&path));
        // what has never been saved would be saved there
        let file = path.clone().or_else(|| Some(self.folder.as_ref()?.join("untitled")));
        let rules = self.configs.rules(file.as_deref())?;
        let catalog = self.catalog(&rules, file.as_deref())?;
        let (mut allow, mut excluded) = (None, false);
        if let Some((path, folder)) = path.as_deref().and_then(|path| Some((path, path.parent()?))) {
            excluded = self.configs.of_folder(folder)?.leaves_out_file(path);
            allow = self.allow_files.of(folder)?;
        }
        let format = format(&job.language, path.as_deref());
        let standing = Arc::new(Standing { path, format, rules, catalog, allow, excluded });
        self.known.insert(job.uri.clone(), Arc::clone(&standing));
        Ok(standing)
    }

    fn catalog(&mut self, rules: &Arc<RuleSet>, file: Option<&Path>) -> Result<Arc<Catalog>> {
        if let Some((_, known)) = self.catalogs.iter().find(|(known, _)| Arc::ptr_eq(known, rules)) {
            return Ok(Arc::clone(known));
        }
        let catalog = Arc::new(self.configs.catalog(file)?);
        self.catalogs.push((Arc::clone(rules), Arc::clone(&catalog)));
        Ok(catalog)
    }
}

/// The name of the file says how it is written, as it does for `check`; where it does not, the client knows.
fn format(language: &str, path: Option<&Path>) -> Format {
    match path.filter(|path| has_draft_name(path)) {
        Some(path) => Format::of_file_name(&path.to_string_lossy()),
        None if language == "markdown" => Format::Markdown,
        None => Format::Plain,
    }
}

/// Where a file is, whatever links lead there, even if it is not there yet.
pub(super) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).join(name),
        _ => path.to_owned(),
    })
}
