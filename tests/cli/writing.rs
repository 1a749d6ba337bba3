//! Where the findings go, and how they look.

use super::*;

#[test]
fn json_is_one_object_with_the_parts_that_were_promised() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), ("b.txt", UNFINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "--no-config", "--output-format", "json"]);
    assert_eq!(run.status, 1);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["version"], env!("CARGO_PKG_VERSION"));
    let summary = serde_json::json!({"files": 2, "errors": 2, "warnings": 0, "infos": 0});
    assert_eq!(report["summary"], summary);
    let finding = &report["diagnostics"][1];
    assert_eq!(finding["path"], "b.txt");
    assert_eq!(finding["rule"], "placeholder/mask");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["range"]["start"], serde_json::json!({"offset": 18, "line": 1, "column": 7}));
    assert_eq!(finding["text"], "X");
    assert_eq!(finding["placeholder"], serde_json::json!({"type": "count", "unit": "人次"}));
}

#[test]
fn json_without_findings_is_an_object_too() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "--output-format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.status, &report["diagnostics"]), (0, &serde_json::json!([])));
}

#[test]
fn the_short_format_says_nothing_but_findings() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "--output-format", "short"]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn colours_come_when_asked_for_and_not_into_a_pipe() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes())]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = program(folder.path(), arguments).envs(variables.iter().copied()).output();
        output.expect("the program runs").stdout.contains(&0x1b)
    };
    assert!(!colored(&["check"], &[]));
    assert!(colored(&["check", "--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&["check"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["check"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["check", "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn the_language_is_that_of_the_option_or_of_the_locale() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    let said = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = program(folder.path(), arguments).envs(variables.iter().copied()).output();
        Run::from(output.expect("the program runs")).stdout
    };
    let (chinese, english) = ("共检查 1 个文件，未发现问题。\n", "found nothing in 1 file\n");
    assert_eq!(said(&["check", "--lang", "zh"], &[("LANG", "en_US.UTF-8")]), chinese);
    assert_eq!(said(&["check"], &[("LANG", "zh_CN.UTF-8")]), chinese);
    assert_eq!(said(&["check"], &[("LC_ALL", "en_US.UTF-8"), ("LANG", "zh_CN.UTF-8")]), english);
    assert_eq!(said(&["check"], &[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")]), chinese);
    assert_eq!(said(&["check"], &[]), english);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes())]);
    for arguments in [&["check"][..], &["check", "--output-format", "json"], &["rules"], &["--version"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let output = program(folder.path(), arguments).stdout(full).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_reader_that_goes_away_changes_nothing_about_the_status() {
    let text = UNFINISHED.repeat(20_000);
    let folder = folder(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]);
    for format in ["full", "short", "json"] {
        let mut child = program(folder.path(), &["check", "--output-format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let run: Run = child.wait_with_output().expect("the program ends").into();
        assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{format}");
    }
}
