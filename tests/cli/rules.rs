//! Choosing, listing and explaining rules.

use super::*;

#[test]
fn can_be_chosen_and_left_out() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes())]);
    let none: [&str; 0] = [];
    assert_eq!(places(folder.path(), &["--select", "placeholder"]), ["a.txt:1:7"]);
    assert_eq!(places(folder.path(), &["--select", "sequence,pair"]), none);
    assert_eq!(places(folder.path(), &["--ignore", "placeholder/mask"]), none);
}

#[test]
fn must_exist() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    for arguments in [&["check", "--select", "placeholder/msak"][..], &["explain", "placeholder/msak"]] {
        let run = run(folder.path(), arguments);
        assert_eq!(run.status, 2);
        let error = "error: no rule is called `placeholder/msak`; did you mean `placeholder/mask`?\n";
        assert_eq!(run.stderr, error);
    }
}

#[test]
fn are_listed_and_explained() {
    let folder = folder(&[]);
    let table = run(folder.path(), &["rules"]).stdout;
    assert!(table.lines().any(|line| line.starts_with("placeholder/mask ")), "{table}");
    assert_eq!(run(folder.path(), &["explain"]).stdout, table);
    let json = run(folder.path(), &["rules", "--output-format", "json"]).stdout;
    let list: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(table.lines().count()));
    let markdown = run(folder.path(), &["rules", "--output-format", "markdown"]).stdout;
    assert_eq!(markdown.lines().next(), Some("| Rule | Severity | What it finds | 说明 |"));
    assert!(table.contains("A paragraph stands in other drafts, too (off by default)\n"), "{table}");
    let across = run(folder.path(), &["explain", "duplicate/across-files"]).stdout;
    assert!(across.contains("\n  | 去年的总结\n"), "the drafts beside an example: {across}");
    let explained = run(folder.path(), &["explain", "placeholder/mask"]).stdout;
    assert!(explained.starts_with("placeholder/mask (error): "), "{explained}");
    assert!(explained.contains('^') && !explained.contains('⟦'), "{explained}");
}
