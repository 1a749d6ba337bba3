//! `duplicate/across-files`: paragraphs that stand in several drafts.

use super::changes::{git, repository, write};
use super::formats::{RDJSON, SARIF, assert_valid};
use super::*;

const A: &str = "办公室的工作就是要紧紧围绕中心工作，积极建言献策，当好参谋助手。\n";
const B: &str = "信息科要快速准确报送信息，及时掌握社情民意，服务领导科学决策。\n";
const C: &str = "督查室要一抓到底，对议定事项逐条跟踪，做到件件有着落、事事有回音。\n";
const OWN: &str = "今年的重点是把三项制度落到每一个岗位、每一个环节，落到人头。\n";
const ON: [&str; 2] = ["--extend-select", "duplicate/across-files"];
const NOTHING: [&str; 0] = [];

/// A folder with these drafts.
fn drafts(files: &[(&str, String)]) -> TempDir {
    folder(&files.iter().map(|(name, text)| (*name, text.as_bytes())).collect::<Vec<_>>())
}

fn json(folder: &Path, arguments: &[&str]) -> Vec<serde_json::Value> {
    let run = run(folder, &[&["check", "--output-format", "json"], arguments].concat());
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    report["diagnostics"].as_array().expect("findings").clone()
}

/// The places of other drafts that a finding names, as `path:line-line`.
fn others(finding: &serde_json::Value) -> Vec<String> {
    let related = finding["related"].as_array().expect("other places");
    let place = |place: &serde_json::Value| {
        let range = &place["range"];
        let (start, end) = (&range["start"]["line"], &range["end"]["line"]);
        format!("{}:{start}-{end}", place["path"].as_str().expect("a path"))
    };
    related.iter().map(place).collect()
}

#[test]
fn is_off_unless_it_is_asked_for_by_its_id() {
    let folder = drafts(&[("a.txt", A.to_owned()), ("b.txt", A.to_owned())]);
    assert_eq!(places(folder.path(), &[]), NOTHING);
    assert_eq!(places(folder.path(), &["--select", "duplicate"]), NOTHING);
    let both = ["a.txt:1:1", "b.txt:1:1"];
    assert_eq!(places(folder.path(), &ON), both);
    assert_eq!(places(folder.path(), &["--select", "duplicate/across-files"]), both);
    assert_eq!(places(folder.path(), &[&ON[..], &["--ignore", "duplicate"]].concat()), both);
    assert_eq!(places(folder.path(), &[&ON[..], &["--ignore", ON[1]]].concat()), NOTHING);
    fs::write(folder.path().join("dinggao.toml"), "extend_select = ['duplicate/across-files']\n")
        .expect("a file");
    assert_eq!(places(folder.path(), &[]), both);
    assert_eq!(places(folder.path(), &["--ignore", ON[1]]), NOTHING);
    assert_eq!(places(folder.path(), &["--select", "pair"]), NOTHING);
}

#[test]
fn tells_in_each_draft_which_others_hold_it() {
    let folder = drafts(&[
        ("a.txt", format!("总结\n{A}{B}")),
        ("b.txt", format!("{OWN}\n  {A}\n{B}{C}")),
        ("科室/c.txt", format!("{B}{OWN}{A}")),
        ("d.txt", "完成接待三百人次。\n".to_owned()),
    ]);
    let found = json(folder.path(), &ON);
    let told: Vec<_> = found
        .iter()
        .map(|finding| {
            (finding["path"].as_str(), finding["range"]["start"]["line"].as_u64(), others(finding))
        })
        .map(|(path, line, others)| {
            format!("{}:{}: {}", path.expect("a path"), line.expect("a line"), others.join(" "))
        })
        .collect();
    let expected = [
        "a.txt:2: b.txt:3-5 科室/c.txt:1-1",
        // two of the three paragraphs in the one, the other two in the other
        "b.txt:1: a.txt:2-3 科室/c.txt:2-3",
        "科室/c.txt:1: a.txt:3-3 b.txt:5-5",
        "科室/c.txt:2: b.txt:1-3 a.txt:2-2",
    ];
    assert_eq!(told, expected);
    assert_eq!(found[0]["message"], "2 paragraph(s) also in 2 other draft(s), such as b.txt:3");
    let range = &found[0]["related"][0]["range"];
    // indented by two blanks, after one line and an empty one
    let offset = OWN.len() + 1 + 2;
    assert_eq!(range["start"], serde_json::json!({"offset": offset, "line": 3, "column": 3}));
    assert_eq!(range["end"]["offset"], offset + A.len() + 1 + B.len() - 1);
}

