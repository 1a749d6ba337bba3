//! The guide to writing rules, followed to the letter: its files are written, its commands run, and they print what it
//! says they do.

use super::*;

const GUIDE: &str = include_str!("../../docs/writing-rules.md");

/// What a comment before a code block says that it is.
enum Block<'a> {
    /// A file, anew.
    File(&'a str),
    /// More of a file.
    Append(&'a str),
    /// Commands and what they print.
    Run,
}

fn blocks() -> Vec<(Block<'static>, &'static str)> {
    let marked = GUIDE.split("\n<!-- ").skip(1).map(|rest| {
        let (comment, rest) = rest.split_once(" -->\n```").expect("a code block follows the comment");
        let (_, rest) = rest.split_once('\n').expect("a line");
        let (text, _) = rest.split_once("```").expect("the block ends");
        let block = match comment.split_once(": ") {
            Some(("file", path)) => Block::File(path),
            Some(("append", path)) => Block::Append(path),
            _ => Block::Run,
        };
        (block, text)
    });
    marked.collect()
}

/// Each command of a block with what it prints.
fn commands(text: &str) -> Vec<(Vec<&str>, String)> {
    let mut commands = Vec::<(Vec<&str>, String)>::new();
    for line in text.lines() {
        match (line.strip_prefix("$ dinggao "), commands.last_mut()) {
            (Some(arguments), _) => commands.push((arguments.split(' ').collect(), String::new())),
            (None, Some((_, printed))) => printed.extend([line, "\n"]),
            (None, None) => panic!("the block does not begin with a command: {line}"),
        }
    }
    commands
}

#[test]
fn every_command_prints_what_the_guide_says() {
    let folder = folder(&[]);
    let mut ran = 0;
    for (block, text) in blocks() {
        let at = |path: &str| folder.path().join(path);
        match block {
            Block::File(path) => {
                fs::create_dir_all(at(path).parent().expect("a folder")).expect("a folder");
                fs::write(at(path), text).expect("a file");
            }
            Block::Append(path) => {
                let written = fs::read_to_string(at(path)).expect("the file has been written");
                fs::write(at(path), written + text).expect("a file");
            }
            Block::Run => {
                for (arguments, printed) in commands(text) {
                    let output = program(folder.path(), &arguments).env("LANG", "zh_CN.UTF-8").output();
                    let run = Run::from(output.expect("the program runs"));
                    assert_eq!((run.stdout + &run.stderr), printed, "{arguments:?}");
                    ran += 1;
                }
            }
        }
    }
    assert!(ran >= 8, "the guide's comments have changed");
}
