//! How a run ends.

use super::*;

#[test]
fn zero_when_nothing_is_found() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "found nothing in 1 file\n", ""));
}

#[test]
fn one_when_something_is_found() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("error[placeholder/mask]: "), "{}", run.stdout);
    assert!(run.stdout.contains("┌─ a.txt:1:7\n"), "{}", run.stdout);
    assert!(run.stdout.ends_with("found 1 error in 1 of 2 files\n"), "{}", run.stdout);
}

#[test]
fn two_when_a_path_is_missing_but_the_rest_is_checked() {
    let folder = folder(&[("半年总结稿.txt", UNFINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "半年总结搞.txt", "半年总结稿.txt"]);
    assert_eq!(run.status, 2);
    assert!(run.stdout.contains("found 1 error"), "{}", run.stdout);
    let error = "error: 半年总结搞.txt: no such file or folder; did you mean `半年总结稿.txt`?\n";
    assert_eq!(run.stderr, error);
}

#[test]
fn two_when_an_argument_makes_no_sense() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    for arguments in [&["check", "--no-such-flag"][..], &["check", "--fail-on", "never"], &["fill"], &[]] {
        assert_eq!(run(folder.path(), arguments).status, 2, "{arguments:?}");
    }
}

#[test]
fn two_when_a_folder_holds_no_drafts() {
    let folder = folder(&[("notes.rtf", b"x")]);
    let run = run(folder.path(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("no drafts"), "{}", run.stderr);
}

#[test]
fn zero_for_help_and_version() {
    let folder = folder(&[]);
    assert_eq!(
        run(folder.path(), &["--version"]).stdout,
        concat!("dinggao ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert_eq!(run(folder.path(), &["check", "--help"]).status, 0);
}