#[test]
fn does_not_depend_on_threads_or_the_order_of_paths() {
    let files: Vec<(String, String)> = (0..40)
        .map(|number| {
            (format!("{number:02}.txt"), [A, B, C, OWN][number % 4].to_owned() + [B, C, A][number % 3])
        })
        .collect();
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let folder = drafts(&files);
    fs::write(folder.path().join("dinggao.toml"), "[limits.duplicate]\nmax_files = 100\n").expect("a file");
    let report = |arguments: &[&str]| {
        run(folder.path(), &[&["check", "--output-format", "json"], &ON[..], arguments].concat()).stdout
    };
    let once = report(&["--jobs", "1"]);
    assert!(once.matches("duplicate/across-files").count() >= 40);
    for arguments in [&["--jobs", "8"][..], &["--jobs", "3", "."]] {
        assert_eq!(report(arguments), once, "{arguments:?}");
    }
    let mut names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    names.reverse();
    assert_eq!(report(&names), once);
}

#[test]
fn leaves_out_set_phrases_and_what_the_draft_itself_repeats() {
    let every = |number: usize| (0..number).map(|at| (["a", "b", "c", "d", "e", "f"][at], A.to_owned()));
    let names = |number| every(number).map(|(name, text)| (format!("{name}.txt"), text)).collect::<Vec<_>>();
    let folder_of = |number| {
        let files: Vec<(String, String)> = names(number);
        drafts(&files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect::<Vec<_>>())
    };
    assert_eq!(places(folder_of(5).path(), &ON).len(), 5);
    let folder = folder_of(6);
    assert_eq!(places(folder.path(), &ON), NOTHING);
    fs::write(folder.path().join("dinggao.toml"), "[limits.duplicate]\nmax_files = 6\n").expect("a file");
    assert_eq!(places(folder.path(), &ON).len(), 6);

    let folder = drafts(&[("a.txt", format!("{A}{OWN}{A}")), ("b.txt", A.to_owned())]);
    let told = run(folder.path(), &[&["check", "--output-format", "short"], &ON[..]].concat()).stdout;
    let rules: Vec<&str> = told.lines().map(|line| line.split(' ').nth(1).expect("a rule")).collect();
    let (across, within) = ("warning[duplicate/across-files]", "error[duplicate/exact]");
    assert_eq!(rules, [across, within, across], "{told}");
}

