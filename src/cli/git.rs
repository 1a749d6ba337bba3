//! What git knows: which lines have changed, and what is staged. It is asked through the `git` program.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

use crate::diagnostic::Lang;

/// Compares what is staged with the last commit, in place of a commit.
const STAGED: &str = "--cached";

/// A repository, as seen from a folder in it.
pub(super) struct Repository {
    /// Its work tree, as an absolute path.
    root: PathBuf,
    lang: Lang,
}

/// What has become of a file.
pub(super) struct Changed {
    /// The file, as an absolute path.
    pub(super) path: PathBuf,
    /// The lines that are new; `None` is all of them.
    pub(super) lines: Option<Vec<Lines>>,
}

/// Lines from `first` up to, and not including, `end`, counted from 1. A line ends with a line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) first: usize,
    pub(super) end: usize,
}

impl Repository {
    /// The repository around the current folder.
    ///
    /// # Errors
    /// If there is none, or no git.
    pub(super) fn here(lang: Lang) -> Result<Self> {
        let output = Command::new("git").args(["rev-parse", "--show-toplevel"]).output();
        let output = output.context(lang.pick("运行不了 git", "git cannot be run"))?;
        if !output.status.success() {
            bail!(lang.pick("这里不是 git 仓库", "this is not a git repository"));
        }
        let root = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']));
        Ok(Self { root: root.canonicalize().unwrap_or(root), lang })
    }

