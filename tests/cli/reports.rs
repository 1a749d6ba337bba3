//! Where reports go: standard output, files, several at once.

use super::*;

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

fn draft() -> TempDir {
    folder(&[("a.txt", UNFINISHED.as_bytes())])
}

#[test]
fn one_run_can_make_several() {
    let folder = draft();
    let arguments = [
        "check",
        "--output-format",
        "short",
        "--output-format=json=r.json",
        "--output-format",
        "html=r.html",
    ];
    let all = run(folder.path(), &arguments);
    assert_eq!((all.status, all.stderr.as_str()), (1, ""));
    assert!(all.stdout.starts_with("a.txt:1:7: error["), "{}", all.stdout);
    for (format, file) in [("json", "r.json"), ("html", "r.html")] {
        let alone = run(folder.path(), &["check", "--output-format", format]).stdout;
        assert_eq!(read(&folder, file), alone);
    }
}

#[test]
fn people_still_get_theirs_when_files_are_asked_for() {
    let folder = draft();
    let both = run(folder.path(), &["check", "--output-format", "sarif=r.sarif", "--color", "always"]);
    assert_eq!(both.stdout, run(folder.path(), &["check", "--color", "always"]).stdout);
}

#[test]
fn the_report_can_go_to_a_file_without_colours() {
    let folder = draft();
    let filed = run(folder.path(), &["check", "--output-file", "r.out", "--color", "always"]);
    assert_eq!((filed.status, filed.stdout.as_str(), filed.stderr.as_str()), (1, "", ""));
    assert_eq!(read(&folder, "r.out"), run(folder.path(), &["check", "--color", "never"]).stdout);
}

#[test]
fn rules_are_counted_with_statistics() {
    let folder = folder(&[
        ("a.txt", "完成接待X人次，走访X户。\n他说“好。\n".as_bytes()),
        ("b.txt", UNFINISHED.as_bytes()),
    ]);
    let counted = run(folder.path(), &["check", "--statistics"]);
    let table = "findings   files  severity rule\n       \
                 3       2  error    placeholder/mask\n       \
                 1       1  error    pair/unclosed\n\
                 found 4 errors in 2 of 2 files\n\
                 1 can be fixed with `check --fix --unsafe-fixes`; look at what it does\n";
    assert_eq!((counted.status, counted.stdout.as_str()), (1, table));
    let both = run(folder.path(), &["check", "--statistics", "--output-format", "json=r.json"]);
    assert_eq!(both.stdout, table);
    assert!(read(&folder, "r.json").contains("\"errors\": 4"));
}

#[test]
fn two_cannot_go_to_one_place() {
    let folder = draft();
    for arguments in [
        &["--output-format", "json", "--output-format", "short"][..],
        &["--output-format", "json", "--statistics"],
        &["--output-format", "json=r", "--output-format", "short=r"],
        &["--output-format", "json=r", "--output-file", "r"],
    ] {
        let run = run(folder.path(), &[&["check"], arguments].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}");
    }
    assert!(!folder.path().join("r").exists());
}

#[test]
fn an_unknown_format_is_named_with_those_that_there_are() {
    let run = run(draft().path(), &["check", "--output-format", "srif=r.sarif"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("'srif'") && run.stderr.contains("sarif"), "{}", run.stderr);
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_before_anything_is_checked() {
    let folder = draft();
    let run = run(folder.path(), &["check", "--output-format", "json=none/r.json"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "error: none/r.json: no such file or folder\n");
}

#[cfg(unix)]
#[test]
fn what_was_in_the_file_stays_until_all_is_written() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), ("real.json", b"old")]);
    let path = folder.path().join("real.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("real.json", folder.path().join("r.json")).expect("a link");
    assert_eq!(run(folder.path(), &["check", "--output-format", "json=r.json"]).status, 1);
    assert!(read(&folder, "real.json").contains("placeholder/mask"));
    assert!(fs::symlink_metadata(folder.path().join("r.json")).expect("a link").is_symlink());
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 3, "nothing else is left behind");
    assert_eq!(run(folder.path(), &["check", "--output-format", "json=/dev/null"]).status, 1);
    assert!(!fs::metadata("/dev/null").expect("a device").is_file());
}
