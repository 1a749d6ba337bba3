//! `dinggao lsp`: the language server, on standard input and output.
//!
//! One thread reads messages, one does the work, and this one keeps the state: nobody waits for a check to end before
//! the next keystroke is taken in.

mod explanations;
mod folder;
mod standing;
mod transport;
mod uri;
mod values;
mod worker;

use std::io::{self, IsTerminal};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};

use super::Status;
use super::args::GlobalArgs;
use super::output::Console;
use crate::lsp::{Action, Event, Failure, Id, Message, Server, Task, refusal};
use transport::Output;
use worker::Worker;

/// What the main thread is told.
enum Input {
    /// The client has sent something, which may not be a message.
    Message(Result<Message, Failure>),
    /// There is nothing more to come.
    End,
    /// What comes is no protocol, and nobody knows where the next message would begin.
    Broken(io::Error),
    /// A task has an outcome.
    Event(Event),
}

/// Serves a client until it says `exit` or is gone.
pub(super) fn run(args: &GlobalArgs, console: Console) -> Result<Status> {
    if io::stdin().is_terminal() {
        console.note(console.lang.pick(
            "语言服务器由编辑器来启动；按 Ctrl-C 退出",
            "a language server is for an editor to start; Ctrl-C ends it",
        ));
    }
    let (inputs, received) = channel();
    let (tasks, to_do) = channel();
    let worker = Worker::new(args, console.lang, inputs.clone())?;
    let worker = spawn("worker", move || worker.run(&to_do))?;
    spawn("reader", move || listen(&inputs))?;
    let mut session = Session { server: Server::new(), output: Output::new(), tasks, console };
    let status = received.iter().find_map(|input| session.take(input).transpose());
    // without tasks and anybody to tell, the worker comes to an end, and clears up behind itself
    drop((session, received));
    let _ = worker.join();
    status.unwrap_or_else(|| Err(anyhow!("internal error: the reader has ended")))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(work)
}

/// Hands on what the client sends.
fn listen(inputs: &Sender<Input>) {
    let mut stdin = io::stdin().lock();
    loop {
        let (input, is_last) = match transport::read(&mut stdin) {
            Ok(Some(body)) => (Input::Message(Message::read(&body)), false),
            Ok(None) => (Input::End, true),
            Err(error) => (Input::Broken(error), true),
        };
        if inputs.send(input).is_err() || is_last {
            return;
        }
    }
}

/// The state of the main thread.
struct Session {
    server: Server,
    output: Output,
    tasks: Sender<Task>,
    console: Console,
}

impl Session {
    /// Does what an input asks for; a status ends the program.
    fn take(&mut self, input: Input) -> Result<Option<Status>> {
        let actions = match input {
            Input::Message(Ok(message)) => self.server.receive(message),
            Input::Message(Err(failure)) => vec![Action::Send(refusal(&Id::Null, &failure))],
            Input::Event(event) => self.server.happened(event),
            // without a `shutdown` before it, as for `exit`
            Input::End => return Ok(Some(Status::Abandoned)),
            Input::Broken(error) => {
                let failure = Failure::new(Failure::PARSE_ERROR, error.to_string());
                self.output.write(&refusal(&Id::Null, &failure))?;
                self.console.error(&self.console.lang.pick(
                    format!("标准输入不是语言服务器协议：{error}"),
                    format!("standard input is not the Language Server Protocol: {error}"),
                ));
                return Ok(Some(Status::Failed));
            }
        };
        for action in actions {
            match action {
                Action::Send(body) => match self.output.write(&body) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                        return Ok(Some(Status::Abandoned));
                    }
                    written => written.context("standard output")?,
                },
                Action::Do(task) => {
                    self.tasks.send(task).map_err(|_| anyhow!("internal error: the worker has ended"))?;
                }
                Action::Exit(0) => return Ok(Some(Status::Clean)),
                Action::Exit(_) => return Ok(Some(Status::Abandoned)),
            }
        }
        Ok(None)
    }
}
