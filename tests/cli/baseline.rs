//! A baseline: what a repository has accepted, and what is new.

use super::*;

const OLD: &str = "完成接待X人次。\n走访X户。\n";

fn office() -> TempDir {
    folder(&[("草稿/a.txt", OLD.as_bytes()), ("b.txt", UNFINISHED.as_bytes())])
}

fn baseline(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("baseline.jsonl")).expect("a file")
}

fn write(folder: &TempDir) {
    let written = run(folder.path(), &["check", "--write-baseline", "baseline.jsonl"]);
    assert_eq!((written.status, written.stderr.as_str()), (0, "baseline.jsonl: written, entries: 3\n"));
}

fn new(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    places(folder.path(), &[&["--baseline", "baseline.jsonl"], arguments].concat())
}

const NOTHING: [&str; 0] = [];

#[test]
fn accepts_what_is_there_and_only_that() {
    let folder = office();
    write(&folder);
    assert_eq!(new(&folder, &[]), NOTHING);
    assert_eq!(run(folder.path(), &["check", "--baseline", "baseline.jsonl"]).status, 0);
    // one new defect, one moved, one copied into another file
    fs::write(folder.path().join("草稿/a.txt"), format!("慰问X人。\n\n{OLD}")).expect("a file");
    fs::write(folder.path().join("c.txt"), OLD).expect("a file");
    assert_eq!(new(&folder, &[]), ["c.txt:1:5", "c.txt:2:3", "草稿/a.txt:1:3"]);
}

#[test]
fn counts_from_its_own_folder_wherever_it_is_used_from() {
    let folder = office();
    write(&folder);
    let below = folder.path().join("草稿");
    let run = run(&below, &["check", "--baseline", "../baseline.jsonl", "."]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "found nothing in 1 file\n"));
    assert!(baseline(&folder).contains("{\"path\":\"草稿/a.txt\",\"rule\":\"placeholder/mask\""));
}

#[test]
fn tells_what_is_gone_and_drops_it_when_asked() {
    let folder = office();
    write(&folder);
    fs::write(folder.path().join("草稿/a.txt"), "完成接待X人次。\n").expect("a file");
    fs::remove_file(folder.path().join("b.txt")).expect("a file");
    let told = run(folder.path(), &["check", "--baseline", "baseline.jsonl", "--output-format", "short"]);
    assert_eq!(told.status, 0);
    let stale =
        "baseline.jsonl:2:1: warning[suppression/unused] b.txt had 1 of this `placeholder/mask`, and has 0";
    assert_eq!(told.stdout.lines().next(), Some(stale));
    assert_eq!(told.stdout.lines().count(), 2, "{}", told.stdout);
    let update = ["check", "--baseline", "baseline.jsonl", "--write-baseline", "baseline.jsonl"];
    assert_eq!(run(folder.path(), &update).stderr, "baseline.jsonl: written, entries: 1\n");
    assert_eq!(new(&folder, &[]), NOTHING);
}

#[test]
fn an_update_accepts_nothing_new() {
    let folder = office();
    write(&folder);
    let before = baseline(&folder);
    fs::write(folder.path().join("c.txt"), UNFINISHED).expect("a file");
    let update = [
        "check",
        "--baseline",
        "baseline.jsonl",
        "--write-baseline",
        "baseline.jsonl",
        "--output-format",
        "short",
    ];
    let updated = run(folder.path(), &update);
    assert_eq!(updated.status, 1);
    assert!(updated.stdout.starts_with("c.txt:1:7: "), "{}", updated.stdout);
    assert_eq!(baseline(&folder), before);
    let over = run(folder.path(), &["check", "--write-baseline", "baseline.jsonl"]);
    assert_eq!((over.status, over.stdout.as_str()), (2, ""));
    assert!(
        over.stderr.starts_with("error: baseline.jsonl: there is a baseline already."),
        "{}",
        over.stderr
    );
    assert_eq!(baseline(&folder), before);
}

#[test]
fn an_update_from_a_part_of_the_drafts_or_rules_keeps_the_rest() {
    let folder = office();
    write(&folder);
    let before = baseline(&folder);
    let update = ["check", "--baseline", "baseline.jsonl", "--write-baseline", "baseline.jsonl"];
    for part in [&["b.txt"][..], &["--select", "pair"]] {
        assert_eq!(run(folder.path(), &[&update, part].concat()).status, 0);
        assert_eq!(baseline(&folder), before, "{part:?}");
    }
}

#[test]
fn one_that_is_missing_or_none_is_an_error() {
    let folder = folder(&[
        ("a.txt", UNFINISHED.as_bytes()),
        ("none.jsonl", b"[]\n"),
        ("future.jsonl", b"{\"dinggao-baseline\":9}\n"),
    ]);
    for (name, said) in [
        ("baseline.jsonl", "error: baseline.jsonl: no such file or folder\n"),
        ("none.jsonl", "error: none.jsonl:1: no baseline: "),
        ("future.jsonl", "error: future.jsonl:1: a baseline of version 9, and this program reads version 1"),
    ] {
        let run = run(folder.path(), &["check", "--baseline", name]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.starts_with(said), "{}", run.stderr);
    }
}
