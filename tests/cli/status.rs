//! How a run ends.

use super::*;

#[test]
fn zero_when_nothing_is_found() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "found nothing in 1 file\n", ""));
}

#[test]
fn one_when_something_is_found() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    let run = run(folder.path(), &["check"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("error[placeholder/mask]: "), "{}", run.stdout);
    assert!(run.stdout.contains("┌─ a.txt:1:7\n"), "{}", run.stdout);
    assert!(run.stdout.ends_with("found 1 error in 1 of 2 files\n"), "{}", run.stdout);
}

#[test]
fn two_when_a_path_is_missing_but_the_rest_is_checked() {
    let folder = folder(&[("半年总结稿.txt", UNFINISHED.as_bytes())]);
    let run = run(folder.path(), &["check", "半年总结搞.txt", "半年总结稿.txt"]);
    assert_eq!(run.status, 2);
    assert!(run.stdout.contains("found 1 error"), "{}", run.stdout);
    let error = "error: 半年总结搞.txt: no such file or folder; did you mean `半年总结稿.txt`?\n";
    assert_eq!(run.stderr, error);
}

#[test]
fn two_when_an_argument_makes_no_sense() {
    let folder = folder(&[("a.txt", FINISHED.as_bytes())]);
    for arguments in [&["check", "--no-such-flag"][..], &["check", "--fail-on", "never"], &["fill"], &[]] {
        assert_eq!(run(folder.path(), arguments).status, 2, "{arguments:?}");
    }
}

#[test]
fn two_when_a_folder_holds_no_drafts() {
    let folder = folder(&[("notes.rtf", b"x")]);
    let run = run(folder.path(), &["check"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("no drafts"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_with_what_was_found_so_far() {
    let folder = folder(&[("0.txt", UNFINISHED.repeat(2_000).as_bytes())]);
    for number in 1..1_000 {
        let draft = folder.path().join(format!("{number}.txt"));
        fs::hard_link(folder.path().join("0.txt"), draft).expect("a file");
    }
    let child = program(folder.path(), &["check", "--output-format", "json", "--write-baseline", "baseline"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    std::thread::sleep(std::time::Duration::from_millis(700));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    let ended: Run = child.wait_with_output().expect("the program ends").into();
    assert_eq!(ended.status, 2);
    assert!(ended.stderr.starts_with("error: interrupted: "), "{}", ended.stderr);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON, whole");
    let checked = report["summary"]["files"].as_u64().expect("a number");
    assert!((1..1_000).contains(&checked), "{checked}");
    assert!(!folder.path().join("baseline").exists(), "half a baseline is none");
}

#[test]
fn the_number_of_jobs_changes_nothing_about_the_report() {
    let files: Vec<(String, &[u8])> = (0..300).map(|n| (format!("{n}.txt"), UNFINISHED.as_bytes())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let folder = folder(&files);
    let report = |jobs: &str| run(folder.path(), &["check", "--jobs", jobs]);
    assert_eq!((report("1").stdout, report("1").status), (report("4").stdout, 1));
    assert_eq!(report("0").status, 2);
}

#[test]
fn zero_for_help_and_version() {
    let folder = folder(&[]);
    assert_eq!(
        run(folder.path(), &["--version"]).stdout,
        concat!("dinggao ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert_eq!(run(folder.path(), &["check", "--help"]).status, 0);
}
