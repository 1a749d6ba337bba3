//! The command line: the only part that touches files, terminals and threads.

mod args;
mod atomic;
mod catalog;
mod check;
mod delivery;
mod explain;
mod fill;
mod ignores;
mod line;
mod output;
mod rules;
mod source;
mod suggest;
mod verify;
mod walk;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use args::{Cli, Command, RulesArgs};
use output::Console;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing was found that matters.
    Clean,
    /// Something was found.
    Findings,
    /// Something could not be done; it has been said what.
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Clean => Self::SUCCESS,
            Status::Findings => Self::from(1),
            Status::Failed => Self::from(2),
        }
    }
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return output::print_clap(&answer),
    };
    let console = Console::new(&cli.global);
    let status = execute(&cli, console).unwrap_or_else(|error| {
        console.error(&format!("{error:#}"));
        Status::Failed
    });
    status.into()
}

fn execute(cli: &Cli, console: Console) -> Result<Status> {
    if let Command::Rules(RulesArgs { check: Some(folder), .. }) = &cli.command {
        return verify::run(folder, console);
    }
    let catalog = catalog::load(!cli.global.no_config, console.lang)?;
    match &cli.command {
        Command::Check(args) => check::run(args, catalog, console),
        Command::Fill(args) => fill::run(args, &catalog, console),
        Command::Explain(args) => explain::run(args, &catalog, console),
        Command::Rules(args) => rules::run(args, &catalog, console),
    }
}
