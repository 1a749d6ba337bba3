//! `dinggao fill`, killed at any moment: each file is the old one or the new one, whole.

use std::thread::sleep;
use std::time::Instant;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::*;

/// How often the program is killed in each test.
const KILLS: usize = 50;

/// A draft long enough for its writing to take a moment.
fn draft() -> String {
    let line = "研究部署下一阶段的工作，做到件件有着落、事事有回音。\n";
    format!("{{{{姓名}}}}同志：\n{}", line.repeat(4_000))
}

/// Runs the program and kills it at a random moment of the time that it takes, until it has been killed often enough.
fn kill(folder: &Path, arguments: &[&str], mut reset: impl FnMut(), mut verify: impl FnMut()) {
    let spawn = || {
        let mut command = program(folder, arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs")
    };
    reset();
    let start = Instant::now();
    spawn().wait().expect("the program ends");
    let whole = start.elapsed();
    let mut runner = TestRunner::deterministic();
    let mut killed = 0;
    while killed < KILLS {
        reset();
        let share = (0..1050_u32).new_tree(&mut runner).expect("a number").current();
        let mut child = spawn();
        sleep(whole * share / 1000);
        child.kill().expect("SIGKILL");
        killed += usize::from(child.wait().expect("the program ends").code().is_none());
        verify();
    }
}

#[test]
fn a_draft_filled_in_its_place_is_the_old_one_or_the_new_one() {
    let old = draft();
    let new = old.replace("{{姓名}}", "李明");
    let folder = folder(&[("a.txt", b""), ("v.toml", "\"姓名\" = \"李明\"".as_bytes())]);
    let path = folder.path().join("a.txt");
    let mut written = 0;
    kill(
        folder.path(),
        &["fill", "a.txt", "--values", "v.toml", "--in-place", "--output-format", "short"],
        || fs::write(&path, &old).expect("written"),
        || {
            let text = fs::read_to_string(&path).expect("a whole text");
            assert!(text == old || text == new, "{} bytes", text.len());
            written += usize::from(text == new);
        },
    );
    println!("killed {KILLS} times, {written} times after the file was written");
}

#[test]
fn each_file_of_a_table_is_whole_or_not_there() {
    let names: Vec<String> = (0..40).map(|number| format!("李{number}")).collect();
    let template = draft().chars().take(40_000).collect::<String>();
    let folder = folder(&[
        ("a.txt", template.as_bytes()),
        ("t.csv", format!("姓名\n{}", names.join("\n")).as_bytes()),
    ]);
    let out = folder.path().join("out");
    let mut written = 0;
    kill(
        folder.path(),
        &["fill", "a.txt", "--values", "t.csv", "-o", "out/{姓名}.txt"],
        || drop(fs::remove_dir_all(&out)),
        || {
            for name in &names {
                if let Ok(text) = fs::read_to_string(out.join(format!("{name}.txt"))) {
                    assert!(text == template.replace("{{姓名}}", name), "{name}: {} bytes", text.len());
                    written += 1;
                }
            }
        },
    );
    assert!(written > 0, "no run was killed while it was writing");
    println!("killed {KILLS} times, {written} files written in these runs");
}
