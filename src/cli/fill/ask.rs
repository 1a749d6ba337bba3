//! `fill -i`: one hole after the other, by hand. Every answer is in the values file before the next question is asked.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use super::Job;
use super::sheet::toml;
use crate::cli::catalog::in_words;
use crate::cli::output::say;
use crate::cli::walk::{display_name, io_error};
use crate::fill::{Binding, ValuesFile, blank, described, excerpt};
use crate::report::{Paint, visible};
use crate::text::{LineIndex, PositionEncoding};

/// Goes back to the question before.
const BACK: [&str; 2] = ["<", "＜"];
/// Leaves a hole as it is, even where an earlier answer is offered.
const SKIP: [&str; 2] = [">", "＞"];

/// How many letters and digits around two holes must be the same for the answer of one to be offered for the other.
const ALIKE: usize = 4;

/// Asks for the value of each hole; the values file with the answers.
pub(super) fn run(job: &Job<'_>) -> Result<PathBuf> {
    let path = job.args.values.clone().map_or_else(|| job.values_path(), Ok)?;
    let mut session = Session::open(job, &path)?;
    let count = session.questions.len();
    say(job
        .console
        .lang
        .pick(
            "回车：跳过，或者接受方括号里的值　<：回到上一处　>：跳过　Ctrl-D：先到这里\n",
            "Enter: skip, or take what is in brackets   <: back   >: skip   Ctrl-D: stop here\n",
        )
        .as_bytes());
    let mut at = 0;
    while at < count {
        match session.ask(at)? {
            Answer::Next => at += 1,
            Answer::Back => at = at.saturating_sub(1),
            Answer::Stop => break,
        }
    }
    let answered = session.answered();
    let name = display_name(&path);
    say(job
        .console
        .lang
        .pick(
            format!("\n{name}：{count} 处中已填 {answered} 处\n"),
            format!("\n{name}: {answered} of {count} answered\n"),
        )
        .as_bytes());
    Ok(path)
}

enum Answer {
    Next,
    Back,
    Stop,
}

struct Session<'a> {
    job: &'a Job<'a>,
    path: &'a Path,
    file: ValuesFile,
    binding: Binding,
    lines: LineIndex,
    /// Of each key the first hole, in reading order, with the field that it is written to.
    questions: Vec<(usize, usize)>,
}

impl<'a> Session<'a> {
    /// Takes up the values file, or begins one.
    fn open(job: &'a Job<'a>, path: &'a Path) -> Result<Self> {
        let name = display_name(path);
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8(bytes)
                .map_err(|_| anyhow!("{name}: {}", job.console.lang.pick("不是 UTF-8", "not UTF-8")))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = blank(&job.draft, (&job.name, &name), job.console.lang);
                job.writer.write(path, text.as_bytes())?;
                text
            }
            Err(error) => return Err(anyhow!("{name}: {}", io_error(&error, job.console.lang))),
        };
        let mut file = toml(&name, &text, job.console.lang)?;
        let mut binding = bind(job, &file)?;
        let new: Vec<usize> = (0..job.draft.holes().len())
            .filter(|&hole| binding.field_of(hole, file.row()).is_none())
            .collect();
        if !new.is_empty() {
            file.add(&job.draft, &new, job.console.lang)
                .map_err(|error| anyhow!(in_words(&error, job.console.lang)))?;
            binding = bind(job, &file)?;
        }
        let mut questions = Vec::<(usize, usize)>::new();
        for hole in 0..job.draft.holes().len() {
            let field = binding.field_of(hole, file.row());
            questions.extend(
                field
                    .filter(|field| questions.iter().all(|(_, asked)| asked != field))
                    .map(|field| (hole, field)),
            );
        }
        let lines = LineIndex::new(job.draft.text());
        Ok(Self { job, path, file, binding, lines, questions })
    }

    /// Asks one question until there is an answer that fits.
    fn ask(&mut self, at: usize) -> Result<Answer> {
        let (hole, field) = self.questions[at];
        self.show(at);
        let offered = self.offered(at);
        loop {
            let prompt = offered
                .as_ref()
                .map_or_else(|| "> ".to_owned(), |offered| format!("[{}]> ", visible(offered)));
            let Some(line) = self.read_line(&prompt)? else { return Ok(Answer::Stop) };
            let value = match line.trim() {
                back if BACK.contains(&back) => return Ok(Answer::Back),
                skip if SKIP.contains(&skip) => return Ok(Answer::Next),
                "" => match &offered {
                    Some(offered) => offered.clone(),
                    None => return Ok(Answer::Next),
                },
                value => value.to_owned(),
            };
            match self.binding.check(&self.job.draft, hole, &value) {
                Ok(()) => {
                    self.file
                        .set(field, &value)
                        .map_err(|error| anyhow!(in_words(&error, self.job.console.lang)))?;
                    self.job.writer.replace(self.path, self.file.text().as_bytes())?;
                    return Ok(Answer::Next);
                }
                Err(expected) => self.job.console.error(expected.pick(self.job.console.lang)),
            }
        }
    }

    /// The place, the key, the type and the sentence of a question.
    fn show(&self, at: usize) {
        let (job, (index, field)) = (self.job, self.questions[at]);
        let hole = &job.draft.holes()[index];
        let place = self.lines.position(job.draft.text(), hole.range.start, PositionEncoding::Grapheme);
        let key = &self.file.sheet.fields[field].key;
        let paint = Paint(job.console.color);
        let text = format!(
            "\n{}/{}  {}:{}:{}  {}  {}\n  {}\n",
            at + 1,
            self.questions.len(),
            visible(&job.name),
            place.line,
            place.column,
            paint.bold(&visible(key)),
            described(hole, job.console.lang),
            visible(&excerpt(job.draft.text(), hole.range)),
        );
        say(text.as_bytes());
    }

    /// What is offered as an answer: the one that there is, or else the last one given to a hole with the same words
    /// around it.
    fn offered(&self, at: usize) -> Option<String> {
        let value = |question: &(usize, usize)| {
            let text = &self.file.row().cells[question.1].text;
            (!text.is_empty()).then(|| text.clone())
        };
        let hole = |question: &(usize, usize)| &self.job.draft.holes()[question.0];
        let asked = hole(&self.questions[at]);
        let alike = |other: &&(usize, usize)| {
            hole(other).kind == asked.kind && hole(other).anchor.in_common(&asked.anchor) >= ALIKE
        };
        value(&self.questions[at]).or_else(|| self.questions[..at].iter().rev().filter(alike).find_map(value))
    }

    fn answered(&self) -> usize {
        let cells = &self.file.row().cells;
        self.questions.iter().filter(|&&(_, field)| !cells[field].text.is_empty()).count()
    }

    /// A line from standard input; `None` at its end.
    fn read_line(&self, prompt: &str) -> Result<Option<String>> {
        say(prompt.as_bytes());
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        let read = read.map_err(|error| {
            anyhow!(
                self.job.console.lang.pick(format!("标准输入：{error}"), format!("standard input: {error}"))
            )
        })?;
        Ok((read > 0).then_some(line))
    }
}

fn bind(job: &Job<'_>, file: &ValuesFile) -> Result<Binding> {
    Binding::new(&job.draft, &file.sheet.fields, true, &[]).map_err(|problems| {
        let words: Vec<&str> =
            problems.iter().map(|problem| problem.message.pick(job.console.lang)).collect();
        anyhow!("{}", words.join("\n"))
    })
}
