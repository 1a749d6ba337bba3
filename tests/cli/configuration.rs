//! dinggao.toml: where it is found, what it says of which drafts, and what it cannot say.

use super::*;

/// A folder with these files, given as text.
fn office(files: &[(&str, &str)]) -> TempDir {
    folder(&files.iter().map(|(path, text)| (*path, text.as_bytes())).collect::<Vec<_>>())
}

/// The findings as `path: severity[rule]`.
fn found(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    let all = [&["check", "--output-format", "short"], arguments].concat();
    let run = run(folder.path(), &all);
    let line = |line: &str| {
        let (path, rest) = line.split_once(':').expect("a path");
        let rule = rest.split_whitespace().nth(1).expect("a rule");
        format!("{path}: {rule}")
    };
    assert_ne!(run.status, 2, "{}", run.stderr);
    run.stdout.lines().map(line).collect()
}

fn error(files: &[(&str, &str)]) -> String {
    let run = run(office(files).path(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    run.stderr
}

#[test]
fn the_nearest_to_each_draft_holds() {
    let folder = office(&[
        ("dinggao.toml", "ignore = ['placeholder']\n"),
        ("a.txt", UNFINISHED),
        ("科室/dinggao.toml", "[rule.placeholder]\nseverity = 'info'\n"),
        ("科室/b.txt", UNFINISHED),
        ("科室/深/c.txt", UNFINISHED),
    ]);
    let expected = ["科室/b.txt: info[placeholder/mask]", "科室/深/c.txt: info[placeholder/mask]"];
    assert_eq!(found(&folder, &[]), expected);
}

#[test]
fn overrides_are_for_some_of_the_drafts_and_the_last_one_wins() {
    let config = "[rule.placeholder]\nseverity = 'warning'\n\
        [[override]]\npaths = ['草稿/']\n[override.rule.placeholder]\nseverity = 'info'\n\
        [[override]]\npaths = ['送审/**', '!送审/旧.txt']\n[override.rule.'placeholder/mask']\nseverity = 'error'\n\
        [[override]]\npaths = ['草稿/免检.txt']\nignore = ['placeholder']\n";
    let folder = office(&[
        ("dinggao.toml", config),
        ("a.txt", UNFINISHED),
        ("草稿/b.txt", UNFINISHED),
        ("草稿/免检.txt", UNFINISHED),
        ("送审/c.txt", UNFINISHED),
        ("送审/旧.txt", UNFINISHED),
    ]);
    let expected = [
        "a.txt: warning[placeholder/mask]",
        "草稿/b.txt: info[placeholder/mask]",
        "送审/c.txt: error[placeholder/mask]",
        "送审/旧.txt: warning[placeholder/mask]",
    ];
    assert_eq!(found(&folder, &[]), expected);
    assert_eq!(run(&folder.path().join("草稿"), &["check", "b.txt"]).status, 0);
}

#[test]
fn one_extends_another_and_outweighs_it() {
    let folder = office(&[
        (
            "单位.toml",
            "ignore = ['pair']\nexclude = ['归档/']\n[rule.placeholder]\nseverity = 'info'\n[[override]]\npaths = ['送审/']\nselect = ['pair']\n",
        ),
        ("科室/dinggao.toml", "extends = '../单位.toml'\n[rule.'placeholder/mask']\nseverity = 'warning'\n"),
        ("科室/a.txt", "完成X项，说“好。待补充\n"),
        ("科室/归档/b.txt", UNFINISHED),
        ("科室/送审/c.txt", "完成X项，说“好。\n"),
    ]);
    let expected = [
        "科室/a.txt: warning[placeholder/mask]",
        "科室/a.txt: info[placeholder/todo]",
        "科室/送审/c.txt: error[pair/unclosed]",
    ];
    assert_eq!(found(&folder, &[]), expected);
}

#[test]
fn the_command_line_outweighs_it() {
    let folder = office(&[
        ("dinggao.toml", "select = ['pair']\nignore = ['pair/width']\nlang = 'zh'\n"),
        ("a.txt", "完成X项，说“好（见附件)。\n"),
    ]);
    assert_eq!(found(&folder, &[]), ["a.txt: error[pair/unclosed]"]);
    assert_eq!(found(&folder, &["--ignore", "pair/unclosed"]), Vec::<String>::new());
    assert_eq!(found(&folder, &["--select", "pair/width"]), ["a.txt: info[pair/width]"]);
    assert!(run(folder.path(), &["check"]).stdout.contains("共检查 1 个文件"));
    assert!(run(folder.path(), &["check", "--lang", "en"]).stdout.contains("found 1 error"));
}

#[test]
fn what_is_excluded_is_not_looked_for_but_can_be_named() {
    let folder = office(&[
        ("dinggao.toml", "exclude = ['归档/', '*.bak.txt', '!留.bak.txt']\n"),
        ("归档/a.txt", UNFINISHED),
        ("b.bak.txt", UNFINISHED),
        ("留.bak.txt", UNFINISHED),
    ]);
    assert_eq!(places(folder.path(), &[]), ["留.bak.txt:1:7"]);
    assert_eq!(places(folder.path(), &["归档/a.txt"]), ["归档/a.txt:1:7"]);
    assert_eq!(places(folder.path(), &["--no-config"]).len(), 3);
}

#[test]
fn limits_can_be_set() {
    let twice = "全体干部职工要认真学习领会会议精神并抓好贯彻落实。\n".repeat(2);
    let files = [
        ("a.txt", &*twice),
        ("b/a.txt", &*twice),
        ("b/dinggao.toml", "[limits.duplicate]\nmin_chars = 40\n"),
    ];
    assert_eq!(found(&office(&files), &[]), ["a.txt: error[duplicate/exact]"]);
    let said = error(&[("dinggao.toml", "[limits.pair]\nmin_chars = 1\n"), ("a.txt", "完。")]);
    assert_eq!(said, "error: dinggao.toml:1: there are no limits to set for a family `pair`\n");
}

#[test]
fn what_it_cannot_say_is_an_error_with_its_place() {
    for (config, said) in [
        ("exclud = []\n", "dinggao.toml:1: unknown field `exclud`"),
        (
            "ignore = ['pair', 'placeholder/msak']\n",
            "dinggao.toml:1: no rule is called `placeholder/msak`; did you mean",
        ),
        ("[[override]]\nselect = ['pair']\n", "dinggao.toml:1: missing field `paths`"),
        ("lang = 'de'\n", "dinggao.toml:1: unknown variant `de`"),
        ("exclude = ['a{b']\n", "dinggao.toml:1: "),
        ("extends = 'none.toml'\n", "dinggao.toml:1: none.toml: no such file or folder"),
        ("extends = 'dinggao.toml'\n", "dinggao.toml:1: `extends` comes back to where it began"),
        ("select = [\n", "dinggao.toml:"),
    ] {
        let told = error(&[("dinggao.toml", config), ("a.txt", "完。")]);
        assert!(told.starts_with(&format!("error: {said}")), "{config}: {told}");
    }
    let below = error(&[("科室/dinggao.toml", "ignroe = []\n"), ("科室/a.txt", "完。")]);
    assert!(below.starts_with("error: 科室/dinggao.toml:1: unknown field `ignroe`"), "{below}");
    assert!(below.ends_with("; did you mean `ignore`?\n"), "{below}");
}

#[test]
fn the_settings_of_a_draft_are_shown_with_where_each_is_said() {
    let folder = office(&[
        (
            "dinggao.toml",
            "extends = '单位.toml'\nlang = 'en'\n[rule.pair]\nseverity = 'info'\n[[override]]\npaths = ['草稿/']\nignore = ['text']\n",
        ),
        ("单位.toml", "exclude = ['归档/']\n[limits.duplicate]\nmin_chars = 30\n"),
        ("草稿/a.txt", "完。"),
    ]);
    let shown = run(folder.path(), &["check", "--show-settings", "草稿/a.txt"]);
    assert_eq!((shown.status, shown.stderr.as_str()), (0, ""));
    let rows: Vec<String> =
        shown.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for row in [
        "草稿/a.txt",
        "lang en dinggao.toml:2",
        "exclude 归档/ 单位.toml:1",
        "limits.duplicate min_chars = 30 单位.toml:2",
        "pair/width info dinggao.toml:3",
        "text/garbled off dinggao.toml:7",
        "placeholder/mask error rules/placeholder/mask.toml",
    ] {
        assert!(rows.iter().any(|shown| shown == row), "{row} in\n{}", shown.stdout);
    }
    assert_eq!(run(folder.path(), &["check", "--show-settings", "b.txt"]).status, 2);
}

#[test]
fn what_the_command_line_says_of_rules_is_shown_as_what_files_say() {
    let folder = office(&[
        ("dinggao.toml", "ignore = ['text']\nextend_select = ['duplicate/across-files']\n"),
        ("a.txt", "完。"),
    ]);
    let shown = |arguments: &[&str]| -> Vec<String> {
        let run = run(folder.path(), &[&["check", "--show-settings", "a.txt"], arguments].concat());
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        run.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let expected = [
        (
            &["--ignore", "pair/width"][..],
            &[
                "ignore text dinggao.toml:1",
                "extend_select duplicate/across-files dinggao.toml:2",
                "ignore pair/width --ignore",
                "pair/width off --ignore",
                "text/garbled off dinggao.toml:1",
                "duplicate/across-files warning rules/duplicate/across-files.toml",
            ][..],
        ),
        (
            &["--select", "pair", "--extend-select", "text/doubled"],
            &[
                "select pair --select",
                "extend_select text/doubled --extend-select",
                "pair/width info rules/pair/width.toml",
                "text/doubled warning rules/text/doubled.toml",
                "text/garbled off --select",
                "duplicate/exact off --select",
            ],
        ),
        (&["--no-config"], &["duplicate/across-files off rules/duplicate/across-files.toml"]),
    ];
    for (arguments, rows) in expected {
        let shown = shown(arguments);
        for row in rows {
            assert!(shown.iter().any(|shown| shown == row), "{row} in\n{shown:#?}");
        }
    }
}

#[test]
fn init_writes_one_that_says_nothing_yet_and_all_when_uncommented() {
    for lang in ["zh", "en"] {
        let folder = office(&[("a.txt", UNFINISHED), ("house-rules/house/a.toml", "")]);
        fs::remove_dir_all(folder.path().join("house-rules/house")).expect("a folder");
        let written = run(folder.path(), &["init", "--lang", lang]);
        assert_eq!((written.status, written.stdout.as_str()), (0, ""));
        assert_eq!(places(folder.path(), &[]), ["a.txt:1:7"]);
        let path = folder.path().join("dinggao.toml");
        let text = fs::read_to_string(&path).expect("a file");
        let settings: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.starts_with('[') || line.contains(" = ") && !line.starts_with("extends"))
            .collect();
        assert!(settings.len() > 10, "{text}");
        let settings = settings.join("\n");
        let value: toml::Table = settings.parse().expect("TOML");
        assert_schema_holds(&serde_json::to_value(value).expect("JSON"));
        fs::write(&path, &settings).expect("a file");
        assert_eq!(run(folder.path(), &["check"]).status, 1, "{settings}");
        let again = run(folder.path(), &["init"]);
        assert_eq!(again.status, 2);
        assert_eq!(fs::read_to_string(&path).expect("a file"), settings);
    }
}

#[test]
fn taplo_checks_it_by_the_schema_on_its_first_line() {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dinggao.schema.json");
    let sound =
        format!("#:schema file://{schema}\nextend_select = ['duplicate/across-files']\n[limits.duplicate]\n");
    let folder = office(&[
        ("sound.toml", &format!("{sound}max_files = 3\n")),
        ("unknown.toml", &format!("{sound}max_file = 3\n")),
    ]);
    let lint = |file: &str| Command::new("taplo").current_dir(folder.path()).args(["lint", file]).output();
    let Ok(sound) = lint("sound.toml") else {
        println!("skipped: no taplo");
        return;
    };
    assert!(sound.status.success(), "{}", String::from_utf8_lossy(&sound.stderr));
    let unknown = lint("unknown.toml").expect("taplo runs");
    assert!(
        !unknown.status.success()
            && String::from_utf8_lossy(&unknown.stderr).contains("'max_file' was unexpected")
    );
}

/// The schema that editors complete and check a dinggao.toml with.
fn assert_schema_holds(value: &serde_json::Value) {
    let schema = serde_json::from_str(include_str!("../../docs/dinggao.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(!validator.is_valid(&serde_json::json!({"exclud": []})));
    assert!(!validator.is_valid(&serde_json::json!({"rule": {"pair": {"severity": "eror"}}})));
}
