//! The guides, followed to the letter: their files are written, their commands run, and they print what the guides say.

use super::*;

const WRITING_RULES: &str = include_str!("../../docs/writing-rules.md");
const FILLING: &str = include_str!("../../docs/filling.md");

/// What a comment before a code block says that it is.
enum Block<'a> {
    /// A file, anew.
    File(&'a str),
    /// More of a file.
    Append(&'a str),
    /// Commands and what they print.
    Run,
    /// A command that asks, and what is typed behind its prompts.
    Answers,
    /// What a file has come to say.
    Reads(&'a str),
    /// Part of what it says.
    Part(&'a str),
}

fn blocks(guide: &'static str) -> Vec<(Block<'static>, &'static str)> {
    let marked = guide.split("\n<!-- ").skip(1).map(|rest| {
        let (comment, rest) = rest.split_once(" -->\n```").expect("a code block follows the comment");
        let (_, rest) = rest.split_once('\n').expect("a line");
        let (text, _) = rest.split_once("```").expect("the block ends");
        let block = match comment.split_once(": ") {
            Some(("file", path)) => Block::File(path),
            Some(("append", path)) => Block::Append(path),
            Some(("reads", path)) => Block::Reads(path),
            Some(("part", path)) => Block::Part(path),
            None if comment == "answers" => Block::Answers,
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

/// The lines of a session with what is typed taken out, and what is typed.
fn typed(session: &str) -> (String, String) {
    let (mut printed, mut typed) = (String::new(), String::new());
    for line in session.split_inclusive('\n') {
        match line.split_once("> ") {
            Some((offered, answer)) if offered.is_empty() || offered.starts_with('[') => {
                printed.extend([offered, "> "]);
                typed.push_str(answer);
            }
            _ => printed.push_str(line),
        }
    }
    (printed, typed)
}

/// Follows a guide; how many commands it has.
fn follow(guide: &'static str) -> usize {
    let folder = folder(&[]);
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).expect("the file has been written");
    let mut ran = 0;
    for (block, text) in blocks(guide) {
        let at = |path: &str| folder.path().join(path);
        match block {
            Block::File(path) => {
                fs::create_dir_all(at(path).parent().expect("a folder")).expect("a folder");
                fs::write(at(path), text).expect("a file");
            }
            Block::Append(path) => fs::write(at(path), read(path) + text).expect("a file"),
            Block::Reads(path) => assert_eq!(read(path), text, "{path}"),
            Block::Part(path) => assert!(read(path).contains(text), "{path}: {}", read(path)),
            Block::Run => {
                for (arguments, printed) in commands(text) {
                    let output = program(folder.path(), &arguments).env("LANG", "zh_CN.UTF-8").output();
                    let run = Run::from(output.expect("the program runs"));
                    assert_eq!((run.stdout + &run.stderr), printed, "{arguments:?}");
                    ran += 1;
                }
            }
            Block::Answers => {
                let (session, answers) = typed(text);
                for (arguments, printed) in commands(&session) {
                    let mut command = program(folder.path(), &arguments);
                    let run = type_in(command.env("LANG", "zh_CN.UTF-8"), &answers);
                    assert_eq!((run.stdout + &run.stderr), printed, "{arguments:?}");
                    ran += 1;
                }
            }
        }
    }
    ran
}

#[test]
fn every_command_prints_what_the_guide_to_writing_rules_says() {
    assert!(follow(WRITING_RULES) >= 8, "the guide's comments have changed");
}

#[test]
fn every_command_prints_what_the_guide_to_filling_says() {
    assert!(follow(FILLING) >= 5, "the guide's comments have changed");
}
