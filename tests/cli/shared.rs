//! A shared repository with 2,000 drafts and a history: taken up with a baseline, then worked on.

use std::time::Instant;

use super::changes::{commit, git, write};
use super::*;

const DRAFTS: usize = 2_000;

/// The text of a draft; every tenth has something left to fill.
fn draft(number: usize) -> String {
    let count = if number.is_multiple_of(10) { "X".to_owned() } else { format!("{}", number + 3) };
    let paragraph = |line| {
        let (streets, things) = (number * 7 + line, number + line * 11);
        format!("第{number}号材料第{line}段，说的是{streets}条街道的{things}件事。")
    };
    let body = (0..20).map(paragraph).collect::<Vec<_>>().join("\n");
    format!("关于第{number}号事项的报告\n\n{body}\n\n全年完成第{number}号事项{count}项。\n")
}

fn path(number: usize) -> String {
    format!("部门{}/稿件{number:04}.txt", number % 20)
}

fn repository() -> TempDir {
    let files: Vec<(String, String)> = (0..DRAFTS).map(|number| (path(number), draft(number))).collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let folder = folder(&files);
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder);
    folder
}

fn errors(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    let rules = ["--select", "placeholder,suppression"];
    places(folder.path(), &[arguments, &rules].concat())
}

#[test]
fn only_what_is_new_is_told_in_every_mode() {
    let folder = repository();
    assert_eq!(errors(&folder, &[]).len(), DRAFTS / 10);
    let accept = ["check", "--select", "placeholder", "--write-baseline", "baseline.jsonl"];
    assert_eq!(run(folder.path(), &accept).status, 0);
    commit(&folder);
    git(folder.path(), &["checkout", "--quiet", "-b", "work"]);
    // a new defect, an old one copied, an old one moved, one suppressed
    write(&folder, &path(1), draft(1) + "慰问X人。\n");
    write(&folder, "部门0/副本.txt", draft(10));
    write(&folder, &path(20), format!("（修订稿）\n{}", draft(20)));
    write(&folder, &path(3), draft(3) + "走访X户。\n");
    let last = draft(3).lines().count() + 1;
    let allow = ["allow", &format!("{}:{last}", path(3)), "--reason", "会后补"];
    assert_eq!(run(folder.path(), &allow).status, 0);
    commit(&folder);

    let (copy, new) = ("部门0/副本.txt:24:11".to_owned(), format!("{}:25:3", path(1)));
    assert_eq!(errors(&folder, &["--baseline", "baseline.jsonl"]), [copy.clone(), new.clone()]);
    assert_eq!(errors(&folder, &["--since", "main"]), [copy.clone(), new.clone()]);
    assert_eq!(errors(&folder, &["--since", "main", "--baseline", "baseline.jsonl"]), [copy, new]);
    assert_eq!(errors(&folder, &[]).len(), DRAFTS / 10 + 2);
    assert!(errors(&folder, &["--staged"]).is_empty());

    // of the baseline nothing is lost, and what has been mended is told
    write(&folder, &path(30), draft(31));
    let stale = errors(&folder, &["--baseline", "baseline.jsonl"]);
    assert_eq!(stale.len(), 3);
    assert!(stale.iter().any(|place| place.starts_with("baseline.jsonl:")), "{stale:?}");
}

#[test]
fn a_paragraph_of_another_draft_is_told_of_whether_that_has_changed_or_not() {
    let folder = repository();
    git(folder.path(), &["checkout", "--quiet", "-b", "work"]);
    let across = ["--select", "duplicate/across-files"];
    let told = |arguments: &[&str]| places(folder.path(), &[arguments, &across].concat());
    assert!(told(&[]).is_empty());
    // three paragraphs of an old draft pasted into another, and a new draft with one of these and a set phrase
    let pasted: Vec<String> = draft(7).lines().skip(5).take(3).map(str::to_owned).collect();
    write(&folder, &path(8), format!("{}{}\n", draft(8), pasted.join("\n")));
    let phrase = "以上报告妥否，请予审定；如有不妥之处，请一并指出，以便修改完善。";
    write(&folder, "部门0/新稿.txt", format!("{phrase}\n{}\n", pasted[1]));
    for number in 100..110 {
        write(&folder, &path(number), format!("{}{phrase}\n", draft(number)));
    }
    let old = format!("{}:6:1", path(7));
    let new = ["部门0/新稿.txt:2:1".to_owned(), format!("{}:25:1", path(8))];
    assert_eq!(told(&[]), [new[0].clone(), old, new[1].clone()]);
    assert_eq!(told(&["--since", "main"]), new);
    git(folder.path(), &["add", "--all"]);
    assert_eq!(told(&["--staged"]), new);
    commit(&folder);
    assert_eq!(told(&["--since", "main"]), new);
}

#[test]
fn what_has_changed_is_found_among_many_and_the_times_are_told() {
    let folder = repository();
    git(folder.path(), &["checkout", "--quiet", "-b", "work"]);
    write(&folder, &path(1), draft(1) + "慰问X人。\n");
    let time = |arguments: &[&str]| {
        let begun = Instant::now();
        let places = errors(&folder, arguments);
        (begun.elapsed(), places.len())
    };
    let ((all, many), (since, one)) = (time(&[]), time(&["--since", "main"]));
    assert_eq!((many, one), (DRAFTS / 10 + 1, 1));
    println!("{DRAFTS} drafts: all of them {all:.2?}, --since main {since:.2?}");
    let across = ["--extend-select", "duplicate/across-files"];
    let (all, since) = (time(&across).0, time(&[&["--since", "main"], &across[..]].concat()).0);
    println!("with repeats across files: all of them {all:.2?}, --since main {since:.2?}");
}
