//! The README says what is so: its commands run, its table of rules and its picture are those of the program.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const README: &str = include_str!("../README.md");

/// The program, to be run in the root of the package, in English unless the arguments say otherwise.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dinggao"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    command
}

fn dinggao(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program runs")
}

fn stdout(output: Output) -> String {
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What stands in the README between the comments `<!-- name:begin -->` and `<!-- name:end -->`.
fn section(name: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("<!-- {name}:begin -->\n")).expect("the section begins");
    rest.split_once(&format!("<!-- {name}:end -->")).expect("the section ends").0
}

/// The commands of the section, one a line of its code block.
fn commands(name: &str) -> Vec<Vec<&'static str>> {
    let lines = section(name).lines().filter(|line| !line.is_empty() && !line.starts_with("```"));
    lines.map(|line| line.split_whitespace().collect()).collect()
}

#[test]
fn the_table_of_rules_is_what_the_program_prints() {
    let printed = stdout(dinggao(&["rules", "--output-format", "markdown"]));
    assert_eq!(section("rules").trim(), printed.trim(), "copy the right one into README.md");
}

#[test]
fn a_newcomer_needs_two_commands_and_both_work() {
    let commands = commands("commands");
    let [check, test] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(test[..], ["cargo", "test"]);
    assert_eq!(check[..4], ["cargo", "run", "--release", "--"]);
    let output = dinggao(&check[4..]);
    assert_eq!(output.status.code(), Some(1), "the sample is full of defects");
    let report = stdout(output);
    for family in ["placeholder", "sequence", "pair", "duplicate"] {
        assert!(report.contains(&format!("[{family}/")), "nothing of {family} in\n{report}");
    }
}

#[test]
fn every_command_shown_for_use_is_understood() {
    for command in commands("usage") {
        let arguments = command.iter().skip(1).take_while(|&&word| word != "#" && word != "<");
        // what is checked is the command line, and --help ends it before any file is looked for
        let arguments: Vec<&str> = arguments.copied().chain(["--help"]).collect();
        assert_eq!(command[0], "dinggao");
        assert_eq!(dinggao(&arguments).status.code(), Some(0), "{command:?}");
    }
}

