//! Findings that are left alone: comments in Markdown, and dinggao.allow.toml for everything else.

use super::*;

const ALLOW: &str = "dinggao.allow.toml";

fn allow(folder: &TempDir, line: &str, more: &[&str]) -> Run {
    let arguments = [&["allow", line, "--reason", "数字由会后补发"], more].concat();
    run(folder.path(), &arguments)
}

fn read(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(ALLOW)).expect("a file")
}

fn short(folder: &TempDir) -> String {
    run(folder.path(), &["check", "--output-format", "short"]).stdout
}

#[test]
fn a_comment_in_markdown_leaves_a_line_alone_and_nothing_else() {
    let text = "<!-- dinggao: ignore placeholder/mask -- 会后补 -->\n完成接待X人次。\n\n走访X户。\n";
    let folder = folder(&[("a.md", text.as_bytes()), ("b.txt", text.as_bytes())]);
    assert_eq!(places(folder.path(), &[]), ["a.md:4:3", "b.txt:2:5", "b.txt:4:3"]);
}

#[test]
fn a_finding_in_plain_text_is_allowed_wherever_it_moves_to() {
    let folder = folder(&[("a.txt", "完成接待X人次。\n走访X户。\n".as_bytes())]);
    let written = allow(&folder, "a.txt:1", &[]);
    assert_eq!((written.status, written.stdout.as_str()), (0, ""));
    assert_eq!(written.stderr, "dinggao.allow.toml: now allows placeholder/mask: `X`\n");
    assert_eq!(places(folder.path(), &[]), ["a.txt:2:3"]);
    fs::write(folder.path().join("a.txt"), "总结\n\n走访X户。\n\n完成接待X人次。\n").expect("a file");
    assert_eq!(places(folder.path(), &[]), ["a.txt:3:3"]);
    let again = allow(&folder, "a.txt:5", &[]);
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("nothing to allow on this line"), "{}", again.stderr);
}

#[test]
fn what_is_written_is_for_people_to_read_and_keeps_what_they_wrote() {
    let folder = folder(&[
        ("送审/a.txt", "完成接待X人次，说“好。\n".as_bytes()),
        (ALLOW, "# 本单位的豁免，改前先问办公室\n\nallow = []\n".as_bytes()),
    ]);
    let not_a_list = allow(&folder, "送审/a.txt:1", &["--rule", "pair"]);
    assert_eq!(not_a_list.status, 2, "{}", not_a_list.stderr);
    fs::write(folder.path().join(ALLOW), "# 本单位的豁免，改前先问办公室\n").expect("a file");
    assert_eq!(allow(&folder, "送审/a.txt:1", &["--rule", "pair", "--expires", "2999-12-31"]).status, 0);
    assert_eq!(allow(&folder, "送审/a.txt:1", &["--rule", "placeholder/mask"]).status, 0);
    let text = read(&folder);
    assert!(text.starts_with("# 本单位的豁免，改前先问办公室\n"), "{text}");
    assert!(text.contains("[[allow]]\npath = \"送审/a.txt\"\nrule = \"pair/unclosed\"\nhash = \""), "{text}");
    assert!(text.contains("text = \"“\"\nreason = \"数字由会后补发\"\nexpires = 2999-12-31\n"), "{text}");
    assert_eq!(short(&folder), "");
}

#[test]
fn an_allowance_ends_and_one_for_nothing_is_told_with_its_place() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), ("b.txt", UNFINISHED.as_bytes())]);
    for (line, more) in [("a.txt:1", &["--expires", "2020-01-01"][..]), ("b.txt:1", &[])] {
        assert_eq!(allow(&folder, line, more).status, 0);
    }
    fs::write(folder.path().join("b.txt"), FINISHED).expect("a file");
    let told = short(&folder);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("a.txt:1:7: error[placeholder/mask] "), "{told}");
    assert_eq!(
        lines[1..],
        [
            "dinggao.allow.toml:1:1: warning[suppression/invalid] this allowance expired on 2020-01-01",
            "dinggao.allow.toml:9:1: warning[suppression/unused] b.txt no longer has this `placeholder/mask`",
        ]
    );
    fs::remove_file(folder.path().join("b.txt")).expect("a file");
    assert!(short(&folder).contains("b.txt no longer has this"), "{}", short(&folder));
}

#[test]
fn a_part_of_the_drafts_says_nothing_of_the_others() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    assert_eq!(allow(&folder, "a.txt:1", &[]).status, 0);
    let checked = run(folder.path(), &["check", "b.txt", "--output-format", "short"]);
    assert_eq!((checked.status, checked.stdout.as_str()), (0, ""));
    let other = ["check", "--select", "pair", "--output-format", "short"];
    assert_eq!(run(folder.path(), &other).stdout, "");
}

