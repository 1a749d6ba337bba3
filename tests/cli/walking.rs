//! Which files are found.

use super::*;

#[test]
fn takes_drafts_and_leaves_other_files_hidden_folders_and_version_control_alone() {
    let draft = UNFINISHED.as_bytes();
    let folder = folder(&[
        ("a.txt", draft),
        ("b.md", draft),
        ("c.MARKDOWN", draft),
        ("d.docx.bak", draft),
        (".hidden/e.txt", draft),
        (".git/f.txt", draft),
        (".g.txt", draft),
    ]);
    assert_eq!(places(folder.path(), &[]), ["a.txt:1:7", "b.md:1:7", "c.MARKDOWN:1:7"]);
}

#[test]
fn a_named_file_is_checked_whatever_its_name() {
    let draft = UNFINISHED.as_bytes();
    let folder = folder(&[(".gitignore", b"*.bak"), ("d.bak", draft), (".g.txt", draft)]);
    assert_eq!(places(folder.path(), &["d.bak", ".g.txt"]), [".g.txt:1:7", "d.bak:1:7"]);
}

#[test]
fn gitignore_files_nest_and_take_back() {
    let draft = UNFINISHED.as_bytes();
    let folder = folder(&[
        (".gitignore", b"old/\n*.draft.txt\n"),
        ("a.txt", draft),
        ("b.draft.txt", draft),
        ("old/c.txt", draft),
        ("deep/.gitignore", b"!keep.draft.txt\n/local.txt\n"),
        ("deep/keep.draft.txt", draft),
        ("deep/drop.draft.txt", draft),
        ("deep/local.txt", draft),
        ("deep/er/local.txt", draft),
    ]);
    let expected = ["a.txt:1:7", "deep/er/local.txt:1:7", "deep/keep.draft.txt:1:7"];
    assert_eq!(places(folder.path(), &[]), expected);
}

#[test]
fn patterns_from_above_hold_up_to_the_root_of_the_repository() {
    let draft = UNFINISHED.as_bytes();
    let folder = folder(&[
        (".gitignore", b"*.txt\n"),
        ("repository/.git/info/exclude", b"c.txt\n"),
        ("repository/.gitignore", b"/drafts/b.txt\n"),
        ("repository/drafts/a.txt", draft),
        ("repository/drafts/b.txt", draft),
        ("repository/drafts/c.txt", draft),
    ]);
    assert_eq!(places(&folder.path().join("repository/drafts"), &["."]), ["a.txt:1:7"]);
}

#[test]
fn a_file_reached_twice_is_checked_once_and_the_order_is_that_of_the_names() {
    let draft = UNFINISHED.as_bytes();
    let folder = folder(&[("b/2.txt", draft), ("a/1.txt", draft), ("b/10.txt", draft)]);
    let expected = ["a/1.txt:1:7", "b/10.txt:1:7", "b/2.txt:1:7"];
    assert_eq!(places(folder.path(), &["b", "a"]), expected);
    assert_eq!(places(folder.path(), &["b/2.txt", "./a/1.txt", ".", "a"]), expected);
}

#[test]
fn many_files_are_reported_in_order() {
    let files: Vec<(String, &[u8])> =
        (0..500).map(|n| (format!("{n:03}.txt"), UNFINISHED.as_bytes())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let expected: Vec<String> = files.iter().map(|(name, _)| format!("{name}:1:7")).collect();
    assert_eq!(places(folder(&files).path(), &[]), expected);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_loop_does_not_catch_the_walk() {
        let folder = folder(&[("a/b.txt", UNFINISHED.as_bytes())]);
        symlink(folder.path(), folder.path().join("a/up")).expect("a link");
        assert_eq!(places(folder.path(), &[]), ["a/b.txt:1:7"]);
    }

    #[test]
    fn a_link_is_followed_when_named() {
        let folder = folder(&[("a/b.txt", UNFINISHED.as_bytes())]);
        symlink(folder.path().join("a"), folder.path().join("link")).expect("a link");
        assert_eq!(places(folder.path(), &["link"]), ["link/b.txt:1:7"]);
    }

    #[test]
    fn a_link_to_nothing_is_an_error_when_named() {
        let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
        symlink("nowhere", folder.path().join("z.txt")).expect("a link");
        assert_eq!(run(folder.path(), &["check", "."]).status, 0);
        let run = run(folder.path(), &["check", "z.txt", "a.txt"]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.starts_with("error: z.txt: no such file or folder"), "{}", run.stderr);
    }

    #[test]
    fn a_name_cannot_take_over_the_terminal() {
        let folder = folder(&[("a\u{1b}[2J.txt", UNFINISHED.as_bytes())]);
        assert_eq!(places(folder.path(), &[]), ["a\\u{1b}[2J.txt:1:7"]);
    }
}
