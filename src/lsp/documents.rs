//! Open documents: their text, and what was found in it.

use std::sync::Arc;

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, FileChangeType, PublishDiagnosticsParams,
};
use serde::Serialize;
use serde_json::Value;

use super::SOURCE;
use super::buffer::Buffer;
use super::client::Settings;
use super::server::Server;
use super::task::{Checked, Counts, Job, Remedies, Task};
use super::wire::Failure;

/// A document that is open in the client.
#[derive(Debug)]
pub(super) struct Open {
    /// The client's number for its text.
    pub version: i32,
    language: String,
    /// The server's own number for its text and the configuration.
    revision: u64,
    pub buffer: Buffer,
    /// What was found in this revision.
    pub checked: Option<Arc<Checked>>,
    /// What could be done to it, while somebody wants to know.
    pub remedies: Option<Arc<Remedies>>,
    /// Whether that is being found out.
    is_preparing: bool,
}

/// `dinggao/status`: what is left in a document.
#[derive(Serialize)]
struct Status<'a> {
    uri: &'a str,
    version: i32,
    #[serde(flatten)]
    counts: Counts,
}

impl Server {
    pub(super) fn open(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let open = Open {
            version: document.version,
            language: document.language_id.into(),
            revision: 0,
            buffer: Buffer::new(document.text, self.client.encoding),
            checked: None,
            remedies: None,
            is_preparing: false,
        };
        let uri = document.uri.0;
        self.shown.remove(&uri);
        self.documents.insert(uri.clone(), open);
        self.check(&uri);
    }

