//! The server: what it knows, and what it does about each message and event.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use gen_lsp_types::{CompletionParams, DocumentSymbolParams, HoverParams, TextDocumentIdentifier};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::buffer::Buffer;
use super::client::{Client, Introduction, Settings};
use super::command::{Asked, Ticket};
use super::documents::Open;
use super::query::Query;
use super::show::Page;
use super::task::{Action, Checked, Event, Setup, Task};
use super::wire::{self, Failure, Id, Message, Params};
use super::{ALLOW, CHECK_FOLDER, FILL_ALL, SOURCE, action};
use crate::diagnostic::Lang;
use crate::text::PositionEncoding;

/// The state of a session.
#[derive(Debug)]
pub struct Server {
    stage: Stage,
    pub(super) client: Arc<Client>,
    pub(super) setup: Setup,
    pub(super) lang: Lang,
    /// The URI of the folder in which the rules are explained.
    pub(super) explanations: Option<String>,
    pub(super) documents: HashMap<String, Open>,
    /// The last revision of any document.
    pub(super) revision: u64,
    /// Questions that wait for a document to be checked.
    pub(super) waiting: Vec<Waiting>,
    /// Requests to the client that have no answer yet.
    pub(super) asked: HashMap<i64, Asked>,
    /// Tasks whose end somebody waits for.
    pub(super) tickets: HashMap<u64, Ticket>,
    /// Numbers requests and tasks.
    last_number: i64,
    /// Files that are not open for which findings are shown.
    pub(super) shown: BTreeSet<String>,
    /// Whether a folder has been checked, so that findings are expected for files that are not open.
    pub(super) folder_is_checked: bool,
    out: Vec<Action>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// `initialize` has not come yet.
    New,
    Running,
    /// `shutdown` has; nothing but `exit` is to come.
    Closing,
}

/// A question that has no answer yet.
#[derive(Debug)]
pub(super) struct Waiting {
    pub id: Id,
    pub uri: String,
    pub query: Query,
}

