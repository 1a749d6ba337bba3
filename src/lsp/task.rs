//! What passes between the server and the world: what it wants to have done, and what has come of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gen_lsp_types::Diagnostic as Shown;
use serde::Serialize;

use super::client::{Client, Settings};
use crate::diagnostic::{Diagnostic, Edit, Lang, Severity};
use crate::document::Format;
use crate::fill::Hole;
use crate::rule::Catalog;

/// What the server wants to have done.
#[derive(Debug)]
pub enum Action {
    /// A message to the client: the body, without the header.
    Send(Vec<u8>),
    /// Work that touches the world or takes its time.
    Do(Task),
    /// The end of the program, with this exit status.
    Exit(u8),
}

/// Work for somebody else; most of it ends in an [`Event`].
#[derive(Debug)]
pub enum Task {
    /// Take the settings in and forget all that has been read of configuration.
    Configure(Setup),
    /// Check a document: [`Event::Checked`].
    Check(Job),
    /// Forget what is known of a document.
    Forget(String),
    /// Find out what could be done to a document: [`Event::Prepared`].
    Prepare(Job),
    /// Write into a file that findings are to be left alone: [`Event::Allowed`].
    Allow(Allow),
    /// Check all drafts in folders: [`Event::Progress`] and at last [`Event::FolderChecked`].
    CheckFolder(FolderJob),
}

/// What holds for the session.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The URIs of the folders that are open.
    pub folders: Vec<String>,
    /// What the user has set.
    pub settings: Settings,
    /// The locale of the client.
    pub locale: Option<String>,
}

/// A version of a document.
#[derive(Clone, Debug)]
pub struct Job {
    /// The document.
    pub uri: String,
    /// Goes up with every change of any document or of the configuration, and comes back with the result.
    pub revision: u64,
    /// What language the client says it is in.
    pub language: String,
    /// Its text.
    pub text: String,
}

/// Findings to be left alone.
#[derive(Debug)]
pub struct Allow {
    /// Comes back with the result.
    pub ticket: u64,
    /// The document.
    pub uri: String,
    /// Its text.
    pub text: String,
    /// What was found.
    pub findings: Vec<Diagnostic>,
    /// Why it is left alone.
    pub reason: String,
}

/// Folders to check.
#[derive(Debug)]
pub struct FolderJob {
    /// Comes back with the result.
    pub ticket: u64,
    /// URIs of folders or files.
    pub roots: Vec<String>,
    /// The documents that are open, whose text is not that of the file.
    pub open: BTreeMap<String, String>,
    /// How findings are to be shown.
    pub client: Arc<Client>,
    /// Becomes true when the result is not wanted any more.
    pub cancelled: Arc<AtomicBool>,
}

/// What has come of a [`Task`].
#[derive(Debug)]
pub enum Event {
    /// The settings have been taken in.
    Configured {
        /// The language that holds.
        lang: Lang,
        /// The URI of the folder in which the explanation of a rule is `family/name.md`.
        pages: Option<String>,
    },
    /// A document has been checked, or could not be for what it says.
    Checked {
        /// The document.
        uri: String,
        /// As in the [`Job`].
        revision: u64,
        /// What was found.
        outcome: Result<Checked, String>,
    },
    /// It is known what could be done to a document.
    Prepared {
        /// The document.
        uri: String,
        /// As in the [`Job`].
        revision: u64,
        /// What could be done.
        remedies: Remedies,
    },
    /// An allowance has been written, or could not be.
    Allowed {
        /// As in the [`Allow`].
        ticket: u64,
        /// What is wrong.
        outcome: Result<(), String>,
    },
    /// Files have been checked.
    Progress {
        /// As in the [`FolderJob`].
        ticket: u64,
        /// How many.
        done: usize,
        /// Of how many.
        total: usize,
    },
    /// All have been.
    FolderChecked {
        /// As in the [`FolderJob`].
        ticket: u64,
        /// What was found.
        outcome: FolderReport,
    },
}

/// What check says of a document.
#[derive(Debug)]
pub struct Checked {
    /// How it was read.
    pub format: Format,
    /// What was found in it, as `dinggao check` tells it.
    pub findings: Vec<Diagnostic>,
    /// What is to be filled in, in reading order.
    pub holes: Vec<Place>,
    /// The rules, for what they say of themselves.
    pub catalog: Arc<Catalog>,
}

/// A place to fill.
#[derive(Debug)]
pub struct Place {
    /// The hole.
    pub hole: Hole,
    /// Its finding in [`Checked::findings`].
    pub finding: usize,
}

impl Checked {
    /// Nothing, as in a document that is left out.
    pub fn nothing(format: Format) -> Self {
        Self { format, findings: Vec::new(), holes: Vec::new(), catalog: Arc::default() }
    }

    /// Pairs holes with their findings, of which there may be fewer: those that are allowed are gone.
    pub fn new(format: Format, findings: Vec<Diagnostic>, holes: Vec<Hole>, catalog: Arc<Catalog>) -> Self {
        let finding_of = |hole: &Hole| {
            let from = findings.partition_point(|finding| finding.range.start < hole.found.start);
            let near = findings[from..].iter().take_while(|finding| finding.range.start == hole.found.start);
            let is_same = |finding: &Diagnostic| {
                finding.range == hole.found
                    && finding.slot.as_ref().is_some_and(|slot| slot.fill == hole.range)
            };
            near.clone().position(is_same).map(|at| from + at)
        };
        let places = holes.into_iter().filter_map(|hole| Some(Place { finding: finding_of(&hole)?, hole }));
        let holes = places.collect();
        Self { format, findings, holes, catalog }
    }

    /// How much there is of what.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.findings, self.holes.len())
    }
}

/// What could be done to a document, as far as that takes more than its findings to know.
#[derive(Debug)]
pub struct Remedies {
    /// What there is to fill in, for each hole as [`Checked::holes`] has them; or what is wrong with the file.
    pub values: Result<Vec<Vec<String>>, String>,
    /// What makes all safe fixes, ascending and without overlap.
    pub fixes: Vec<Edit>,
}

/// How much has been found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// What must not go out.
    pub errors: usize,
    /// What is worth a look.
    pub warnings: usize,
    /// Hints.
    pub infos: usize,
    /// Places to fill, whatever their severity.
    pub holes: usize,
}

impl Counts {
    /// Counts findings; the number of holes is known.
    pub fn of(findings: &[Diagnostic], holes: usize) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.rule.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
            holes,
        }
    }

    /// Adds others.
    pub fn add(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.holes += other.holes;
    }
}

/// What came of checking folders.
#[derive(Debug, Default)]
pub struct FolderReport {
    /// How many files were checked.
    pub files: usize,
    /// What was found in all of them.
    pub counts: Counts,
    /// What is to be shown for files that are not open.
    pub shown: Vec<(String, Vec<Shown>)>,
    /// What could not be read: a URI where it has one, and why.
    pub unread: Vec<(Option<String>, String)>,
    /// Whether it was ended early.
    pub cancelled: bool,
}
