//! What is made of their bytes.

use super::*;

#[test]
fn standard_input() {
    let run = with_stdin(&["check", "--output-format", "short", "-"], UNFINISHED.as_bytes());
    assert_eq!(run.status, 1);
    assert!(run.stdout.starts_with("<stdin>:1:7: error[placeholder/mask] "), "{}", run.stdout);
}

#[test]
fn nothing_at_all() {
    assert_eq!(with_stdin(&["check", "-"], b"").status, 0);
    let folder = folder(&[("empty.txt", b"")]);
    assert_eq!(run(folder.path(), &["check"]).stdout, "found nothing in 1 file\n");
}

#[test]
fn positions_count_every_kind_of_line_end_and_no_byte_order_mark() {
    let text = format!("\u{feff}甲\r\n乙\r{UNFINISHED}");
    let folder = folder(&[("a.txt", text.as_bytes())]);
    assert_eq!(places(folder.path(), &[]), ["a.txt:3:7"]);
}

#[test]
fn a_binary_file_is_passed_over_in_a_folder_and_an_error_by_name() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes()), ("b.txt", b"\x7fELF\0\0\0\x01\0\0\0\xff\xfe\0")]);
    let walked = run(folder.path(), &["check"]);
    assert_eq!((walked.status, walked.stdout.as_str()), (0, "found nothing in 1 file\n"));
    let named = run(folder.path(), &["check", "b.txt", "a.txt"]);
    assert_eq!((named.status, named.stderr.as_str()), (2, "error: b.txt: not a text file\n"));
}

#[test]
fn what_cannot_be_decoded_is_told_with_its_place_and_the_rest_is_checked() {
    let folder = folder(&[("a.txt", b"plain text\xff and more"), ("b.txt", UNFINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "--encoding", "utf-8"]);
    assert_eq!(run.status, 2);
    assert!(run.stdout.ends_with("found 1 error in 1 of 1 file\n"), "{}", run.stdout);
    assert!(run.stderr.starts_with("error: a.txt: not valid UTF-8 at byte 10"), "{}", run.stderr);
    assert!(run.stderr.contains("--encoding"), "{}", run.stderr);
}

#[test]
fn an_encoding_can_be_named_and_must_exist() {
    let folder = folder(&[("a.txt", b"\xbd\xd3\xb4\xfdX\xc8\xcb\xb4\xce\xa1\xa3")]);
    assert_eq!(places(folder.path(), &["--encoding", "gbk"]), ["a.txt:1:3"]);
    let run = run(folder.path(), &["check", "--encoding", "klingon"]);
    assert_eq!(
        (run.status, run.stderr.as_str()),
        (2, "error: --encoding: no encoding is called `klingon`\n")
    );
}