#[test]
fn the_file_holds_for_the_folders_below_it_and_is_a_configuration_file() {
    let folder = folder(&[("部门/甲/a.txt", UNFINISHED.as_bytes()), (".git/HEAD", b"")]);
    let below = folder.path().join("部门/甲");
    let arguments = ["allow", "a.txt:1", "--reason", "会后补"];
    assert_eq!(run(&below, &arguments).status, 0);
    assert!(read(&folder).contains("path = \"部门/甲/a.txt\""), "in the root of the repository");
    assert_eq!(run(&below, &["check"]).status, 0);
    assert_eq!(run(folder.path(), &["check"]).status, 0);
    assert_eq!(run(folder.path(), &["check", "--no-config"]).status, 1);
}

#[test]
fn what_makes_no_sense_is_an_error() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), (ALLOW, b"[[allow]]\npath = 'a.txt'\n")]);
    let broken = run(folder.path(), &["check"]);
    assert_eq!((broken.status, broken.stdout.as_str()), (2, ""));
    assert_eq!(broken.stderr, "error: dinggao.allow.toml:1: missing field `rule`\n");
    fs::remove_file(folder.path().join(ALLOW)).expect("a file");
    for more in [&["--rule", "placeholder/msak"][..], &["--expires", "tomorrow"], &["--reason", " "]] {
        let run = run(
            folder.path(),
            &[&["allow", "a.txt:1"], more, &["--reason", "x"][2 * usize::from(more[0] == "--reason")..]]
                .concat(),
        );
        assert_eq!(run.status, 2, "{more:?}");
    }
    assert_eq!(allow(&folder, "a.txt:7", &[]).status, 2);
    assert_eq!(allow(&folder, "c.txt:1", &[]).status, 2);
    assert!(!folder.path().join(ALLOW).exists());
}

#[test]
fn what_is_said_of_allowances_stands_in_the_order_of_paths_with_the_rest() {
    let folder = folder(&[
        ("a.txt", UNFINISHED.as_bytes()),
        ("m.txt", UNFINISHED.as_bytes()),
        ("部门/b.txt", UNFINISHED.as_bytes()),
    ]);
    assert_eq!(allow(&folder, "m.txt:1", &[]).status, 0);
    fs::write(folder.path().join("m.txt"), FINISHED).expect("a file");
    let expected = ["a.txt:1:7", "dinggao.allow.toml:1:1", "部门/b.txt:1:7"];
    assert_eq!(places(folder.path(), &[]), expected);
    let below = ["../dinggao.allow.toml:1:1", "../m.txt:1:7", "b.txt:1:7"];
    fs::write(folder.path().join("m.txt"), format!("走访二十户，{UNFINISHED}")).expect("a file");
    assert_eq!(
        places(&folder.path().join("部门"), &["../m.txt", "."]),
        [below[0], "../m.txt:1:13", below[2]]
    );
}

#[test]
fn of_changes_what_no_longer_matches_in_a_changed_or_removed_draft_is_told() {
    use super::changes::{commit, git, repository, write};
    let drafts = ["a.txt", "b.txt", "c.txt", "d.txt"].map(|name| (name, UNFINISHED.as_bytes()));
    let folder = repository(&drafts);
    for (name, _) in drafts {
        assert_eq!(allow(&folder, &format!("{name}:1"), &[]).status, 0);
    }
    let accept = ["check", "--no-config", "--write-baseline", "baseline.jsonl"];
    assert_eq!(run(folder.path(), &accept).status, 0);
    // long since mended, and no part of the change
    write(&folder, "d.txt", FINISHED);
    commit(&folder);
    write(&folder, "a.txt", FINISHED);
    fs::remove_file(folder.path().join("b.txt")).expect("a file");
    let told = |arguments: &[&str]| {
        let all = [&["check", "--output-format", "short"], arguments].concat();
        let stdout = run(folder.path(), &all).stdout;
        stdout.lines().map(|line| line.split("] ").nth(1).expect("a message").to_owned()).collect::<Vec<_>>()
    };
    let gone = |name: &str| format!("{name} no longer has this `placeholder/mask`");
    assert_eq!(told(&["--since", "HEAD"]), [gone("a.txt"), gone("b.txt")]);
    let stale = |name: &str| format!("{name} had 1 of this `placeholder/mask`, and has 0");
    let of_baseline = ["--since", "HEAD", "--no-config", "--baseline", "baseline.jsonl"];
    assert_eq!(told(&of_baseline), [stale("a.txt"), stale("b.txt")]);
    git(folder.path(), &["add", "a.txt", "b.txt"]);
    assert_eq!(told(&["--staged"]), [gone("a.txt"), gone("b.txt")]);
}
