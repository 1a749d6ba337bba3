//! Commands, and everything else that is more than one question and one answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gen_lsp_types::{ExecuteCommandParams, ProgressToken, Range, TextEdit, WorkDoneProgressCancelParams};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::query::{AllowQuery, Query};
use super::server::{Server, Waiting};
use super::task::{Allow, FolderJob, FolderReport, Task};
use super::wire::{Failure, Id, Params};
use super::{ALLOW, CHECK_FOLDER, FILL_ALL};
use crate::diagnostic::{Diagnostic, Lang};

/// A request to the client: what its answer is for.
#[derive(Debug)]
pub(super) enum Asked {
    /// For nothing.
    Nothing,
    /// To know why a finding is to be left alone.
    Reason(Waiting),
    /// To know that an edit has been made.
    Filled { id: Id, filled: usize, left: usize },
    /// To be able to tell how far a check of folders has come.
    Progress(u64),
}

/// A task whose end somebody waits for.
#[derive(Debug)]
pub(super) struct Ticket {
    /// The request to be answered, if it is not the server that wants to know.
    id: Option<Id>,
    /// Becomes true to end it early.
    cancelled: Arc<AtomicBool>,
    /// What the client knows its progress by.
    token: Option<ProgressToken>,
}

#[derive(Deserialize)]
struct OfDocument {
    uri: String,
}

#[derive(Default, Deserialize)]
struct OfFolder {
    uri: Option<String>,
}

#[derive(Deserialize)]
struct OfFinding {
    uri: String,
    rule: String,
    range: Range,
    reason: Option<String>,
}

impl Server {
    pub(super) fn execute(&mut self, id: &Id, params: &Params) {
        let params: ExecuteCommandParams = match params.read() {
            Ok(params) => params,
            Err(error) => return self.refuse(id, Failure::INVALID_PARAMS, error.to_string()),
        };
        let token = params.work_done_progress_params.work_done_token;
        let first = params.arguments.and_then(|arguments| arguments.into_iter().next());
        let done = match params.command.as_str() {
            CHECK_FOLDER => argument(first.filter(|first| !first.is_null()).or_else(|| Some(json!({}))))
                .map(|OfFolder { uri }| self.check_folder(id.clone(), uri, token)),
            ALLOW => argument(first).map(|OfFinding { uri, rule, range, reason }| {
                let query = Query::Allow(AllowQuery { rule, range, reason });
                self.inquire(Waiting { id: id.clone(), uri, query });
            }),
            FILL_ALL => argument(first).map(|OfDocument { uri }| {
                self.inquire(Waiting { id: id.clone(), uri, query: Query::FillAll });
            }),
            other => Err(format!("there is no command {other}")),
        };
        if let Err(error) = done {
            self.refuse(id, Failure::INVALID_PARAMS, error);
        }
    }

    /// The client has answered, or could not.
    pub(super) fn answered(&mut self, id: &Id, result: &Params) {
        let Id::Number(number) = id else { return };
        match self.asked.remove(number) {
            None | Some(Asked::Nothing) => {}
            Some(Asked::Reason(waiting)) => self.reason_given(waiting, result),
            Some(Asked::Filled { id, filled, left }) => {
                let is_made = |answer: &Value| answer.get("applied").and_then(Value::as_bool);
                let made = result.read().ok().as_ref().and_then(is_made).unwrap_or(false);
                let (filled, left) = if made { (filled, left) } else { (0, filled + left) };
                self.answer(&id, &json!({"filled": filled, "left": left}));
            }
            Some(Asked::Progress(ticket)) => self.begin_progress(ticket),
        }
    }

