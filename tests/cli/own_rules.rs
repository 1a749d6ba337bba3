//! Rules of a user's own: `dinggao.toml`, folders of rule files, and `dinggao rules --check`.

use super::*;

const RULE: &str = r#"severity = "error"
summary = "“县委县政府”中间要加顿号"
message = "“{text}”应写作“县委、县政府”"
explanation = "两个单位并列，中间用顿号隔开。"

[pattern]
shapes = [{ find = '县委县政府' }]

[[pattern.context]]
when.before = '“'
when.after = '”'
when.reason = "引号里的原话照录"
when.example = "墙上写着“县委县政府”五个字。"

[[bad]]
text = "⟦县委县政府⟧高度重视。"

[[good]]
text = "县委、县政府高度重视。"
"#;
const CONFIG: &str = "rules = ['./house-rules']\n";
const DRAFT: &str = "县委县政府高度重视。\n";

/// A folder with a draft, a rule and a configuration.
fn office(config: &str, rule: &str) -> TempDir {
    let files = [
        ("dinggao.toml", config),
        ("house-rules/house/title.toml", rule),
        ("drafts/a.txt", DRAFT),
        ("b.txt", UNFINISHED),
    ];
    folder(&files.map(|(path, text)| (path, text.as_bytes())))
}

fn error(config: &str, rule: &str) -> String {
    let run = run(office(config, rule).path(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    run.stderr
}

#[test]
fn are_run_with_the_others_wherever_below_the_configuration() {
    let office = office(CONFIG, RULE);
    assert_eq!(places(office.path(), &[]), ["b.txt:1:7", "drafts/a.txt:1:1"]);
    assert_eq!(places(&office.path().join("drafts"), &[]), ["a.txt:1:1"]);
    assert_eq!(places(office.path(), &["--no-config"]), ["b.txt:1:7"]);
    assert_eq!(places(office.path(), &["--select", "house"]), ["drafts/a.txt:1:1"]);
}

#[test]
fn are_listed_and_explained_with_the_others() {
    let office = office(CONFIG, RULE);
    let table = |arguments: &[&str]| run(office.path(), arguments).stdout;
    assert!(table(&["rules"]).contains("\nhouse/title "), "{}", table(&["rules"]));
    assert!(!table(&["rules", "--no-config"]).contains("house/title"));
    assert!(table(&["rules", "--output-format", "json"]).contains("\"house/title\""));
    assert!(table(&["explain", "house/title"]).starts_with("house/title (error): "));
}

#[test]
fn severities_are_changed_by_id_and_by_family() {
    let office = office("[rule.placeholder]\nseverity = 'info'\n", RULE);
    let run = run(office.path(), &["check", "--output-format", "short"]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.starts_with("b.txt:1:7: info[placeholder/mask] "), "{}", run.stdout);
}

#[test]
fn limits_are_changed_in_a_file_of_the_family() {
    let twice = "全体干部职工要认真学习领会会议精神并抓好贯彻落实。\n".repeat(2);
    let limit = "[repeat]\nmin_chars = 40\n";
    let files = [("dinggao.toml", CONFIG), ("house-rules/duplicate.toml", limit), ("a.txt", &twice)];
    let folder = folder(&files.map(|(path, text)| (path, text.as_bytes())));
    assert_eq!(run(folder.path(), &["check"]).status, 0);
    assert_eq!(run(folder.path(), &["check", "--no-config"]).status, 1);
}

#[test]
fn what_a_configuration_cannot_mean_is_an_error_with_its_place() {
    let unknown = error("# 本单位\nruels = []\n", RULE);
    assert!(unknown.starts_with("error: dinggao.toml:2: unknown field `ruels`"), "{unknown}");
    assert!(unknown.ends_with("; did you mean `rules`?\n"), "{unknown}");
    assert_eq!(
        error("[rule.'placeholder/msak']\nseverity = 'info'\n", RULE),
        "error: dinggao.toml:1: no rule is called `placeholder/msak`; did you mean `placeholder/mask`?\n"
    );
    let severity = error("[rule.placeholder]\nseverity = 'eror'\n", RULE);
    assert!(severity.ends_with("; did you mean `error`?\n"), "{severity}");
    assert_eq!(error("rules = ['rules']\n", RULE), "error: dinggao.toml:1: rules: no such file or folder\n");
}

#[test]
fn a_configuration_above_is_named_from_where_the_user_stands() {
    let office = office(CONFIG, &RULE.replace("find =", "fnid ="));
    let run = run(&office.path().join("drafts"), &["check"]);
    assert!(run.stderr.starts_with("error: ../house-rules/house/title.toml:"), "{}", run.stderr);
    assert!(run.stderr.ends_with("; did you mean `find`?\n"), "{}", run.stderr);
}

#[test]
fn one_that_does_not_hold_its_examples_does_not_load() {
    let rule = RULE.replace("⟦县委县政府⟧", "⟦县委⟧县政府");
    let said = error(CONFIG, &rule);
    assert!(said.starts_with("error: house-rules/house/title.toml:"), "{said}");
    assert!(said.contains(": the example does not hold: expected “⟦县委⟧县政府"), "{said}");
}

#[test]
fn a_file_that_windows_wrote_is_read() {
    let rule = format!("\u{feff}{}", RULE.replace('\n', "\r\n"));
    assert_eq!(places(office(&format!("\u{feff}{CONFIG}"), &rule).path(), &["drafts"]), ["drafts/a.txt:1:1"]);
    let gbk = folder(&[("dinggao.toml", b"# \xbd\xd3\xb4\xfd\n"), ("a.txt", FINISHED.as_bytes())]);
    let run = run(gbk.path(), &["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (2, "error: dinggao.toml: not UTF-8; save it as UTF-8\n"));
}

#[test]
fn can_be_tried_out() {
    let office = office("", RULE);
    let tried = run(office.path(), &["rules", "--check", "house-rules"]);
    assert_eq!(
        (tried.status, tried.stdout.as_str(), tried.stderr.as_str()),
        (0, "1 rule, 3 examples hold\n", "")
    );
}

#[test]
fn all_that_does_not_hold_is_told_when_they_are_tried_out() {
    let wrong = RULE.replace("⟦县委县政府⟧", "⟦县委⟧县政府").replace("县委、县政府", "县委县政府");
    let office = office("", &wrong);
    let tried = run(office.path(), &["rules", "--check", "house-rules"]);
    assert_eq!((tried.status, tried.stderr.as_str()), (1, ""));
    assert!(tried.stdout.ends_with("1 rule, 3 examples, 2 of them do not hold\n"), "{}", tried.stdout);
    assert_eq!(tried.stdout.matches("house-rules/house/title.toml:").count(), 2, "{}", tried.stdout);
}

#[test]
fn what_cannot_be_tried_out_is_an_error_and_the_rest_is_tried() {
    let files =
        [("r/house/a.toml", "severity = 'no'\n"), ("r/house/b.toml", RULE), ("r/readme.md", "# rules\n")];
    let folder = folder(&files.map(|(path, text)| (path, text.as_bytes())));
    let tried = run(folder.path(), &["rules", "--check", "r"]);
    assert_eq!((tried.status, tried.stdout.as_str()), (2, "1 rule, 3 examples hold\n"));
    assert!(tried.stderr.starts_with("error: r/house/a.toml:1: unknown variant `no`"), "{}", tried.stderr);
    let none = run(folder.path(), &["rules", "--check", "none"]);
    assert_eq!((none.status, none.stderr.as_str()), (2, "error: none: no such file or folder\n"));
    let empty = run(folder.path(), &["rules", "--check", "r/house"]);
    assert_eq!(empty.status, 2);
}
