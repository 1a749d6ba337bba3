//! The recipes of docs/editors.md, taken from there word for word and run in real editors: each opens a draft, sees what
//! is wrong with it, and mends one place. An editor that is not installed is passed over with a line that says so.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const GUIDE: &str = include_str!("../../docs/editors.md");
const DRAFT: &str = "全年完成接待X人次,群众反映良好。\n";
const MENDED: &str = "全年完成接待X人次，群众反映良好。\n";

/// The code block of the guide between the comments `<!-- name:begin -->` and `<!-- name:end -->`.
fn recipe(name: &str) -> &'static str {
    let (_, rest) = GUIDE.split_once(&format!("<!-- {name}:begin -->\n```")).expect("the recipe begins");
    let (block, _) = rest.split_once(&format!("```\n<!-- {name}:end -->")).expect("the recipe ends");
    block.split_once('\n').expect("the language of the block").1
}

/// A folder that is the home of an editor, with a draft in it, and the files given.
fn home(files: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [("draft.txt", DRAFT)].iter().chain(files) {
        fs::write(home.path().join(name), text).expect("a file");
    }
    home
}

/// An editor with the program in its `PATH`, and no settings but those of its home.
fn editor(name: &str, home: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_dinggao")).parent().expect("a folder");
    let others = env::var_os("PATH").unwrap_or_default();
    let folders = [program.to_owned()].into_iter().chain(env::split_paths(&others));
    let path: OsString = env::join_paths(folders).expect("a PATH");
    let mut command = Command::new(name);
    command.current_dir(home).env("PATH", path).env("HOME", home).stdin(Stdio::null());
    for (variable, folder) in
        [("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state")]
    {
        command.env(variable, home.join(folder));
    }
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// What an editor says to `--version`, or nothing if it is not there.
fn version(name: &str) -> Option<String> {
    let Ok(Output { stdout, .. }) = Command::new(name).arg("--version").output() else {
        println!("{name} is not installed: skipped");
        return None;
    };
    String::from_utf8(stdout).ok()
}

/// Runs an editor to its end and gives what it saw, line by line: the findings before the fix, and those after it.
fn seen(command: &mut Command, home: &TempDir) -> Vec<String> {
    let Output { status, stdout, stderr } = command.output().expect("the editor runs");
    let said = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(status.success(), "{said}");
    assert_eq!(fs::read_to_string(home.path().join("draft.txt")).expect("the draft"), MENDED);
    let seen = fs::read_to_string(home.path().join("seen")).expect("what was seen");
    seen.lines().map(str::to_owned).collect()
}

#[test]
fn neovim_sees_the_findings_and_mends_a_comma() {
    let Some(version) = version("nvim") else { return };
    let minor = version.trim_start_matches("NVIM v0.").split('.').next().and_then(|minor| minor.parse().ok());
    let name = match minor {
        Some(..8) => "neovim-0.7",
        Some(8..11) => "neovim-0.8",
        _ => "neovim-0.11",
    };
    let home = home(&[("init.lua", recipe(name)), ("drive.lua", include_str!("neovim.lua"))]);
    let mut nvim = editor("nvim", home.path());
    nvim.args(["--headless", "-u", "init.lua", "draft.txt", "-c", "luafile drive.lua"]);
    assert_eq!(
        seen(&mut nvim, &home),
        ["1:19 placeholder/mask", "1:26 text/half-width", "1:19 placeholder/mask"]
    );
}

#[test]
fn eglot_sees_the_findings_and_mends_a_comma() {
    let files = [("init.el", recipe("eglot")), ("drive.el", include_str!("eglot.el"))];
    let Some((mut emacs, home)) = emacs("eglot", &files) else { return };
    let seen = seen(&mut emacs, &home);
    assert!(seen[0].starts_with("1:7 "), "{seen:?}");
    assert!(seen[0].contains('X'), "{seen:?}");
    assert!(seen[1].starts_with("1:10 "), "{seen:?}");
}

#[test]
fn lsp_mode_sees_the_findings_and_mends_a_comma() {
    let files = [("init.el", recipe("lsp-mode")), ("drive.el", include_str!("lsp-mode.el"))];
    let Some((mut emacs, home)) = emacs("lsp-mode", &files) else { return };
    assert_eq!(seen(&mut emacs, &home), ["1:7 placeholder/mask", "1:10 text/half-width"]);
}

/// An Emacs that has `package`, ready to run.
fn emacs(package: &str, files: &[(&str, &str)]) -> Option<(Command, TempDir)> {
    version("emacs")?;
    let home = home(files);
    fs::write(home.path().join("common.el"), include_str!("emacs.el")).expect("a file");
    let mut probe = editor("emacs", home.path());
    probe.args(["--batch", "-f", "package-initialize", "--eval", &format!("(require '{package})")]);
    if !probe.output().is_ok_and(|output| output.status.success()) {
        println!("Emacs has no {package}: skipped");
        return None;
    }
    let mut emacs = editor("emacs", home.path());
    emacs.args(["--batch", "-f", "package-initialize", "-l", "common.el", "-l", "init.el", "-l", "drive.el"]);
    Some((emacs, home))
}

#[test]
fn the_recipe_for_helix_is_toml_and_that_for_coc_is_json() {
    let helix: toml::Table = recipe("helix").parse().expect("TOML");
    assert_eq!(helix["language-server"]["dinggao"]["command"].as_str(), Some("dinggao"));
    let coc: serde_json::Value = serde_json::from_str(recipe("coc")).expect("JSON");
    assert_eq!(coc["languageserver"]["dinggao"]["args"][0], "lsp");
}
