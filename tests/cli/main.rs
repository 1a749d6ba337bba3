//! The program from outside: what it reads, what it writes, how it ends.

mod across;
mod allowing;
mod baseline;
mod changes;
mod configuration;
mod explain_line;
mod fill;
mod formats;
mod guide;
mod html;
#[cfg(unix)]
mod killed;
mod own_rules;
mod plugins;
#[cfg(unix)]
mod progress;
mod reading;
mod reports;
mod rules;
mod shared;
mod status;
mod walking;
mod writing;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A draft with one thing left to fill: the `X`, seventh character of its line.
const UNFINISHED: &str = "全年完成接待X人次。\n";
/// A draft with nothing to find.
const FINISHED: &str = "全年完成接待三百人次。\n";

/// A folder with the given files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

/// The program, to be run in `folder`, in English whatever the locale.
fn program(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dinggao"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR"] {
        command.env_remove(variable);
    }
    command
}

/// What a run left behind.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().expect("the program was not killed"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

fn run(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Run {
    program(folder, arguments).output().expect("the program runs").into()
}

/// The findings of `check --output-format short` as `path:line:column`.
fn places(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let all: Vec<&str> = ["check", "--output-format", "short"].iter().chain(arguments).copied().collect();
    let run = run(folder, &all);
    run.stdout.lines().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect()
}

fn with_stdin(arguments: &[&str], input: &[u8]) -> Run {
    let folder = folder(&[]);
    type_in(&mut program(folder.path(), arguments), input)
}

/// What a run leaves behind that reads `input` from standard input.
fn type_in(command: &mut Command, input: impl AsRef<[u8]>) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(input.as_ref()).expect("the program reads");
    child.wait_with_output().expect("the program ends").into()
}
