//! `--since` and `--staged`: only what has changed, asked of git.

use super::*;

/// Runs git in a folder, untouched by what the user has set.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    git.args(["-c", "user.name=甲", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]);
    let output = git.args(arguments).output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A repository whose first commit, `main`, has these files; another branch is checked out.
pub(super) fn repository(files: &[(&str, &[u8])]) -> TempDir {
    let folder = folder(files);
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder);
    git(folder.path(), &["checkout", "--quiet", "-b", "work"]);
    folder
}

pub(super) fn commit(folder: &TempDir) {
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message", "稿"]);
}

pub(super) fn write(folder: &TempDir, path: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.path().join(path), text).expect("a file");
}

const OLD: &str = "完成接待X人次。\n走访二十户。\n慰问X人。\n";
const NEW: &str = "完成接待X人次。\n走访X户。\n慰问X人。\n";
const NOTHING: [&str; 0] = [];

#[test]
fn lines_changed_since_a_revision_are_told_committed_or_not() {
    let folder = repository(&[("草稿/一 稿.txt", OLD.as_bytes()), ("b.txt", OLD.as_bytes())]);
    assert_eq!(places(folder.path(), &["--since", "main"]), NOTHING);
    write(&folder, "草稿/一 稿.txt", NEW);
    commit(&folder);
    write(&folder, "b.txt", OLD.replace("慰问", "看望慰问"));
    write(&folder, "c.txt", UNFINISHED);
    let expected = ["b.txt:3:5", "c.txt:1:7", "草稿/一 稿.txt:2:3"];
    assert_eq!(places(folder.path(), &["--since", "main"]), expected);
    assert_eq!(places(folder.path(), &["--since", "HEAD"]), expected[..2]);
    assert_eq!(places(&folder.path().join("草稿"), &["--since", "main"]), ["一 稿.txt:2:3"]);
    assert_eq!(places(folder.path(), &["--since", "main", "b.txt"]), expected[..1]);
}

#[test]
fn what_others_have_changed_since_is_not_told() {
    let folder = repository(&[("a.txt", OLD.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    git(folder.path(), &["checkout", "--quiet", "main"]);
    write(&folder, "b.txt", UNFINISHED);
    commit(&folder);
    git(folder.path(), &["checkout", "--quiet", "work"]);
    write(&folder, "a.txt", NEW);
    assert_eq!(places(folder.path(), &["--since", "main"]), ["a.txt:2:3"]);
}

#[test]
fn a_moved_file_is_not_new_and_a_file_in_utf_16_is_new_as_a_whole() {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let long = "一条一条抓好落实。\n".repeat(20) + OLD;
    let folder = repository(&[("a.txt", long.as_bytes()), ("u.txt", &utf16(OLD))]);
    git(folder.path(), &["mv", "a.txt", "moved.txt"]);
    write(&folder, "u.txt", utf16(NEW));
    assert_eq!(places(folder.path(), &["--since", "main"]), ["u.txt:1:5", "u.txt:2:3", "u.txt:3:3"]);
}

#[test]
fn what_a_removed_line_leaves_behind_is_told() {
    let folder = repository(&[("a.txt", "一是甲。\n二是乙。\n三是丙。\n完成X项。\n".as_bytes())]);
    write(&folder, "a.txt", "一是甲。\n三是丙。\n完成X项。\n");
    assert_eq!(places(folder.path(), &["--since", "main", "--select", "sequence"]), ["a.txt:2:1"]);
}

#[test]
fn a_paragraph_pasted_from_elsewhere_in_the_draft_is_told() {
    let paragraph = "办公室的工作就是要紧紧围绕中心工作，积极建言献策，当好参谋助手。\n";
    let folder = repository(&[("a.txt", paragraph.as_bytes())]);
    write(&folder, "a.txt", format!("{paragraph}下一步，各科室要抓好落实。\n{paragraph}"));
    assert_eq!(places(folder.path(), &["--since", "main"]), ["a.txt:3:1"]);
}

#[test]
fn what_is_staged_is_read_as_it_is_staged() {
    let folder = repository(&[("a.txt", OLD.as_bytes()), ("dinggao.toml", b"exclude = ['old/']\n")]);
    write(&folder, "a.txt", NEW);
    fs::create_dir(folder.path().join("old")).expect("a folder");
    write(&folder, "old/b.txt", UNFINISHED);
    write(&folder, "notes.rtf", UNFINISHED);
    write(&folder, "new\".md", UNFINISHED);
    git(folder.path(), &["add", "--all"]);
    // in the work tree all is well, or gone
    write(&folder, "a.txt", FINISHED);
    fs::remove_file(folder.path().join("new\".md")).expect("a file");
    write(&folder, "c.txt", UNFINISHED);
    assert_eq!(places(folder.path(), &["--staged"]), ["a.txt:2:3", "new\".md:1:7"]);
    let run = run(folder.path(), &["check", "--staged"]);
    assert!(run.stdout.contains("2 │ 走访X户。"), "{}", run.stdout);
}

#[test]
fn the_first_commit_can_be_staged_too() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes())]);
    git(folder.path(), &["init", "--quiet"]);
    assert_eq!(places(folder.path(), &["--staged"]), NOTHING);
    git(folder.path(), &["add", "a.txt"]);
    assert_eq!(places(folder.path(), &["--staged"]), ["a.txt:1:7"]);
}

#[test]
fn without_a_repository_or_revision_the_run_fails() {
    let none = folder(&[("a.txt", UNFINISHED.as_bytes())]);
    for option in [&["--staged"][..], &["--since", "main"]] {
        let run = run(none.path(), &[&["check"], option].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert_eq!(run.stderr, "error: this is not a git repository\n");
    }
    let folder = repository(&[("a.txt", UNFINISHED.as_bytes())]);
    for revision in ["gone", "--all", "main:a.txt"] {
        let run = run(folder.path(), &["check", &format!("--since={revision}")]);
        let said = format!("error: --since: the repository has no revision `{revision}`\n");
        assert_eq!((run.status, run.stderr), (2, said));
    }
}