    /// The commit at which the current branch left `revision`.
    ///
    /// # Errors
    /// If there is no such revision, or nothing that the two have in common.
    pub(super) fn base(&self, revision: &str) -> Result<String> {
        let lang = self.lang;
        let commit = format!("{revision}^{{commit}}");
        self.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| {
            anyhow!(lang.pick(
                format!("--since：仓库里没有“{revision}”这个版本"),
                format!("--since: the repository has no revision `{revision}`"),
            ))
        })?;
        let base = self.ask(["merge-base", "HEAD", revision]).map_err(|_| {
            anyhow!(lang.pick(
                format!("--since：当前分支与“{revision}”没有共同的历史（浅克隆请先取回历史）"),
                format!(
                    "--since: the current branch has no history in common with `{revision}` (of a shallow clone, \
                     fetch the history first)"
                ),
            ))
        })?;
        Ok(base.trim().to_owned())
    }

    /// The files that differ from a commit, and those that git does not know yet; without a commit, the files whose
    /// staged content differs from the last one.
    ///
    /// # Errors
    /// If git fails.
    pub(super) fn changed(&self, base: Option<&str>) -> Result<Vec<Changed>> {
        let mut changed = self.diff(base)?;
        if base.is_some() {
            let unknown =
                self.ask(["ls-files", "--others", "--exclude-standard", "-z", "--full-name", ":/"])?;
            changed.extend(self.paths(&unknown).map(|path| Changed { path, lines: None }));
        }
        Ok(changed)
    }

    /// The files that were there in a commit and are gone, or have another name; without a commit, those of which that
    /// is staged.
    ///
    /// # Errors
    /// If git fails.
    pub(super) fn removed(&self, base: Option<&str>) -> Result<Vec<PathBuf>> {
        let against = base.unwrap_or(STAGED);
        let names = self.ask(["diff", "--name-only", "--no-renames", "--diff-filter=D", "-z", against])?;
        Ok(self.paths(&names).collect())
    }

    /// The files that have staged content, whether it differs from the last commit or not.
    ///
    /// # Errors
    /// If git fails.
    pub(super) fn all_staged(&self) -> Result<Vec<PathBuf>> {
        let entries = self.ask(["ls-files", "--stage", "-z", "--full-name", ":/"])?;
        let entries = entries.split_terminator('\0').filter_map(|entry| entry.split_once('\t'));
        // regular files, and none that is still to be merged
        let is_whole = |about: &str| about.starts_with("100") && about.ends_with(" 0");
        Ok(entries.filter(|(about, _)| is_whole(about)).map(|(_, path)| self.root.join(path)).collect())
    }

    fn paths(&self, names: &str) -> impl Iterator<Item = PathBuf> {
        names.split_terminator('\0').map(|name| self.root.join(name))
    }

    /// The content of files as it is staged, in order.
    ///
    /// # Errors
    /// If git fails.
    pub(super) fn staged_contents(&self, paths: &[PathBuf]) -> Result<Vec<Vec<u8>>> {
        let mut git =
            self.git(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let contents = self.exchange(&mut git, paths);
        let status = git.wait()?;
        match contents {
            Ok(contents) if status.success() => Ok(contents),
            Ok(_) => bail!("git cat-file: {status}"),
            Err(error) => Err(error).context("git cat-file"),
        }
    }

    /// Asks for one file after the other, so that neither side waits for the other to read.
    fn exchange(&self, git: &mut Child, paths: &[PathBuf]) -> io::Result<Vec<Vec<u8>>> {
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        let mut ask = git.stdin.take().ok_or_else(broken)?;
        let mut answers = BufReader::new(git.stdout.take().ok_or_else(broken)?);
        let mut contents = Vec::with_capacity(paths.len());
        for path in paths {
            let name = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/");
            writeln!(ask, ":{name}")?;
            ask.flush()?;
            let mut header = String::new();
            answers.read_line(&mut header)?;
            let size = header.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
            let size: usize = size.ok_or_else(|| io::Error::other(header.trim_end().to_owned()))?;
            let mut content = vec![0; size];
            answers.read_exact(&mut content)?;
            answers.read_exact(&mut [0])?;
            contents.push(content);
        }
        Ok(contents)
    }

    fn diff(&self, base: Option<&str>) -> Result<Vec<Changed>> {
        // what a user's configuration says about diffs must not be heard
        let fixed = ["-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff"];
        let more =
            ["--no-textconv", "--find-renames", "--src-prefix=a/", "--dst-prefix=b/", "--diff-filter=d"];
        let mut git = self.git(fixed.into_iter().chain(more).chain([base.unwrap_or(STAGED)]));
        let output = git.output().context(self.lang.pick("运行不了 git", "git cannot be run"))?;
        if !output.status.success() {
            bail!("git diff: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(parse_diff(&String::from_utf8_lossy(&output.stdout), &self.root))
    }

    fn git(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut git = Command::new("git");
        git.arg("-C").arg(&self.root).args(arguments).stdin(Stdio::null());
        git
    }

    /// What git says, when it succeeds.
    fn ask<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Result<String> {
        let output =
            self.git(arguments).output().context(self.lang.pick("运行不了 git", "git cannot be run"))?;
        if !output.status.success() {
            bail!("git: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Reads a diff without context lines.
fn parse_diff(diff: &str, root: &Path) -> Vec<Changed> {
    let mut changed: Vec<Changed> = Vec::new();
    // lines of the hunk that are still to come, which may look like anything
    let mut left = 0;
    for line in diff.split_inclusive('\n') {
        let line = line.trim_end_matches(['\n', '\r']);
        if left > 0 && line.starts_with(['+', '-']) {
            left -= 1;
        } else if let Some(path) = line.strip_prefix("+++ ") {
            changed.push(Changed { path: root.join(unquoted(path)), lines: Some(Vec::new()) });
        } else if let Some(path) = binary(line) {
            changed.push(Changed { path: root.join(path), lines: None });
        } else if let Some((removed, added)) = hunk(line) {
            left = removed.1 + added.1;
            if let Some(Changed { lines: Some(lines), .. }) = changed.last_mut() {
                lines.push(new_lines(added));
            }
        }
    }
    changed
}

/// The file of `Binary files a/x and b/x differ`: text in UTF-16 is such to git.
fn binary(line: &str) -> Option<String> {
    let names = line.strip_prefix("Binary files ")?.strip_suffix(" differ")?;
    let at = names.find(" and b/").or_else(|| names.find(" and \"b/"))?;
    Some(unquoted(&names[at + " and ".len()..]))
}

/// The start and the number of lines on both sides: `@@ -3,0 +4,2 @@`.
fn hunk(line: &str) -> Option<((usize, usize), (usize, usize))> {
    let (sides, _) = line.strip_prefix("@@ ")?.split_once(" @@")?;
    let (old, new) = sides.split_once(' ')?;
    let side = |text: &str| match text.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    };
    Some((side(old.strip_prefix('-')?)?, side(new.strip_prefix('+')?)?))
}

/// The lines that a hunk adds. Where it only removes, those on both sides of the gap: what is missing there now, 二是
/// between 一是 and 三是, shows in them.
fn new_lines((start, count): (usize, usize)) -> Lines {
    if count == 0 {
        Lines { first: start, end: start + 2 }
    } else {
        Lines { first: start, end: start + count }
    }
}

/// A path as a diff has it: `b/` before it, a tab after it if there is a blank in it, and in quotes if there is worse.
fn unquoted(path: &str) -> String {
    let path = path.trim_end_matches('\t');
    let plain = match path.strip_prefix('"').and_then(|path| path.strip_suffix('"')) {
        Some(quoted) => unescaped(quoted),
        None => path.to_owned(),
    };
    plain.strip_prefix("b/").unwrap_or(&plain).to_owned()
}

/// A text without the escapes of C.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, len) = match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..]) => {
                ((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), 4)
            }
            (b'\\', [b'n', ..]) => (b'\n', 2),
            (b'\\', [b't', ..]) => (b'\t', 2),
            (b'\\', [b'r', ..]) => (b'\r', 2),
            (b'\\', [other, ..]) => (*other, 2),
            (other, _) => (other, 1),
        };
        bytes.push(byte);
        rest = &rest[len..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path and the lines of it, from the first up to the end.
    type Parsed = (String, Option<Vec<(usize, usize)>>);

    fn parsed(diff: &str) -> Vec<Parsed> {
        let pairs = |lines: Vec<Lines>| lines.iter().map(|lines| (lines.first, lines.end)).collect();
        let all = parse_diff(diff, Path::new("/r")).into_iter();
        all.map(|changed| (changed.path.display().to_string(), changed.lines.map(pairs))).collect()
    }

    #[test]
    fn lines_that_are_new_are_read_and_those_beside_a_gap() {
        let diff = "diff --git a/稿.txt b/稿.txt\n--- a/稿.txt\n+++ b/稿.txt\n@@ -1 +1,2 @@ 标题\n-一\n+一\n+二\n\
            @@ -9,2 +9,0 @@\n-九\n-十\n";
        assert_eq!(parsed(diff), [("/r/稿.txt".to_owned(), Some(vec![(1, 3), (9, 11)]))]);
    }

    #[test]
    fn what_a_draft_says_is_not_read_as_the_diff() {
        let diff = "+++ b/a.txt\n@@ -0,0 +1,2 @@\n+++ b/no.txt\n+@@ -1 +1 @@\n@@ -8,0 +9 @@\n+九\n";
        assert_eq!(parsed(diff), [("/r/a.txt".to_owned(), Some(vec![(1, 3), (9, 10)]))]);
    }

    #[test]
    fn names_are_read_whatever_is_in_them() {
        assert_eq!(unquoted("b/两 字.txt\t"), "两 字.txt");
        assert_eq!(unquoted("\"b/a\\\"b\\t\\344\\270\\200.txt\""), "a\"b\t一.txt");
        let diff =
            "Binary files a/x.txt and b/x.txt differ\nBinary files /dev/null and \"b/y\\n.txt\" differ\n";
        assert_eq!(parsed(diff), [("/r/x.txt".to_owned(), None), ("/r/y\n.txt".to_owned(), None)]);
    }
}
