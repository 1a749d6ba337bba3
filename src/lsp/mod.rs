//! The Language Server Protocol without the world: messages come in, messages and tasks go out.
//!
//! ```text
//! client ──Message──▶ Server ──Action::Send──▶ client
//!                     │    ▲
//!        Action::Do(Task)  Event
//!                     ▼    │
//!                     the world: rules, files, threads (`cli::lsp`)
//! ```
//!
//! The server keeps the text of every open document, asks for each new version to be checked, and shows what was found
//! only if the document is still what it was. A question about a document waits until its newest version has been
//! checked.

mod action;
mod buffer;
mod client;
mod command;
mod documents;
mod explain;
mod query;
mod server;
mod show;
mod task;
mod wire;

pub use buffer::{Buffer, Places};
pub use client::{Client, Settings};
pub use explain::page;
pub use server::Server;
pub use show::Page;
pub use task::{
    Action, Allow, Checked, Counts, Event, FolderJob, FolderReport, Job, Place, Remedies, Setup, Task,
};
pub use wire::{Failure, Id, Message, Params, refusal};

/// What findings are shown to come from.
const SOURCE: &str = "dinggao";

/// The command that leaves a finding alone.
const ALLOW: &str = "dinggao.allow";

/// The command that checks folders.
const CHECK_FOLDER: &str = "dinggao.checkFolder";

/// The command that fills in all that there are values for.
const FILL_ALL: &str = "dinggao.fillAll";
