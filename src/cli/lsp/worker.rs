//! The thread that does the work: of what is asked, the newest that matters.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use anyhow::{Result, anyhow};

use super::explanations::Explanations;
use super::standing::{Standing, Standings, canonical};
use super::{Input, folder, spawn, uri, values};
use crate::cli::allow::{self, Reason};
use crate::cli::args::GlobalArgs;
use crate::diagnostic::Lang;
use crate::lsp::{Allow, Event, FolderJob, FolderReport, Job, Remedies, Setup, Task};

/// What the thread works with.
pub(super) struct Worker {
    /// Whether configuration files are looked at.
    configured: bool,
    /// The language that the command line asks for.
    asked: Option<Lang>,
    /// The language of the process.
    fallback: Lang,
    lang: Lang,
    setup: Setup,
    standings: Standings,
    explanations: Explanations,
    inputs: Sender<Input>,
}

impl Worker {
    /// A worker that knows of no folder and no settings yet, and tells `inputs` what comes of its work.
    pub(super) fn new(args: &GlobalArgs, fallback: Lang, inputs: Sender<Input>) -> Result<Self> {
        let (configured, setup) = (!args.no_config, Setup::default());
        let standings = Standings::new(configured, &setup, fallback)?;
        let explanations = Explanations::new();
        Ok(Self {
            configured,
            asked: args.lang,
            fallback,
            lang: fallback,
            setup,
            standings,
            explanations,
            inputs,
        })
    }

    /// Works until there is nobody left to work for.
    pub(super) fn run(mut self, tasks: &Receiver<Task>) {
        let mut queue: VecDeque<Task> = VecDeque::new();
        while let Some(task) = queue.pop_front().or_else(|| tasks.recv().ok()) {
            queue.extend(tasks.try_iter());
            if is_overtaken(&task, &queue) {
                continue;
            }
            let told = self.work(task).is_none_or(|event| self.inputs.send(Input::Event(event)).is_ok());
            if !told {
                return;
            }
        }
    }

    fn work(&mut self, task: Task) -> Option<Event> {
        match task {
            Task::Configure(setup) => return self.configure(setup),
            Task::Forget(uri) => self.standings.forget(&uri),
            Task::Check(job) => {
                let outcome = self.standing(&job).map(|standing| standing.check(&job.text));
                let outcome = outcome.map_err(|error| self.unchecked(&error));
                return Some(Event::Checked { uri: job.uri, revision: job.revision, outcome });
            }
            Task::Prepare(job) => {
                let remedies = self.prepare(&job);
                return Some(Event::Prepared { uri: job.uri, revision: job.revision, remedies });
            }
            Task::Allow(request) => {
                let outcome = self.allow(&request).map_err(|error| format!("{error:#}"));
                return Some(Event::Allowed { ticket: request.ticket, outcome });
            }
            Task::CheckFolder(job) => self.check_folder(job),
        }
        None
    }

    fn standing(&mut self, job: &Job) -> Result<Arc<Standing>> {
        let standing = self.standings.of(job)?;
        self.explanations.write(&standing.catalog, self.lang);
        Ok(standing)
    }

    fn prepare(&mut self, job: &Job) -> Remedies {
        let Ok(standing) = self.standing(job) else {
            // it has been told when the document was checked
            return Remedies { values: Ok(Vec::new()), fixes: Vec::new() };
        };
        let checked = standing.check(&job.text);
        let folder = self.standings.folder();
        let values = values::find(&job.text, &standing, &checked, &self.setup.settings, folder, self.lang);
        let fixes = Standing::fixes(&checked);
        Remedies { values: values.map_err(|error| format!("{error:#}")), fixes }
    }

    fn configure(&mut self, setup: Setup) -> Option<Event> {
        // the rules that come along have been read before, and were sound
        self.standings = Standings::new(self.configured, &setup, self.lang).ok()?;
        let of_client = || setup.locale.as_deref().and_then(|locale| locale.parse().ok());
        let said = setup.settings.lang.or(self.asked).or_else(|| self.standings.configured_lang());
        self.lang = said.or_else(of_client).unwrap_or(self.fallback);
        self.standings.speak(self.lang);
        self.setup = setup;
        Some(Event::Configured { lang: self.lang, pages: self.explanations.uri() })
    }

    fn unchecked(&self, error: &anyhow::Error) -> String {
        self.lang.pick(format!("没有检查：{error:#}"), format!("not checked: {error:#}"))
    }

    fn allow(&mut self, request: &Allow) -> Result<()> {
        let Allow { uri: draft, text, findings, reason, .. } = request;
        let path = uri::to_path(draft).map(|path| canonical(&path));
        let Some(file) = path.filter(|path| path.exists()) else {
            return Err(anyhow!(
                self.lang.pick("请先保存稿件，再豁免", "save the draft before allowing anything in it")
            ));
        };
        let reason = Reason { words: reason, expires: None };
        allow::write(findings, text, &file, &reason, self.lang).map(|_| ())
    }

    /// Begins a check that may take long, on a thread of its own.
    fn check_folder(&self, job: FolderJob) {
        let (configured, lang, inputs) = (self.configured, self.lang, self.inputs.clone());
        let explanations = self.explanations.uri();
        let ticket = job.ticket;
        let check = move || {
            let tell = |event| {
                // without a main thread there is nobody to tell
                let _ = inputs.send(Input::Event(event));
            };
            let progress = |done, total| tell(Event::Progress { ticket, done, total });
            let outcome = folder::check(&job, configured, lang, explanations.as_deref(), progress);
            tell(Event::FolderChecked { ticket, outcome });
        };
        if spawn("folder", check).is_err() {
            let _ = self
                .inputs
                .send(Input::Event(Event::FolderChecked { ticket, outcome: FolderReport::default() }));
        }
    }
}

/// Whether a later task makes the outcome of this one worthless.
fn is_overtaken(task: &Task, later: &VecDeque<Task>) -> bool {
    match task {
        Task::Configure(_) => later.iter().any(|later| matches!(later, Task::Configure(_))),
        Task::Check(Job { uri, .. }) | Task::Prepare(Job { uri, .. }) => later.iter().any(|later| {
            matches!(later, Task::Check(Job { uri: other, .. }) | Task::Forget(other) if other == uri)
        }),
        _ => false,
    }
}