    pub(super) fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.text_document_identifier.uri.0;
        let Some(open) = self.documents.get_mut(&uri) else {
            return self.log(&format!("textDocument/didChange: {uri} is not open"));
        };
        open.version = params.text_document.version;
        open.buffer.change(params.content_changes);
        self.refuse_questions(&uri, Failure::CONTENT_MODIFIED, "the document has changed");
        self.check(&uri);
    }

    pub(super) fn close(&mut self, params: &DidCloseTextDocumentParams) {
        let uri = &params.text_document.uri.0;
        if self.documents.remove(uri).is_none() {
            return self.log(&format!("textDocument/didClose: {uri} is not open"));
        }
        let is_of_it = |waiting: &super::server::Waiting| waiting.uri == *uri;
        while let Some(at) = self.waiting.iter().position(is_of_it) {
            let waiting = self.waiting.remove(at);
            self.refuse(&waiting.id, Failure::CONTENT_MODIFIED, "the document has been closed");
        }
        self.act(Task::Forget(uri.clone()));
        self.publish(uri, None, Vec::new());
        if self.folder_is_checked {
            self.check_files(vec![uri.clone()]);
        }
    }

    /// A client that does not watch files may have changed the configuration.
    pub(super) fn saved(&mut self) {
        if !self.client.watches {
            self.configure();
        }
    }

    pub(super) fn configured(&mut self, params: &Value) {
        let settings = params.get("settings").unwrap_or(&Value::Null);
        let settings = Settings::read(settings);
        if settings != self.setup.settings {
            self.setup.settings = settings;
            self.configure();
        }
    }

    pub(super) fn folders_changed(&mut self, params: DidChangeWorkspaceFoldersParams) {
        let folders = &mut self.setup.folders;
        folders.retain(|uri| !params.event.removed.iter().any(|folder| folder.uri.0 == *uri));
        folders.extend(params.event.added.into_iter().map(|folder| folder.uri.0));
        self.configure();
    }

    /// Files have changed beside the client: those of the configuration concern all documents.
    pub(super) fn files_changed(&mut self, params: DidChangeWatchedFilesParams) {
        let is_toml = |uri: &str| uri.to_ascii_lowercase().ends_with(".toml");
        if params.changes.iter().any(|change| is_toml(&change.uri.0)) {
            self.configure();
        }
        let mut changed = Vec::new();
        for change in params.changes {
            if !self.shown.contains(&change.uri.0) {
                continue;
            }
            if change.kind == FileChangeType::Deleted || is_toml(&change.uri.0) {
                self.shown.remove(&change.uri.0);
                self.publish(&change.uri.0, None, Vec::new());
            } else {
                changed.push(change.uri.0);
            }
        }
        if !changed.is_empty() {
            self.check_files(changed);
        }
    }

    /// Has the newest version of a document checked.
    pub(super) fn check(&mut self, uri: &str) {
        self.revision += 1;
        let Some(open) = self.documents.get_mut(uri) else { return };
        open.revision = self.revision;
        open.checked = None;
        open.remedies = None;
        open.is_preparing = false;
        let job = open.job(uri);
        self.act(Task::Check(job));
    }

    /// Shows what was found, unless the document has changed since.
    pub(super) fn checked(&mut self, uri: &str, revision: u64, outcome: Result<Checked, String>) {
        let Some(open) = self.documents.get_mut(uri).filter(|open| open.revision == revision) else { return };
        let version = open.version;
        let (checked, trouble) = match outcome {
            Ok(checked) => (checked, None),
            Err(trouble) => (Checked::nothing(crate::document::Format::Plain), Some(trouble)),
        };
        let mut counts = checked.counts();
        open.checked = Some(Arc::new(checked));
        let mut shown = match self.view(uri) {
            Some(view) => view.page.findings(&view.checked.findings),
            None => Vec::new(),
        };
        if let Some(trouble) = trouble {
            counts.errors += 1;
            shown.push(unchecked(trouble));
        }
        self.publish(uri, Some(version), shown);
        self.notify("dinggao/status", &Status { uri, version, counts });
        self.answer_waiting();
    }

    /// Has it found out what could be done to a document.
    pub(super) fn prepare(&mut self, uri: &str) {
        let Some(open) = self.documents.get_mut(uri) else { return };
        if !std::mem::replace(&mut open.is_preparing, true) {
            let job = open.job(uri);
            self.act(Task::Prepare(job));
        }
    }

    /// Answers the questions that have waited for it. The next ones are not answered with the same: files change.
    pub(super) fn prepared(&mut self, uri: &str, revision: u64, remedies: Remedies) {
        let of_revision = |open: &&mut Open| open.revision == revision;
        let Some(open) = self.documents.get_mut(uri).filter(of_revision) else { return };
        open.remedies = Some(Arc::new(remedies));
        self.answer_waiting();
        if let Some(open) = self.documents.get_mut(uri) {
            open.remedies = None;
            open.is_preparing = false;
        }
    }

    pub(super) fn publish(
        &mut self,
        uri: &str,
        version: Option<i32>,
        diagnostics: Vec<gen_lsp_types::Diagnostic>,
    ) {
        let params = PublishDiagnosticsParams { uri: uri.into(), version, diagnostics };
        self.notify("textDocument/publishDiagnostics", &params);
    }

    /// Turns away the questions about places in a version that is gone.
    fn refuse_questions(&mut self, uri: &str, code: i32, message: &str) {
        let is_stale = |waiting: &super::server::Waiting| waiting.uri == uri && waiting.query.is_of_a_place();
        while let Some(at) = self.waiting.iter().position(is_stale) {
            let waiting = self.waiting.remove(at);
            self.refuse(&waiting.id, code, message);
        }
    }
}

impl Open {
    fn job(&self, uri: &str) -> Job {
        Job {
            uri: uri.to_owned(),
            revision: self.revision,
            language: self.language.clone(),
            text: self.buffer.text().to_owned(),
        }
    }
}

/// What is shown in place of findings when there can be none: nobody is to think that the draft is clean.
fn unchecked(trouble: String) -> gen_lsp_types::Diagnostic {
    gen_lsp_types::Diagnostic {
        severity: Some(gen_lsp_types::DiagnosticSeverity::Error),
        source: Some(SOURCE.to_owned()),
        message: gen_lsp_types::Message::String(trouble),
        range: gen_lsp_types::Range::default(),
        code: None,
        code_description: None,
        tags: None,
        related_information: None,
        data: None,
    }
}
