//! What others plug in: the pre-commit hook, the GitHub Action, the GitLab job and the shell recipe, run as far as they
//! run here.

use super::changes::{commit, git, repository, write};
use super::*;

const HOOKS: &str = include_str!("../../.pre-commit-hooks.yaml");
const ACTION: &str = include_str!("../../action.yml");
const GITLAB: &str = include_str!("../../docs/gitlab-ci.yml");
const GUIDE: &str = include_str!("../../docs/ci.md");

/// A repository with one finding on `main` and one more on the branch `work`.
fn office() -> TempDir {
    let folder = repository(&[("old.txt", UNFINISHED.as_bytes())]);
    write(&folder, "new.txt", "走访X户。\n");
    git(folder.path(), &["add", "--all"]);
    folder
}

/// Runs a script in `folder` with the program of this build in its path.
fn shell(folder: &Path, script: &str, variables: &[(&str, &str)]) -> Run {
    let build = Path::new(env!("CARGO_BIN_EXE_dinggao")).parent().expect("a file is in a folder");
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([build.to_owned()].into_iter().chain(std::env::split_paths(&inherited)));
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script, "bash", "main"]).current_dir(folder).env("LANG", "C");
    bash.env("PATH", path.expect("a path")).envs(variables.iter().copied()).stdin(Stdio::null());
    bash.output().expect("bash runs").into()
}

/// The lines of the last block scalar `run: |` of a YAML file.
fn last_script(yaml: &str) -> String {
    let (_, block) = yaml.rsplit_once("run: |\n").expect("a script");
    block.lines().flat_map(|line| [line.trim_start(), "\n"]).collect()
}

#[test]
fn the_action_annotates_what_has_changed() {
    let folder = office();
    let script = last_script(ACTION);
    let action = |since: &str, fail_on: &str| {
        let inputs = [("PATHS", "old.txt new.txt"), ("SINCE", since), ("BASELINE", ""), ("FAIL_ON", fail_on)];
        shell(folder.path(), &script, &[&inputs[..], &[("SARIF", "dinggao.sarif")]].concat())
    };
    let changed = action("main", "error");
    assert_eq!((changed.status, changed.stderr.as_str()), (1, ""));
    assert_eq!(changed.stdout.matches("::error file=").count(), 1, "{}", changed.stdout);
    assert!(changed.stdout.starts_with("::error file=new.txt,line=1,"), "{}", changed.stdout);
    assert!(fs::read_to_string(folder.path().join("dinggao.sarif")).expect("a file").contains("new.txt"));
    assert_eq!(action("", "error").stdout.matches("::error file=").count(), 2);
    assert_eq!(action("gone", "error").status, 2);
    for input in ["paths", "since", "baseline", "fail-on", "sarif"] {
        assert!(ACTION.contains(&format!("${{{{ inputs.{input} }}}}")), "{input}");
    }
}

#[test]
fn the_job_of_gitlab_writes_its_reports() {
    let folder = office();
    let script: String =
        GITLAB.lines().filter_map(|line| line.strip_prefix("    - ")).flat_map(|line| [line, "\n"]).collect();
    let base = git(folder.path(), &["rev-parse", "main"]);
    let request = shell(folder.path(), &script, &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim())]);
    assert_eq!(request.status, 1, "{}", request.stderr);
    for (artifact, findings) in [("codequality: ", "\"check_name\""), ("junit: ", "<failure ")] {
        let (_, rest) = GITLAB.split_once(artifact).expect("an artifact");
        let report =
            fs::read_to_string(folder.path().join(rest.lines().next().expect("a name"))).expect("a file");
        assert_eq!(report.matches(findings).count(), 1, "{report}");
    }
    assert_eq!(
        shell(folder.path(), &script.replace("set -u", ""), &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")]).status,
        1
    );
}

#[test]
fn the_recipe_for_the_shell_does_what_it_says() {
    let folder = office();
    let (_, rest) = GUIDE.split_once("<!-- recipe:begin -->\n```sh\n").expect("a recipe");
    let (recipe, _) = rest.split_once("```").expect("it ends");
    let run = shell(folder.path(), recipe, &[]);
    assert_eq!((run.status, run.stderr.as_str()), (1, "drafts: not ready, see report.html\n"));
    assert!(fs::read_to_string(folder.path().join("report.html")).expect("a page").contains("new.txt"));
    write(&folder, "new.txt", FINISHED);
    let run = shell(folder.path(), recipe, &[]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.ends_with("drafts: ready\n"), "{}", run.stdout);
}

#[test]
fn pre_commit_stops_a_commit_that_is_not_ready() {
    if Command::new("pre-commit").arg("--version").output().is_err() {
        println!("skipped: no pre-commit");
        return;
    }
    let folder = office();
    // the hook itself, but run with the program of this build instead of one built anew
    let hook = HOOKS.replace("language: rust", "language: system").replace('\n', "\n      ");
    let config = format!("repos:\n  - repo: local\n    hooks:\n      {}\n", hook.trim_end());
    write(&folder, ".pre-commit-config.yaml", config);
    git(folder.path(), &["add", "--all"]);
    let home = folder.path().join(".git").display().to_string();
    let variables = [("PRE_COMMIT_HOME", home.as_str())];
    let stopped = shell(folder.path(), "pre-commit run", &variables);
    assert_eq!(stopped.status, 1, "{}{}", stopped.stdout, stopped.stderr);
    assert!(
        stopped.stdout.contains("new.txt:1:3") && !stopped.stdout.contains("old.txt"),
        "{}",
        stopped.stdout
    );
    write(&folder, "new.txt", FINISHED);
    commit(&folder);
    write(&folder, "new.txt", "走访二十户。\n");
    git(folder.path(), &["add", "--all"]);
    let passed = shell(folder.path(), "pre-commit run", &variables);
    assert_eq!(passed.status, 0, "{}{}", passed.stdout, passed.stderr);
}
