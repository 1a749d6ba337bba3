//! The progress of a long run, as a real terminal shows it: one that `script` of util-linux opens.

use super::*;

const DRAFTS: usize = 300;

/// A folder with many drafts, the last of them unfinished. `0.txt` is a pipe.
fn office() -> TempDir {
    let names: Vec<String> = (1..=DRAFTS).map(|number| format!("{number:03}.txt")).collect();
    let text = |number| if number == DRAFTS { UNFINISHED } else { FINISHED };
    let files: Vec<(&str, &[u8])> =
        (1..).zip(&names).map(|(number, name)| (name.as_str(), text(number).as_bytes())).collect();
    let folder = folder(&files);
    let made = Command::new("mkfifo").arg(folder.path().join("0.txt")).status().expect("mkfifo runs");
    assert!(made.success());
    folder
}

/// What a terminal is sent while a shell runs `command` in `folder`, with the program as `$dinggao`; nothing if there
/// is no terminal to be had.
fn sent(folder: &Path, command: &str) -> Option<Vec<u8>> {
    let command = format!("stty rows 24 cols 80; {command}");
    let mut script = Command::new("script");
    script.args(["--quiet", "--command", &command, "/dev/null"]).current_dir(folder);
    script
        .env("dinggao", env!("CARGO_BIN_EXE_dinggao"))
        .env("TERM", "xterm")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    match script.output() {
        Ok(output) if output.status.success() => Some(output.stdout),
        _ => {
            println!("skipped: no script (util-linux)");
            None
        }
    }
}

/// What is left on the screen.
fn screen(sent: &[u8]) -> String {
    let mut terminal = vt100::Parser::default();
    terminal.process(sent);
    terminal.screen().contents()
}

/// Keeps a run that reads `0.txt` waiting for longer than it goes on without a bar. The pipe opens when it is read.
const KEPT_WAITING: &str = "{ sleep 1.3; echo; } > 0.txt & ";

fn shows_a_bar(sent: &[u8]) -> bool {
    let files = format!("/{}", DRAFTS + 1);
    String::from_utf8_lossy(sent).contains(&files)
}

#[test]
fn is_shown_on_standard_error_and_wiped_away() {
    let folder = office();
    let command = format!("{KEPT_WAITING} $dinggao check 0.txt . > report.out; true");
    let Some(sent) = sent(folder.path(), &command) else { return };
    assert!(shows_a_bar(&sent), "{}", String::from_utf8_lossy(&sent));
    assert_eq!(screen(&sent), "");
    let report = fs::read_to_string(folder.path().join("report.out")).expect("a report");
    assert!(report.ends_with("found 1 error in 1 of 301 files\n") && !report.contains('\u{1b}'), "{report}");
}

#[test]
fn leaves_no_trace_in_a_report_on_the_same_terminal() {
    let folder = office();
    let command = format!("{KEPT_WAITING} $dinggao check --color never --output-format short 0.txt .; true");
    let Some(sent) = sent(folder.path(), &command) else { return };
    assert!(shows_a_bar(&sent), "{}", String::from_utf8_lossy(&sent));
    let shown = screen(&sent);
    assert_eq!(
        shown.trim_end(),
        "300.txt:1:7: error[placeholder/mask] `X` is still to be filled in: a number belongs here"
    );
}

#[test]
fn is_not_shown_where_a_run_is_short_or_standard_error_is_a_file() {
    let folder = office();
    let Some(short) = sent(folder.path(), "$dinggao check . > report.out; true") else { return };
    assert!(!shows_a_bar(&short), "{}", String::from_utf8_lossy(&short));
    let command = format!("{KEPT_WAITING} $dinggao check 0.txt . 2> errors.out; true");
    let Some(sent) = sent(folder.path(), &command) else { return };
    assert!(!shows_a_bar(&sent), "{}", String::from_utf8_lossy(&sent));
    assert_eq!(fs::read_to_string(folder.path().join("errors.out")).expect("a file"), "");
}