#[test]
fn the_json_shown_is_what_the_program_prints() {
    let mut child = command(&["check", "--lang", "en", "--output-format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all("全年完成接待X人次。".as_bytes())
        .expect("the program reads");
    let printed = stdout(child.wait_with_output().expect("the program ends"));
    let shown = section("json").trim().trim_start_matches("```json").trim_end_matches("```");
    let [shown, printed] =
        [shown, &printed].map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
    assert_eq!(shown, printed);
}

#[test]
fn the_rule_shown_is_part_of_the_rule() {
    let mut rule = include_str!("../rules/placeholder/todo.toml").lines();
    for line in section("rule").lines().filter(|line| !line.starts_with("```")) {
        assert!(
            rule.any(|kept| kept == line),
            "rules/placeholder/todo.toml has not, or not in this order: {line}"
        );
    }
}

/// Pictures of what the program writes to a terminal.
#[cfg(unix)]
mod picture {
    use std::fmt::Write as _;
    use std::io::Write as _;
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::{env, fs};

    use unicode_width::UnicodeWidthChar;

    #[test]
    fn is_a_report_of_today() {
        let command = super::section("picture").split('`').nth(1).expect("a command");
        let report = shell(command, Path::new(env!("CARGO_MANIFEST_DIR")), "");
        assert_current("report.svg", &format!("{}\n{report}", entered(command)));
    }

    #[test]
    fn of_filling_is_a_session_of_today() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let draft = "20××年上半年，完成公务接待X人次，同比下降X%。\n推进X双城经济圈建设，X双城经济圈办公室来访两次。\n";
        fs::write(folder.path().join("通报.txt"), draft).expect("a file");
        let mut session = String::new();
        for (command, answers) in [
            ("cat 通报.txt", &[][..]),
            ("dinggao fill --list 通报.txt", &[]),
            ("dinggao fill -i 通报.txt --in-place", &["2026", "很多", "1,200", "8.5", "成渝"]),
            ("cat 通报.txt", &[]),
        ] {
            let printed = shell(command, folder.path(), &(answers.join("\n") + "\n"));
            session += &entered(command);
            session += &typed_in(&printed, answers);
            session.push('\n');
        }
        assert_current("fill.svg", &session);
    }

    /// Compares a picture with what was written of late. After a change that is meant:
    /// `UPDATE_README=1 cargo test --test readme`, and look at the picture.
    fn assert_current(name: &str, session: &str) {
        let drawn = svg(session);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        if env::var_os("UPDATE_README").is_some() {
            fs::write(&path, &drawn).expect("the picture is writable");
        }
        let is_current = fs::read_to_string(&path).is_ok_and(|kept| kept == drawn);
        assert!(is_current, "docs/{name} is out of date: UPDATE_README=1 cargo test --test readme");
    }

    /// A command as it stands behind a shell's prompt.
    fn entered(command: &str) -> String {
        format!("\x1b[32m$\x1b[0m {command}\n")
    }

    /// What is printed, with the answers behind the prompts, where a terminal shows them.
    fn typed_in(printed: &str, answers: &[&str]) -> String {
        let mut answers = answers.iter();
        let mut shown = String::new();
        for piece in printed.split_inclusive("> ") {
            shown.push_str(piece);
            if piece.ends_with("> ") {
                shown.extend(answers.next().map(|answer| format!("{answer}\n")));
            }
        }
        shown
    }

    /// What a shell prints for `command` in `folder`, in colours, with the program of this build in its path.
    fn shell(command: &str, folder: &Path, input: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_dinggao")).parent().expect("a file is in a folder");
        let inherited = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([program.to_owned()].into_iter().chain(env::split_paths(&inherited)));
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("{{ {command}; }} 2>&1")])
            .current_dir(folder)
            .env("PATH", path.expect("a path"));
        shell.env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1").env("LC_ALL", "zh_CN.UTF-8");
        let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        // a command that asks nothing may have ended by now
        drop(child.stdin.take().expect("a pipe").write_all(input.as_bytes()));
        super::stdout(child.wait_with_output().expect("the shell ends"))
    }

    /// The size of one terminal cell.
    const CELL: (f64, f64) = (8.4, 20.0);
    /// The size of a wide character, which is as wide as it is high; spacing makes up for the rest of its two cells.
    const WIDE: f64 = 15.0;
    const MARGIN: f64 = 16.0;

    /// A terminal that shows `session`.
    ///
    /// Every run of characters of one width stands where its cells are, so that carets are under what they point at
    /// whatever fonts there are.
    fn svg(session: &str) -> String {
        let (mut body, mut columns, mut rows) = (String::new(), 0, 0);
        for line in session.trim_end().lines() {
            rows += 1;
            let (mut column, mut style) = (0, Vec::new());
            for piece in line.split("\x1b[") {
                let text = match piece.split_once('m').filter(|(code, _)| code.parse::<u8>().is_ok()) {
                    Some((code, text)) => {
                        restyle(&mut style, code);
                        text
                    }
                    None => piece,
                };
                for run in runs(text) {
                    let indent = width(run) - width(run.trim_start());
                    push_run(run.trim(), &style, column + indent, rows, &mut body);
                    column += width(run);
                }
            }
            columns = columns.max(column);
        }
        let (width, height) = (left(columns) + MARGIN, f64::from(rows) * CELL.1 + 24.0);
        let spacing = 2.0 * CELL.0 - WIDE;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {width:.0} {height:.0}">
<style>
text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d7dce2 }}
.wide {{ font: {WIDE}px "Noto Sans Mono CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; letter-spacing: {spacing:.1}px }}
.bold {{ font-weight: bold }}
.red {{ fill: #ff7b72 }}
.green {{ fill: #7ee787 }}
.yellow {{ fill: #e3b341 }}
.blue {{ fill: #79a8ff }}
.cyan {{ fill: #76d9e6 }}
</style>
<rect width="100%" height="100%" rx="8" fill="#161b22"/>
{body}</svg>
"##
        )
    }

    /// Takes an ANSI colour or weight into a list of CSS classes.
    fn restyle(style: &mut Vec<&'static str>, code: &str) {
        match code {
            "0" => style.clear(),
            "1" => style.push("bold"),
            "31" => style.push("red"),
            "32" => style.push("green"),
            "33" => style.push("yellow"),
            "34" => style.push("blue"),
            "36" => style.push("cyan"),
            other => panic!("the picture knows no style {other}"),
        }
    }

    fn push_run(run: &str, style: &[&str], column: u32, row: u32, body: &mut String) {
        let Some(first) = run.chars().next() else { return };
        let mut classes = style.to_vec();
        let mut attributes = String::new();
        if cells(first) == 2 {
            classes.insert(0, "wide");
        } else if width(run) > 1 {
            // browsers fit the run into its cells, whatever the font
            write!(attributes, r#" textLength="{:.1}""#, f64::from(width(run)) * CELL.0).expect("written");
        }
        if !classes.is_empty() {
            write!(attributes, r#" class="{}""#, classes.join(" ")).expect("written");
        }
        let words = run.replace('&', "&amp;").replace('<', "&lt;");
        let (x, y) = (left(column), f64::from(row) * CELL.1 + 8.0);
        writeln!(body, r#"<text x="{x:.1}" y="{y:.0}"{attributes}>{words}</text>"#).expect("written");
    }

    /// Where a column begins.
    fn left(column: u32) -> f64 {
        f64::from(column) * CELL.0 + MARGIN
    }

    fn width(text: &str) -> u32 {
        text.chars().map(cells).sum()
    }

    fn cells(c: char) -> u32 {
        c.width().map_or(0, |width| u32::from(width > 0) + u32::from(width > 1))
    }

    /// Splits a text into runs of ASCII and runs of wide characters. What else there is (quotes, ×, lines) is one cell
    /// wide in a terminal but not in every font, and stands alone.
    fn runs(text: &str) -> Vec<&str> {
        let kind = |c: char| (c.is_ascii(), cells(c) == 2);
        let mut runs = Vec::new();
        let (mut start, mut last) = (0, None);
        for (offset, c) in text.char_indices() {
            if last.is_some_and(|last| last != kind(c) || last == (false, false)) {
                runs.push(&text[start..offset]);
                start = offset;
            }
            last = Some(kind(c));
        }
        runs.push(&text[start..]);
        runs
    }
}