/// A document that has been checked, with all that an answer about it is made of.
pub(super) struct View<'a> {
    pub version: i32,
    pub buffer: &'a Buffer,
    pub checked: &'a Checked,
    pub page: Page<'a>,
    pub lang: Lang,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    text_document: TextDocumentIdentifier,
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Server {
    /// A server to which nobody has spoken yet.
    pub fn new() -> Self {
        Self {
            stage: Stage::New,
            client: Arc::new(Client::new(&Value::Null)),
            setup: Setup::default(),
            lang: Lang::En,
            explanations: None,
            documents: HashMap::new(),
            revision: 0,
            waiting: Vec::new(),
            asked: HashMap::new(),
            tickets: HashMap::new(),
            last_number: 0,
            shown: BTreeSet::new(),
            folder_is_checked: false,
            out: Vec::new(),
        }
    }

    /// What is to be done about a message.
    pub fn receive(&mut self, message: Message) -> Vec<Action> {
        match message {
            Message::Request { id, method, params } => self.request(id, &method, &params),
            Message::Notification { method, params } => self.notified(&method, &params),
            Message::Response { id, result } => self.answered(&id, &result),
        }
        std::mem::take(&mut self.out)
    }

    /// What is to be done about an event.
    pub fn happened(&mut self, event: Event) -> Vec<Action> {
        match event {
            Event::Configured { lang, pages } => {
                self.lang = lang;
                self.explanations = pages;
            }
            Event::Checked { uri, revision, outcome } => self.checked(&uri, revision, outcome),
            Event::Prepared { uri, revision, remedies } => self.prepared(&uri, revision, remedies),
            Event::Allowed { ticket, outcome } => self.allowed(ticket, outcome),
            Event::Progress { ticket, done, total } => self.progressed(ticket, done, total),
            Event::FolderChecked { ticket, outcome } => self.folder_checked(ticket, outcome),
        }
        std::mem::take(&mut self.out)
    }

    fn request(&mut self, id: Id, method: &str, params: &Params) {
        match (self.stage, method) {
            (Stage::New, "initialize") => self.initialize(&id, params),
            (Stage::New, _) => {
                self.refuse(&id, Failure::NOT_INITIALIZED, "initialize has not been sent yet");
            }
            (Stage::Running, "initialize") => {
                self.refuse(&id, Failure::INVALID_REQUEST, "initialize has been sent before");
            }
            (Stage::Running, _) => self.serve(id, method, params),
            (Stage::Closing, _) => {
                self.refuse(&id, Failure::INVALID_REQUEST, "the server is shutting down");
            }
        }
    }

    fn serve(&mut self, id: Id, method: &str, params: &Params) {
        match method {
            "shutdown" => {
                self.stage = Stage::Closing;
                self.cancel_all();
                self.answer(&id, &Value::Null);
            }
            "textDocument/hover" => self.ask(id, params, |params: HoverParams| {
                let at = params.text_document_position_params;
                (at.text_document, Query::Hover(at.position))
            }),
            "textDocument/completion" => self.ask(id, params, |params: CompletionParams| {
                let at = params.text_document_position_params;
                (at.text_document, Query::Completion(at.position))
            }),
            "textDocument/documentSymbol" => {
                self.ask(id, params, |params: DocumentSymbolParams| (params.text_document, Query::Symbols));
            }
            "textDocument/codeAction" => self.ask(id, params, |request: action::Request| {
                (request.text_document.clone(), Query::Actions(request))
            }),
            "dinggao/holes" => {
                self.ask(id, params, |params: Document| (params.text_document, Query::Holes));
            }
            "workspace/executeCommand" => self.execute(&id, params),
            _ => self.refuse(&id, Failure::METHOD_NOT_FOUND, format!("there is no method {method}")),
        }
    }

    fn notified(&mut self, method: &str, params: &Params) {
        match (self.stage, method) {
            (stage, "exit") => {
                return self.out.push(Action::Exit(u8::from(stage != Stage::Closing)));
            }
            (Stage::Running, _) => {}
            _ => return,
        }
        let read = match method {
            "initialized" => {
                self.initialized();
                Ok(())
            }
            "textDocument/didOpen" => params.read().map(|params| self.open(params)),
            "textDocument/didChange" => params.read().map(|params| self.change(params)),
            "textDocument/didClose" => params.read().map(|params| self.close(&params)),
            "textDocument/didSave" => {
                self.saved();
                Ok(())
            }
            "workspace/didChangeConfiguration" => params.read().map(|params: Value| self.configured(&params)),
            "workspace/didChangeWorkspaceFolders" => params.read().map(|params| self.folders_changed(params)),
            "workspace/didChangeWatchedFiles" => params.read().map(|params| self.files_changed(params)),
            "$/cancelRequest" => params.read().map(|params| self.cancel(params)),
            "window/workDoneProgress/cancel" => params.read().map(|params| self.cancel_work(&params)),
            _ => Ok(()),
        };
        if let Err(error) = read {
            self.log(&format!("{method}: {error}"));
        }
    }

    fn initialize(&mut self, id: &Id, params: &Params) {
        let introduction: Introduction = match params.read() {
            Ok(introduction) => introduction,
            Err(error) => return self.refuse(id, Failure::INVALID_PARAMS, error.to_string()),
        };
        self.stage = Stage::Running;
        self.client = Arc::new(Client::new(&introduction.capabilities));
        self.setup = Setup {
            folders: introduction.folders(),
            settings: Settings::read(&introduction.initialization_options),
            locale: introduction.locale,
        };
        let result = json!({
            "capabilities": capabilities(self.client.encoding),
            "serverInfo": {"name": SOURCE, "version": env!("CARGO_PKG_VERSION")},
        });
        self.answer(id, &result);
        self.configure();
    }

    fn initialized(&mut self) {
        if !self.client.watches {
            return;
        }
        let watcher = |pattern: &str| json!({"globPattern": pattern});
        let registration = json!({"registrations": [{
            "id": "files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": {"watchers": [watcher("**/*.toml"), watcher("**/*.{txt,md,markdown}")]},
        }]});
        self.ask_client("client/registerCapability", &registration, Asked::Nothing);
    }

    /// Reads the configuration anew, and checks every document with it.
    pub(super) fn configure(&mut self) {
        self.out.push(Action::Do(Task::Configure(self.setup.clone())));
        let uris: Vec<String> = self.documents.keys().cloned().collect();
        for uri in uris {
            self.check(&uri);
        }
    }

    /// Answers a question about a document, at once if it has been checked.
    fn ask<P: DeserializeOwned>(
        &mut self,
        id: Id,
        params: &Params,
        question: impl FnOnce(P) -> (TextDocumentIdentifier, Query),
    ) {
        match params.read() {
            Ok(params) => {
                let (document, query) = question(params);
                self.inquire(Waiting { id, uri: document.uri.0, query });
            }
            Err(error) => self.refuse(&id, Failure::INVALID_PARAMS, error.to_string()),
        }
    }

    pub(super) fn inquire(&mut self, waiting: Waiting) {
        if self.documents.contains_key(&waiting.uri) {
            self.waiting.push(waiting);
            self.answer_waiting();
        } else {
            let message = format!("{} is not open", waiting.uri);
            self.refuse(&waiting.id, Failure::INVALID_PARAMS, message);
        }
    }

    /// A document as it was checked, if that is how it still is.
    pub(super) fn view(&self, uri: &str) -> Option<View<'_>> {
        let (uri, open) = self.documents.get_key_value(uri)?;
        let page = Page {
            uri,
            places: open.buffer.places(),
            client: &self.client,
            explanations: self.explanations.as_deref(),
        };
        let checked = open.checked.as_deref()?;
        Some(View { version: open.version, buffer: &open.buffer, checked, page, lang: self.lang })
    }

    /// Answers the questions that can be.
    pub(super) fn answer_waiting(&mut self) {
        for waiting in std::mem::take(&mut self.waiting) {
            if let Some(waiting) = self.attempt(waiting) {
                self.waiting.push(waiting);
            }
        }
    }

    /// Answers a question, or gives it back if that has to wait.
    fn attempt(&mut self, waiting: Waiting) -> Option<Waiting> {
        let Some(view) = self.view(&waiting.uri) else { return Some(waiting) };
        let needs_remedies = match &waiting.query {
            Query::Actions(request) => view.needs_remedies(request),
            Query::Completion(position) => view.hole_at(*position).is_some(),
            Query::FillAll => true,
            _ => false,
        };
        let remedies = self.documents.get(&waiting.uri).and_then(|open| open.remedies.clone());
        if needs_remedies && remedies.is_none() {
            self.prepare(&waiting.uri);
            return Some(waiting);
        }
        let remedies = remedies.as_deref();
        let values = remedies.and_then(|remedies| remedies.values.as_deref().ok()).unwrap_or_default();
        let id = &waiting.id;
        let body = match &waiting.query {
            Query::Hover(position) => wire::answer(id, &view.hover(*position)),
            Query::Symbols => wire::answer(id, &view.symbols()),
            Query::Holes => wire::answer(id, &view.holes()),
            Query::Actions(request) => {
                let fixes = remedies.map_or(&[][..], |remedies| &remedies.fixes);
                wire::answer(id, &view.actions(request, values, fixes))
            }
            Query::Completion(position) => wire::answer(id, &view.completion(*position, values)),
            Query::FillAll => {
                match remedies.map(|remedies| &remedies.values) {
                    Some(Err(error)) => self.refuse(id, Failure::REQUEST_FAILED, error),
                    _ => self.fill_all(waiting, values),
                }
                return None;
            }
            Query::Allow(_) => {
                self.allow(waiting);
                return None;
            }
        };
        self.send(body);
        None
    }

    /// The client has changed its mind about a request.
    fn cancel(&mut self, params: gen_lsp_types::CancelParams) {
        let id = Id::from(params.id);
        if let Some(at) = self.waiting.iter().position(|waiting| waiting.id == id) {
            self.waiting.remove(at);
            self.refuse(&id, Failure::CANCELLED, "cancelled by the client");
        } else {
            self.cancel_ticket(&id);
        }
    }

    pub(super) fn send(&mut self, body: Vec<u8>) {
        self.out.push(Action::Send(body));
    }

    pub(super) fn act(&mut self, task: Task) {
        self.out.push(Action::Do(task));
    }

    pub(super) fn answer(&mut self, id: &Id, result: &Value) {
        self.send(wire::answer(id, result));
    }

    pub(super) fn refuse(&mut self, id: &Id, code: i32, message: impl Into<String>) {
        self.send(wire::refusal(id, &Failure::new(code, message)));
    }

    pub(super) fn notify(&mut self, method: &str, params: &impl serde::Serialize) {
        self.send(wire::notification(method, params));
    }

    /// Asks the client for something.
    pub(super) fn ask_client(&mut self, method: &str, params: &Value, asked: Asked) {
        let id = self.number();
        self.asked.insert(id, asked);
        self.send(wire::request(id, method, params));
    }

    pub(super) fn number(&mut self) -> i64 {
        self.last_number += 1;
        self.last_number
    }

    /// Says in the log of the client what went wrong.
    pub(super) fn log(&mut self, message: &str) {
        self.notify("window/logMessage", &json!({"type": 2, "message": message}));
    }
}

/// What the server can do.
fn capabilities(encoding: PositionEncoding) -> Value {
    let encoding = match encoding {
        PositionEncoding::Utf8 => "utf-8",
        PositionEncoding::Utf32 => "utf-32",
        PositionEncoding::Utf16 | PositionEncoding::Grapheme => "utf-16",
    };
    json!({
        "positionEncoding": encoding,
        // 2: changes come in parts
        "textDocumentSync": {"openClose": true, "change": 2, "save": true},
        "hoverProvider": true,
        "completionProvider": {},
        "documentSymbolProvider": true,
        "codeActionProvider": {"codeActionKinds": ["quickfix", action::FIX_ALL]},
        "executeCommandProvider": {"commands": [CHECK_FOLDER, ALLOW, FILL_ALL]},
        "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
    })
}
