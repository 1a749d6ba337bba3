//! The command line: the only part that touches files, terminals and threads.

mod acceptance;
mod allow;
mod args;
mod atomic;
mod catalog;
mod changes;
mod check;
mod checker;
mod delivery;
mod explain;
mod fill;
mod git;
mod ignores;
mod init;
mod line;
mod lsp;
mod nearest;
mod output;
mod progress;
mod rules;
mod settings;
mod show;
mod source;
mod suggest;
mod verify;
mod walk;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use args::{Cli, Command, RulesArgs};
use output::Console;
use settings::Configs;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing was found that matters.
    Clean,
    /// Something was found.
    Findings,
    /// Something could not be done; it has been said what.
    Failed,
    /// Whom it served has gone without a word.
    Abandoned,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Clean => Self::SUCCESS,
            Status::Findings | Status::Abandoned => Self::from(1),
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
    match &cli.command {
        Command::Rules(RulesArgs { check: Some(folder), .. }) => return verify::run(folder, console),
        // each document has a configuration of its own
        Command::Lsp(_) => return lsp::run(&cli.global, console),
        _ => {}
    }
    let mut configs = Configs::new(!cli.global.no_config, console.lang)?;
    let lang = cli.global.lang.or(configs.here()?.lang());
    let console = Console { lang: lang.unwrap_or(console.lang), ..console };
    configs.speak(console.lang);
    match &cli.command {
        Command::Check(args) => check::run(args, configs, console),
        Command::Fill(args) => {
            fill::run(args, &configs.catalog(args.draft.canonicalize().ok().as_deref())?, console)
        }
        Command::Explain(args) => explain::run(args, &configs.catalog(None)?, console),
        Command::Rules(args) => rules::run(args, &configs.catalog(None)?, console),
        Command::Allow(args) => allow::run(args, configs, console),
        Command::Init => init::run(console),
        Command::Lsp(_) => lsp::run(&cli.global, console),
    }
}
