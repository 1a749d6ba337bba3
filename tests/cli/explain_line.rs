//! `dinggao check --explain-line`: why, and why not.

use super::*;

fn explain(text: &str, line: usize) -> String {
    let folder = folder(&[("a.txt", text.as_bytes())]);
    let run = run(folder.path(), &["check", "--explain-line", &format!("a.txt:{line}")]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    run.stdout
}

/// The lines about the place at `column` of line 1.
fn place(told: &str, column: usize) -> Vec<String> {
    let head = format!("a.txt:1:{column} ");
    let lines = told.lines().skip_while(|line| !line.starts_with(&head)).take_while(|line| !line.is_empty());
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_finding_is_told_with_what_made_it_one() {
    let told = explain(UNFINISHED, 1);
    let place = place(&told, 7);
    assert_eq!(place[0], "a.txt:1:7  全年完成接待⟦X⟧人次。");
    assert!(
        place[1].starts_with("placeholder/mask: a finding (error): `X` is still to be filled in"),
        "{told}"
    );
    assert!(place[2].starts_with("rules/placeholder/mask.toml:"), "{told}");
    assert!(told.ends_with("\nNo rule has anything to look at in the rest of this line.\n"), "{told}");
}

#[test]
fn what_is_left_alone_is_told_with_the_condition_and_its_reason() {
    let told = explain("他买了一部 iPhone X。\n", 1);
    let place = place(&told, 14);
    assert_eq!(place[1], "placeholder/mask: left alone");
    assert!(place[2].ends_with(": 英文单词、型号、路径、算式的一部分"), "{told}");
    assert!(place[3].starts_with("before '["), "{told}");
    let rules = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/placeholder/mask.toml"));
    let line = place[2].split(':').nth(1).and_then(|line| line.parse::<usize>().ok()).expect("a line");
    let named = rules.expect("the rule").lines().nth(line - 1).map(str::to_owned);
    assert!(named.is_some_and(|named| named.starts_with("when.before")), "{told}");
}

#[test]
fn markers_are_told_with_their_numbers_and_what_is_none_with_what_says_so() {
    let told = explain("一是甲。三是乙，第一书记一是丙。前一、二年级学生。", 1);
    assert_eq!(place(&told, 1)[1], "sequence: marker 1 of the kind inline");
    assert_eq!(place(&told, 5)[1], "sequence: marker 3 of the kind inline");
    assert!(place(&told, 5)[2].starts_with("sequence/missing: a finding (error): "), "{told}");
    assert_eq!(place(&told, 13)[1], "sequence: no marker: none of its kind stands in such a place");
    assert!(place(&told, 13)[2].starts_with("rules/sequence.toml:"), "{told}");
    let unless = explain("一是一，二是二。", 1);
    assert_eq!(place(&unless, 1)[1], "sequence: no marker");
    assert!(place(&unless, 1)[2].ends_with(": 一是一，二是二"), "{unless}");
}

#[test]
fn announcements_are_told_with_what_they_were_compared_with() {
    let told = explain("有两个特点：一是甲。二是乙。", 1);
    assert_eq!(place(&told, 2)[1], "sequence/count: as many are listed");
    let told = explain("有四个特点：一是甲。二是乙。", 1);
    assert!(place(&told, 2)[1].starts_with("sequence/count: a finding (error): "), "{told}");
}

#[test]
fn what_spans_lines_is_told_on_each_and_other_lines_are_not_spoken_of() {
    let text = "他说“好。\n\n全年完成接待X人次。";
    assert!(explain(text, 1).contains("pair/unclosed: a finding (error): "));
    assert_eq!(explain("甲。\n乙X丙\n", 1), "No rule has anything to look at on this line.\n");
    assert_eq!(
        explain(text, 2),
        "This line holds no prose: it is blank, code, an address or front matter.\n"
    );
}

#[test]
fn only_the_rules_chosen_are_asked() {
    let folder = folder(&[("a.md", "# 稿\n\n完成**X**项，`X`。一是".as_bytes())]);
    let told = |arguments: &[&str]| {
        let all: Vec<&str> = ["check", "--explain-line", "a.md:3"].iter().chain(arguments).copied().collect();
        run(folder.path(), &all).stdout
    };
    assert!(told(&[]).contains("a.md:3:5  完成**⟦X⟧**项"), "{}", told(&[]));
    assert!(told(&[]).contains("sequence: "));
    assert!(!told(&["--ignore", "sequence"]).contains("sequence: "));
    assert!(told(&["--lang", "zh"]).ends_with("这一行的其他文字，没有规则要看。\n"));
}

#[test]
fn standard_input_has_lines_too() {
    let run = with_stdin(&["check", "--explain-line", "-:1"], UNFINISHED.as_bytes());
    assert!(run.stdout.starts_with("<stdin>:1:7  "), "{}", run.stdout);
}

#[test]
fn a_line_that_is_not_there_is_an_error() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    let asked = |line: &str| run(folder.path(), &["check", "--explain-line", line]);
    assert_eq!(
        (asked("a.txt:9").status, &*asked("a.txt:9").stderr),
        (2, "error: a.txt: there is no line 9; the last is 2\n")
    );
    assert_eq!(
        (asked("b.txt:1").status, &*asked("b.txt:1").stderr),
        (2, "error: b.txt: no such file or folder\n")
    );
    assert_eq!((asked("a.txt").status, asked("a.txt:0").status), (2, 2));
    assert_eq!(run(folder.path(), &["check", "--explain-line", "a.txt:1", "a.txt"]).status, 2);
}