#[test]
fn is_shown_by_every_report_with_the_name_of_the_other_draft() {
    let folder = drafts(&[("a.txt", A.to_owned()), ("乙 b.txt", format!("{OWN}{A}"))]);
    let report =
        |format: &str| run(folder.path(), &[&["check", "--output-format", format], &ON[..]].concat()).stdout;
    assert!(report("full").contains("= also here: 乙 b.txt:2:1\n"), "{}", report("full"));
    assert!(report("short").contains("such as 乙 b.txt:2\n"), "{}", report("short"));
    assert!(report("html").contains("<span class=\"at\">乙 b.txt:2:1</span>"), "{}", report("html"));
    let sarif: serde_json::Value = serde_json::from_str(&report("sarif")).expect("JSON");
    let place = &sarif["runs"][0]["results"][0]["relatedLocations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "%E4%B9%99%20b.txt");
    assert_eq!(place["region"], serde_json::json!({"startLine": 2, "endLine": 2}));
    let rdjson: serde_json::Value = serde_json::from_str(&report("rdjson")).expect("JSON");
    let place = &rdjson["diagnostics"][0]["relatedLocations"][0]["location"];
    assert_eq!(
        *place,
        serde_json::json!({"path": "乙 b.txt", "range": {"start": {"line": 2}, "end": {"line": 2}}})
    );
    assert_valid(SARIF, &sarif);
    assert_valid(RDJSON, &rdjson);
}

#[test]
fn is_suppressed_allowed_and_accepted_as_others_are() {
    let folder = drafts(&[
        ("a.md", format!("<!-- dinggao: ignore duplicate/across-files -- 固定表述 -->\n{A}")),
        ("b.txt", A.to_owned()),
        ("c.txt", A.to_owned()),
        ("dinggao.toml", "extend_select = ['duplicate/across-files']\n".to_owned()),
    ]);
    assert_eq!(places(folder.path(), &[]), ["b.txt:1:1", "c.txt:1:1"]);
    let allowed = run(folder.path(), &["allow", "b.txt:1", "--reason", "固定表述"]);
    assert_eq!(allowed.status, 0, "{}", allowed.stderr);
    assert_eq!(places(folder.path(), &[]), ["c.txt:1:1"]);
    assert_eq!(run(folder.path(), &["check", "--write-baseline", "baseline.jsonl"]).status, 0);
    assert_eq!(places(folder.path(), &["--baseline", "baseline.jsonl"]), NOTHING);
    fs::write(folder.path().join("d.txt"), A).expect("a file");
    assert_eq!(places(folder.path(), &["--baseline", "baseline.jsonl"]), ["d.txt:1:1"]);
    // one draft alone does not tell whether what is allowed is still needed
    for draft in ["a.md", "b.txt"] {
        assert_eq!(places(folder.path(), &[draft]), NOTHING, "{draft}");
    }
}

#[test]
fn compares_the_drafts_for_which_it_is_on() {
    let folder = drafts(&[
        ("a.txt", A.to_owned()),
        ("b.txt", A.to_owned()),
        ("旧/c.txt", A.to_owned()),
        (
            "dinggao.toml",
            "extend_select = ['duplicate/across-files']\n[[override]]\npaths = ['旧/']\nignore = ['duplicate/across-files']\n"
                .to_owned(),
        ),
    ]);
    let found = json(folder.path(), &[]);
    assert_eq!(found.len(), 2);
    assert_eq!(others(&found[0]), ["b.txt:1-1"]);
    let stdin = type_in(&mut program(folder.path(), &["check", "--output-format", "short", "-", "a.txt"]), A);
    let told: Vec<&str> = stdin.stdout.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(told, ["<stdin>:1:1", "a.txt:1:1"], "{}", stdin.stderr);
}

#[test]
fn what_has_changed_is_compared_with_the_whole_repository() {
    let folder = repository(&[("旧.txt", A.as_bytes()), ("b.txt", OWN.as_bytes()), ("c.txt", B.as_bytes())]);
    write(&folder, "b.txt", format!("{OWN}{A}"));
    write(&folder, "new.txt", B);
    let since = [&["--since", "main"], &ON[..]].concat();
    assert_eq!(places(folder.path(), &since), ["b.txt:2:1", "new.txt:1:1"]);
    assert_eq!(others(&json(folder.path(), &since)[0]), ["旧.txt:1-1"]);
    git(folder.path(), &["add", "--all"]);
    // the index is what counts, not what lies in the work tree
    for draft in ["b.txt", "new.txt", "旧.txt", "c.txt"] {
        fs::remove_file(folder.path().join(draft)).expect("a file");
    }
    write(&folder, "other.txt", A);
    let staged = [&["--staged"], &ON[..]].concat();
    assert_eq!(places(folder.path(), &staged), ["b.txt:2:1", "new.txt:1:1"]);
    assert_eq!(others(&json(folder.path(), &staged)[0]), ["旧.txt:1-1"]);
}
