//! `check --fix` and `check --diff`: what is changed, what is not, and what is said of it.

use super::changes::{git, repository, write};
use super::*;

/// A draft with something to fix on its first line, a place to fill on its second, and what a person should look at.
const DRAFT: &str = "各县（市)要抓好落实，，务求实效。\n完成接待X人次。\n一是抓学习，三是抓落实。\n";
const SAFE: &str = "各县（市）要抓好落实，务求实效。\n完成接待X人次。\n一是抓学习，三是抓落实。\n";
const ALL: &str = "各县（市）要抓好落实，务求实效。\n完成接待X人次。\n一是抓学习，二是抓落实。\n";

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).expect("the file is there")
}

fn check(folder: &TempDir, arguments: &[&str]) -> Run {
    run(folder.path(), &[&["check"], arguments].concat())
}

#[test]
fn safe_fixes_are_made_and_what_is_left_is_told() {
    let folder = folder(&[("a.txt", DRAFT.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    let fixed = check(&folder, &["--fix"]);
    assert_eq!(read(&folder, "a.txt"), SAFE);
    assert_eq!(read(&folder, "b.txt"), FINISHED);
    assert_eq!((fixed.status, fixed.stderr.as_str()), (1, "fixed 2 places in 1 file\n"));
    assert!(fixed.stdout.contains("[placeholder/mask]"), "{}", fixed.stdout);
    assert!(!fixed.stdout.contains("[text/doubled]"), "{}", fixed.stdout);
    let again = check(&folder, &["--fix"]);
    assert_eq!((again.status, again.stderr.as_str()), (1, ""));
    assert_eq!(again.stdout, fixed.stdout);
}

#[test]
fn unsafe_fixes_are_made_when_asked_for() {
    let folder = folder(&[("a.txt", DRAFT.as_bytes())]);
    let fixed = check(&folder, &["--fix", "--unsafe-fixes", "--lang", "zh"]);
    assert_eq!(read(&folder, "a.txt"), ALL);
    assert_eq!((fixed.status, fixed.stderr.as_str()), (1, "已改 3 处，涉及 1 个文件。\n"));
    assert_eq!(check(&folder, &["--unsafe-fixes"]).status, 2, "nothing is to be fixed");
}

#[test]
fn a_report_says_what_could_be_fixed() {
    let folder = folder(&[("a.txt", DRAFT.as_bytes())]);
    let closing =
        |arguments: &[&str]| check(&folder, arguments).stdout.lines().last().expect("a line").to_owned();
    let both = "2 can be fixed with `check --fix`, 1 more with `--unsafe-fixes`; look at what that does";
    assert_eq!(closing(&[]), both);
    let rest = "1 can be fixed with `check --fix --unsafe-fixes`; look at what it does";
    assert_eq!(closing(&["--fix"]), rest);
    assert_eq!(closing(&["--lang", "zh"]), "其中 1 处可用 check --fix --unsafe-fixes 改，改后请过目。");
}

#[test]
fn a_diff_shows_what_would_change_and_changes_nothing() {
    let folder = folder(&[("a.txt", DRAFT.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    let diff = check(&folder, &["--diff"]);
    assert_eq!(read(&folder, "a.txt"), DRAFT);
    assert_eq!((diff.status, diff.stderr.as_str()), (1, "would change 2 places in 1 file\n"));
    let expected = "--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n-各县（市)要抓好落实，，务求实效。\n\
                    +各县（市）要抓好落实，务求实效。\n 完成接待X人次。\n";
    assert_eq!(diff.stdout, expected);
    // what is left of the findings is no difference
    fs::write(folder.path().join("a.txt"), SAFE).expect("a file");
    let none = check(&folder, &["--diff"]);
    assert_eq!((none.status, none.stdout.as_str(), none.stderr.as_str()), (0, "", ""));
    assert_eq!(check(&folder, &["--diff", "--unsafe-fixes"]).status, 1);
    assert_eq!(check(&folder, &["--diff", "--output-format", "json"]).status, 2);
}

#[test]
fn a_diff_can_be_applied() {
    let folder = repository(&[("草稿/a.txt", DRAFT.replace('\n', "\r\n").trim_end().as_bytes())]);
    let diff = check(&folder, &["--diff", "--unsafe-fixes"]);
    fs::write(folder.path().join("diff"), &diff.stdout).expect("a file");
    git(folder.path(), &["apply", "-p0", "diff"]);
    assert_eq!(read(&folder, "草稿/a.txt"), ALL.replace('\n', "\r\n").trim_end());
}

#[test]
fn standard_input_goes_to_standard_output_and_the_report_aside() {
    let fixed = with_stdin(&["check", "--fix", "-"], DRAFT.as_bytes());
    assert_eq!((fixed.status, fixed.stdout.as_str()), (1, SAFE));
    assert!(fixed.stderr.contains("[placeholder/mask]"), "{}", fixed.stderr);
    assert!(fixed.stderr.ends_with("fixed 2 places in 1 file\n"), "{}", fixed.stderr);
    let same = with_stdin(&["check", "--fix", "-"], FINISHED.as_bytes());
    assert_eq!((same.status, same.stdout.as_str()), (0, FINISHED));
    let diff = with_stdin(&["check", "--diff", "-"], DRAFT.as_bytes());
    assert!(diff.stdout.starts_with("--- <stdin>\n+++ <stdin>\n"), "{}", diff.stdout);
}

/// A text in an encoding, with a byte order mark where the label says so.
fn encoded(text: &str, label: &str) -> Vec<u8> {
    let utf16 = |order: fn(u16) -> [u8; 2]| {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect::<Vec<u8>>()
    };
    match label {
        "utf-8" => text.as_bytes().to_vec(),
        "utf-8 with bom" => format!("\u{feff}{text}").into_bytes(),
        "utf-16le" => utf16(u16::to_le_bytes),
        "utf-16be" => utf16(u16::to_be_bytes),
        label => {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("an encoding");
            let (bytes, _, lossy) = encoding.encode(text);
            assert!(!lossy, "{text} in {label}");
            bytes.into_owned()
        }
    }
}

#[test]
fn encodings_and_line_ends_stay() {
    for label in ["utf-8", "utf-8 with bom", "utf-16le", "utf-16be", "gb18030"] {
        for line_end in ["\n", "\r\n", "\r"] {
            let [draft, fixed] = [DRAFT, SAFE].map(|text| encoded(&text.replace('\n', line_end), label));
            let folder = folder(&[("a.txt", &draft)]);
            check(&folder, &["--fix"]);
            let written = fs::read(folder.path().join("a.txt")).expect("a file");
            assert_eq!(written, fixed, "{label} {line_end:?}");
        }
    }
}

#[test]
fn bytes_that_could_be_written_in_two_ways_stay_as_they_are() {
    // 0x80 and 0xA2 0xE3 are both €
    let draft = [&b"\x80\xa2\xe3"[..], &encoded("各县（市)要抓好落实。", "gbk")].concat();
    let folder = folder(&[("a.txt", &draft)]);
    check(&folder, &["--fix", "--encoding", "gbk"]);
    let expected = [&b"\x80\xa2\xe3"[..], &encoded("各县（市）要抓好落实。", "gbk")].concat();
    assert_eq!(fs::read(folder.path().join("a.txt")).expect("a file"), expected);
}

#[test]
fn what_an_encoding_cannot_hold_is_an_error_and_the_file_stays() {
    let jis = encoded("各県（市)、，郡部", "iso-2022-jp");
    let folder = folder(&[("a.txt", &jis)]);
    let fixed = check(&folder, &["--fix", "a.txt", "--encoding", "iso-2022-jp"]);
    assert_eq!(fixed.status, 2);
    let error = "error: a.txt: a file in ISO-2022-JP cannot be changed in places; save it as UTF-8 first\n";
    assert_eq!(fixed.stderr, error);
    assert!(fixed.stdout.contains("[pair/width]"), "what is left is told: {}", fixed.stdout);
    assert_eq!(fs::read(folder.path().join("a.txt")).expect("a file"), jis);
}

#[test]
fn what_cannot_be_written_is_an_error_and_the_others_are_fixed() {
    let folder = folder(&[("a.txt", DRAFT.as_bytes()), ("b.txt", DRAFT.as_bytes())]);
    let path = folder.path().join("a.txt");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("permissions");
    let fixed = check(&folder, &["--fix"]);
    assert_eq!(fixed.status, 2);
    assert_eq!(fixed.stderr, "fixed 2 places in 1 file\nerror: a.txt: permission denied\n");
    assert_eq!((read(&folder, "a.txt").as_str(), read(&folder, "b.txt").as_str()), (DRAFT, SAFE));
}

#[cfg(unix)]
#[test]
fn permissions_and_symbolic_links_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[("a.txt", DRAFT.as_bytes())]);
    let path = folder.path().join("a.txt");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");
    std::os::unix::fs::symlink("a.txt", folder.path().join("link.txt")).expect("a link");
    check(&folder, &["--fix", "link.txt"]);
    assert_eq!(read(&folder, "a.txt"), SAFE);
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.path().join("link.txt")).expect("a link").is_symlink());
}

#[test]
fn what_is_not_reported_is_not_fixed() {
    let folder = folder(&[("a.txt", DRAFT.as_bytes()), ("b.md", DRAFT.as_bytes())]);
    check(&folder, &["--fix", "--ignore", "pair", "a.txt"]);
    assert_eq!(read(&folder, "a.txt"), SAFE.replacen("（市）", "（市)", 1));
    check(&folder, &["--fix", "--select", "sequence", "--unsafe-fixes", "a.txt"]);
    assert_eq!(read(&folder, "a.txt"), ALL.replacen("（市）", "（市)", 1));
    let comment = "<!-- dinggao: ignore-file text -->\n\n";
    fs::write(folder.path().join("b.md"), format!("{comment}{DRAFT}")).expect("a file");
    check(&folder, &["--fix", "b.md"]);
    assert_eq!(read(&folder, "b.md"), format!("{comment}{}", SAFE.replacen("实，", "实，，", 1)));
}

#[test]
fn what_is_allowed_or_in_the_baseline_is_not_fixed_whatever_changes_beside_it() {
    // the two are so near that each belongs to what the other is known by
    const NEAR: &str = "各县（市)要抓好，，落实。\n";
    let folder = folder(&[("a.txt", NEAR.as_bytes()), ("b.txt", NEAR.as_bytes())]);
    check(&folder, &["--write-baseline", "baseline", "--select", "pair", "b.txt"]);
    let allow = ["allow", "a.txt:1", "--rule", "pair/width", "--reason", "系统自动生成"];
    assert_eq!(run(folder.path(), &allow).status, 0);
    check(&folder, &["--fix", "--baseline", "baseline"]);
    let expected = NEAR.replace("，，", "，");
    assert_eq!((read(&folder, "a.txt"), read(&folder, "b.txt")), (expected.clone(), expected));
}

#[test]
fn only_what_has_changed_since_a_revision_is_fixed() {
    let old = "各县（市)要抓好落实。\n完成任务。\n";
    let folder = repository(&[("a.txt", old.as_bytes()), ("b.txt", old.as_bytes())]);
    write(&folder, "a.txt", old.replace("完成任务", "完成，，任务"));
    let fixed = check(&folder, &["--fix", "--since", "main"]);
    assert_eq!((fixed.status, fixed.stderr.as_str()), (0, "fixed 1 place in 1 file\n"));
    let expected = old.replace("完成任务", "完成，任务");
    assert_eq!((read(&folder, "a.txt"), read(&folder, "b.txt")), (expected, old.to_owned()));
}

#[test]
fn lines_that_a_fix_takes_away_do_not_move_what_has_changed() {
    let again = "办公室的工作就是要紧紧围绕中心工作，积极建言献策，当好参谋助手。\n";
    let old = format!("{again}下一步，各科室要抓好落实。\n甲。\n乙。\n完成接待X人次。\n丙。\n");
    let folder = repository(&[("a.txt", old.as_bytes())]);
    write(&folder, "a.txt", old.replace("甲", again.trim_end()).replace("丙。", "走访X户。"));
    let fixed = check(&folder, &["--fix", "--unsafe-fixes", "--since", "main", "--output-format", "short"]);
    assert_eq!(read(&folder, "a.txt"), old.replace("甲。\n", "").replace("丙。", "走访X户。"));
    assert!(fixed.stdout.starts_with("a.txt:5:3: "), "{}", fixed.stdout);
    assert_eq!(fixed.stdout.lines().count(), 1);
}

#[test]
fn what_is_staged_is_not_fixed_but_shown() {
    let folder = repository(&[("a.txt", FINISHED.as_bytes())]);
    write(&folder, "a.txt", DRAFT);
    git(folder.path(), &["add", "--all"]);
    let refused = check(&folder, &["--fix", "--staged"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""));
    assert!(refused.stderr.starts_with("error: --staged reads the index and --fix"), "{}", refused.stderr);
    assert_eq!(read(&folder, "a.txt"), DRAFT);
    write(&folder, "a.txt", FINISHED);
    let shown = check(&folder, &["--diff", "--staged"]);
    assert!(shown.stdout.contains("\n+各县（市）要抓好落实，务求实效。\n"), "{}", shown.stdout);
}

#[test]
fn a_report_for_programs_is_of_what_is_left() {
    let folder = folder(&[("a.txt", DRAFT.as_bytes())]);
    let report: serde_json::Value =
        serde_json::from_str(&check(&folder, &["--fix", "--output-format", "json"]).stdout).expect("JSON");
    let rules: Vec<&str> = report["diagnostics"]
        .as_array()
        .expect("an array")
        .iter()
        .filter_map(|one| one["rule"].as_str())
        .collect();
    assert_eq!(rules, ["placeholder/mask", "sequence/missing"]);
    let fix = &report["diagnostics"][1]["fix"];
    assert_eq!(fix["applicability"], "unsafe");
    assert_eq!(fix["edits"][0]["text"], "二");
}

#[test]
fn many_places_that_are_told_as_one_are_all_fixed() {
    let text = "认真学习,深入研究,抓好落实。\n".repeat(40);
    let folder = folder(&[("a.txt", text.as_bytes())]);
    let fixed = check(&folder, &["--fix", "--ignore", "duplicate"]);
    assert_eq!(read(&folder, "a.txt"), text.replace(',', "，"));
    assert_eq!((fixed.status, fixed.stderr.as_str()), (0, "fixed 80 places in 1 file\n"));
}