    /// Leaves a finding alone, once it is known why.
    pub(super) fn allow(&mut self, waiting: Waiting) {
        let Query::Allow(query) = &waiting.query else { return };
        let Some(view) = self.view(&waiting.uri) else { return };
        let range = view.buffer.range(query.range);
        let is_meant = |finding: &&Diagnostic| finding.rule.id == query.rule && finding.range == range;
        let findings: Vec<Diagnostic> = view.checked.findings.iter().filter(is_meant).cloned().collect();
        let text = view.buffer.text().to_owned();
        if findings.is_empty() {
            let message = self.lang.pick("这里没有可豁免的问题", "there is nothing to allow here");
            return self.refuse(&waiting.id, Failure::REQUEST_FAILED, message);
        }
        let Some(reason) = query.reason.clone() else {
            let params = reason_question(&query.rule, self.lang);
            return self.ask_client("window/showMessageRequest", &params, Asked::Reason(waiting));
        };
        let ticket = self.ticket(Some(waiting.id), None).0;
        self.act(Task::Allow(Allow { ticket, uri: waiting.uri, text, findings, reason }));
    }

    fn reason_given(&mut self, mut waiting: Waiting, result: &Params) {
        let title = |answer: Value| answer.get("title").and_then(Value::as_str).map(str::to_owned);
        let given = result.read().ok().and_then(title);
        let Some(given) = given else {
            // nothing was chosen: nothing is done
            return self.answer(&waiting.id, &Value::Null);
        };
        if let Query::Allow(query) = &mut waiting.query {
            query.reason = Some(given);
        }
        self.inquire(waiting);
    }

    pub(super) fn allowed(&mut self, ticket: u64, outcome: Result<(), String>) {
        if let Some(Ticket { id: Some(id), .. }) = self.tickets.remove(&ticket) {
            match outcome {
                Ok(()) => self.answer(&id, &Value::Null),
                Err(error) => self.refuse(&id, Failure::REQUEST_FAILED, error),
            }
        }
        self.configure();
    }

    /// Puts all values into their holes.
    pub(super) fn fill_all(&mut self, waiting: Waiting, values: &[Vec<String>]) {
        let Some(view) = self.view(&waiting.uri) else { return };
        let mut edits = Vec::new();
        for (place, values) in view.checked.holes.iter().zip(values) {
            // of several that would do, a person chooses
            if let [value] = &**values {
                let range = view.page.places.range(place.hole.range);
                edits.push(TextEdit { range, new_text: value.clone() });
            }
        }
        let (filled, left) = (edits.len(), view.checked.holes.len() - edits.len());
        if filled == 0 {
            return self.answer(&waiting.id, &json!({"filled": 0, "left": left}));
        }
        let label = self.lang.pick("填入值文件里的值", "Fill in the values");
        let params = json!({"label": label, "edit": view.edit(edits)});
        self.ask_client("workspace/applyEdit", &params, Asked::Filled { id: waiting.id, filled, left });
    }

    fn check_folder(&mut self, id: Id, uri: Option<String>, token: Option<ProgressToken>) {
        let has_token = token.is_some();
        let (ticket, cancelled) = self.ticket(Some(id), token);
        if has_token {
            self.begin_progress(ticket);
        } else if self.client.progress {
            let token = format!("dinggao-{ticket}");
            let params = json!({"token": token});
            self.ask_client("window/workDoneProgress/create", &params, Asked::Progress(ticket));
        }
        let roots = uri.map_or_else(|| self.setup.folders.clone(), |uri| vec![uri]);
        self.begin_check(ticket, roots, cancelled);
    }

    /// Checks files anew that have changed while their findings are shown; nobody waits for it.
    pub(super) fn check_files(&mut self, uris: Vec<String>) {
        let (ticket, cancelled) = self.ticket(None, None);
        self.begin_check(ticket, uris, cancelled);
    }

    fn begin_check(&mut self, ticket: u64, roots: Vec<String>, cancelled: Arc<AtomicBool>) {
        let documents = self.documents.iter();
        let open = documents.map(|(uri, open)| (uri.clone(), open.buffer.text().to_owned())).collect();
        let client = Arc::clone(&self.client);
        self.act(Task::CheckFolder(FolderJob { ticket, roots, open, client, cancelled }));
    }

