//! The formats for other programs, each read as its readers do: by their schema where they have one.

use serde_json::{Value, json};

use super::*;

/// A draft and a name that no format may stumble over.
const NAME: &str = "草稿/第一稿 <1>&\"a\".txt";
const DRAFT: &str = "😀全年完成接待X人次，增长X%。\n他说“好。\n一是甲。\n三是<乙>&“丙”。\n";

/// What `check` writes in a format, of one draft full of findings and one without.
fn report(format: &str) -> String {
    let folder = folder(&[(NAME, DRAFT.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "--no-config", "--output-format", format]);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""));
    run.stdout
}

fn json_report(format: &str) -> Value {
    serde_json::from_str(&report(format)).expect("JSON")
}

/// What a format writes when there is nothing to tell.
fn empty(format: &str) -> String {
    let folder = folder(&[("b.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "--output-format", format]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    run.stdout
}

#[track_caller]
pub(super) fn assert_valid(schema: &str, report: &Value) {
    // the OASIS schema has a slip in one pattern (for a language tag), which only lenient engines read
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

pub(super) const SARIF: &str = include_str!("../schemas/sarif-2.1.0.json");
pub(super) const RDJSON: &str = include_str!("../schemas/rdjson.json");

#[test]
fn sarif_is_valid_and_counts_columns_in_utf_16() {
    let report = json_report("sarif");
    assert_valid(SARIF, &report);
    assert_valid(SARIF, &serde_json::from_str(&empty("sarif")).expect("JSON"));
    let run = &report["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let first = &run["results"][0];
    let place = &first["locations"][0]["physicalLocation"];
    // the emoji before it is one character and two units
    let region = json!({"startLine": 1, "startColumn": 9, "endLine": 1, "endColumn": 10});
    assert_eq!(place["region"], region);
    assert_eq!(
        place["artifactLocation"]["uri"],
        "%E8%8D%89%E7%A8%BF/%E7%AC%AC%E4%B8%80%E7%A8%BF%20%3C1%3E%26%22a%22.txt"
    );
    let index = first["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!((&rule["id"], &first["ruleId"]), (&json!("placeholder/mask"), &json!("placeholder/mask")));
    assert!(rule["help"]["text"].as_str().is_some_and(|help| !help.is_empty()));
}

#[test]
fn sarif_knows_a_finding_again_when_its_line_has_moved() {
    let prints = |text: &str| -> Vec<Value> {
        let run = with_stdin(&["check", "--output-format", "sarif", "-"], text.as_bytes());
        let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let results = report["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|result| result["partialFingerprints"]["dinggao/v1"].clone()).collect()
    };
    let before = prints("完成接待X人次。\n完成接待X人次。\n");
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
    assert_eq!(before, prints("半年总结\n\n完成接待X人次。\n\n完成接待X人次。\n"));
}

#[test]
fn rdjson_is_valid_and_counts_columns_in_bytes() {
    let report = json_report("rdjson");
    assert_valid(RDJSON, &report);
    assert_valid(RDJSON, &serde_json::from_str(&empty("rdjson")).expect("JSON"));
    let first = &report["diagnostics"][0];
    assert_eq!(first["severity"], "ERROR");
    assert_eq!(first["code"]["value"], "placeholder/mask");
    let column = 1 + "😀全年完成接待".len();
    let range = json!({"start": {"line": 1, "column": column}, "end": {"line": 1, "column": column + 1}});
    assert_eq!(first["location"], json!({"path": NAME, "range": range}));
}

#[test]
fn gitlab_finds_the_five_parts_that_it_asks_for_and_no_fingerprint_twice() {
    let report = json_report("gitlab");
    let entries = report.as_array().expect("an array");
    let mut prints = Vec::new();
    for entry in entries {
        for part in ["description", "check_name", "fingerprint"] {
            assert!(entry[part].as_str().is_some_and(|value| !value.is_empty()), "{part}: {entry}");
        }
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(entry["severity"].as_str().is_some_and(|severity| severities.contains(&severity)), "{entry}");
        assert_eq!(entry["location"]["path"], NAME);
        assert!(entry["location"]["lines"]["begin"].is_u64(), "{entry}");
        assert!(!prints.contains(&&entry["fingerprint"]), "{entry}");
        prints.push(&entry["fingerprint"]);
    }
    assert_eq!(entries.len(), json_report("json")["diagnostics"].as_array().expect("an array").len());
    assert_eq!(serde_json::from_str::<Value>(&empty("gitlab")).expect("JSON"), json!([]));
}

#[test]
fn json_lines_are_the_findings_of_the_json_report() {
    let lines: Vec<Value> =
        report("json-lines").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(Value::Array(lines), json_report("json")["diagnostics"]);
    assert_eq!(empty("json-lines"), "");
}

#[test]
fn github_gets_one_command_a_line() {
    let report = report("github");
    let first = format!(
        "::error file={NAME},line=1,endLine=1,col=8,endColumn=9,title=placeholder/mask::`X` is still to be"
    );
    assert!(report.starts_with(&first), "{report}");
    assert!(report.lines().all(|line| line.starts_with("::")), "{report}");
    assert_eq!(empty("github"), "");
}

#[test]
fn checkstyle_reads_back_what_was_found() {
    let report = report("checkstyle");
    let document = roxmltree::Document::parse(&report).expect("XML");
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "checkstyle");
    let files: Vec<_> = root.children().filter(roxmltree::Node::is_element).collect();
    assert_eq!(files.iter().map(|file| file.attribute("name")).collect::<Vec<_>>(), [Some(NAME)]);
    let findings = json_report("json")["diagnostics"].as_array().expect("an array").clone();
    let errors: Vec<_> = files[0].children().filter(roxmltree::Node::is_element).collect();
    assert_eq!(errors.len(), findings.len());
    for (error, finding) in errors.iter().zip(findings) {
        let start = &finding["range"]["start"];
        assert_eq!(error.attribute("line"), Some(&*start["line"].to_string()));
        assert_eq!(error.attribute("column"), Some(&*start["column"].to_string()));
        assert_eq!(error.attribute("severity"), finding["severity"].as_str());
        assert_eq!(error.attribute("source"), finding["rule"].as_str());
        assert_eq!(error.attribute("message"), finding["message"].as_str());
    }
    assert!(roxmltree::Document::parse(&empty("checkstyle")).is_ok());
}

#[test]
fn junit_counts_what_it_holds() {
    let report = report("junit");
    let document = roxmltree::Document::parse(&report).expect("XML");
    let count = |node: roxmltree::Node<'_, '_>, name: &str| {
        node.descendants().filter(|node| node.has_tag_name(name)).count().to_string()
    };
    let root = document.root_element();
    let suites: Vec<_> = root.children().filter(roxmltree::Node::is_element).collect();
    assert_eq!(suites.len(), 2);
    for node in [root, suites[0], suites[1]] {
        assert_eq!(node.attribute("tests"), Some(&*count(node, "testcase")));
        assert_eq!(node.attribute("failures"), Some(&*count(node, "failure")));
    }
    assert_eq!(suites[0].attribute("name"), Some("b.txt"));
    assert_eq!(suites[0].attribute("failures"), Some("0"));
}

#[test]
fn junit_fails_what_the_run_fails() {
    let folder = folder(&[("a.txt", "他说”好“。\n".as_bytes())]);
    let failures = |fail_on: &str| {
        let arguments = ["check", "--output-format", "junit", "--fail-on", fail_on];
        let run = run(folder.path(), &arguments);
        (run.status, run.stdout.matches("<failure ").count(), run.stdout.matches("<testcase ").count())
    };
    assert_eq!(failures("error"), (0, 0, 1));
    assert_eq!(failures("warning"), (1, 1, 1));
}

#[test]
fn junit_is_what_jenkins_reads() {
    let folder =
        folder(&[("full.xml", report("junit").as_bytes()), ("empty.xml", empty("junit").as_bytes())]);
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/junit-4.xsd");
    let mut xmllint = Command::new("xmllint");
    xmllint.current_dir(folder.path()).args(["--noout", "--schema", schema, "full.xml", "empty.xml"]);
    match xmllint.output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("skipped: no xmllint ({error})"),
    }
}

#[test]
fn what_xml_cannot_hold_is_made_visible() {
    let folder = folder(&[("a.txt", "完成“\u{1}\u{fffe}接待X人次。\n".as_bytes())]);
    for format in ["junit", "checkstyle"] {
        let run = run(folder.path(), &["check", "--output-format", format, "--select", "pair,placeholder"]);
        let parsed = roxmltree::Document::parse(&run.stdout).map(|_| ());
        assert_eq!((run.status, parsed), (1, Ok(())), "{}", run.stdout);
    }
}
