//! The `dinggao` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    dinggao::cli::run()
}