    fn ticket(&mut self, id: Option<Id>, token: Option<ProgressToken>) -> (u64, Arc<AtomicBool>) {
        let number = self.number().unsigned_abs();
        let cancelled = Arc::new(AtomicBool::new(false));
        self.tickets.insert(number, Ticket { id, cancelled: Arc::clone(&cancelled), token });
        (number, cancelled)
    }

    fn begin_progress(&mut self, number: u64) {
        let title = self.lang.pick("检查文件夹", "Checking the folder");
        let Some(ticket) = self.tickets.get_mut(&number) else { return };
        let token =
            ticket.token.get_or_insert_with(|| ProgressToken::String(format!("dinggao-{number}"))).clone();
        let value = json!({"kind": "begin", "title": title, "cancellable": true, "percentage": 0});
        self.notify("$/progress", &json!({"token": token, "value": value}));
    }

    pub(super) fn progressed(&mut self, ticket: u64, done: usize, total: usize) {
        let Some(token) = self.tickets.get(&ticket).and_then(|ticket| ticket.token.clone()) else { return };
        let value = json!({
            "kind": "report", "message": format!("{done}/{total}"), "percentage": done * 100 / total.max(1),
        });
        self.notify("$/progress", &json!({"token": token, "value": value}));
    }

    pub(super) fn folder_checked(&mut self, ticket: u64, outcome: FolderReport) {
        let Some(ticket) = self.tickets.remove(&ticket) else { return };
        if let Some(token) = ticket.token {
            self.notify("$/progress", &json!({"token": token, "value": {"kind": "end"}}));
        }
        let FolderReport { files, counts, shown, unread, cancelled } = outcome;
        for (uri, diagnostics) in shown {
            if self.documents.contains_key(&uri) {
                continue;
            }
            let known = self.shown.remove(&uri);
            if !diagnostics.is_empty() {
                self.shown.insert(uri.clone());
            } else if !known {
                continue;
            }
            self.publish(&uri, None, diagnostics);
        }
        let Some(id) = ticket.id else { return };
        self.folder_is_checked = true;
        if cancelled {
            return self.refuse(&id, Failure::CANCELLED, "cancelled by the client");
        }
        let unread: Vec<Value> =
            unread.into_iter().map(|(uri, message)| json!({"uri": uri, "message": message})).collect();
        let mut result = json!(counts);
        result["files"] = json!(files);
        result["unread"] = json!(unread);
        self.answer(&id, &result);
    }

    /// Ends a task early that a request has begun.
    pub(super) fn cancel_ticket(&mut self, id: &Id) {
        for ticket in self.tickets.values().filter(|ticket| ticket.id.as_ref() == Some(id)) {
            ticket.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Ends a task early whose progress somebody has watched for long enough.
    pub(super) fn cancel_work(&mut self, params: &WorkDoneProgressCancelParams) {
        for ticket in self.tickets.values().filter(|ticket| ticket.token.as_ref() == Some(&params.token)) {
            ticket.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Ends all tasks early.
    pub(super) fn cancel_all(&mut self) {
        self.tickets.values().for_each(|ticket| ticket.cancelled.store(true, Ordering::Relaxed));
    }
}

/// Reads the argument of a command.
fn argument<T: DeserializeOwned>(value: Option<Value>) -> Result<T, String> {
    serde_json::from_value(value.unwrap_or_default()).map_err(|error| error.to_string())
}

/// Asks why a finding is to be left alone. A reason of one's own can be put in by a client that has a place to type it.
fn reason_question(rule: &str, lang: Lang) -> Value {
    let reasons = lang.pick(
        ["原文如此，已核对", "等会后再定", "误报"],
        ["as in the source, checked", "to be settled later", "false alarm"],
    );
    let message =
        lang.pick(format!("为什么豁免这一处 {rule}？"), format!("Why is this {rule} to be allowed?"));
    let actions: Vec<Value> = reasons.iter().map(|reason| json!({"title": reason})).collect();
    // 3: information
    json!({"type": 3, "message": message, "actions": actions})
}
