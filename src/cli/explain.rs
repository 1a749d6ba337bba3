//! `dinggao explain`: what a rule looks for and why, with its examples.

use anyhow::{Result, anyhow};

use super::args::ExplainArgs;
use super::output::{Console, print};
use super::{Status, rules, suggest};
use crate::report::{Paint, columns, visible};
use crate::rule::{Catalog, Definition, Example};

/// Runs the command.
pub(super) fn run(args: &ExplainArgs, catalog: &Catalog, console: Console) -> Result<Status> {
    let definitions = catalog.definitions();
    let text = match &args.rule {
        None => rules::table(definitions, console),
        Some(id) => explanation(find(id, definitions, console)?, console),
    };
    print(&text)?;
    Ok(Status::Clean)
}

fn find<'a>(id: &str, definitions: &'a [Definition], console: Console) -> Result<&'a Definition> {
    definitions.iter().find(|rule| rule.id == id).ok_or_else(|| {
        let near = suggest::closest(id, definitions.iter().map(|rule| rule.id.as_str()));
        anyhow!(suggest::no_such_rule(id, near, console.lang))
    })
}

fn explanation(rule: &Definition, console: Console) -> String {
    let (lang, paint) = (console.lang, Paint(console.color));
    let severity = paint.severity(rule.severity, rule.severity.name());
    let mut parts = vec![
        format!("{} ({severity}): {}", paint.bold(&rule.id), rule.summary.pick(lang)),
        rule.explanation.pick(lang).trim_end().to_owned(),
    ];
    if let Some(help) = &rule.help {
        parts.push(format!("{}{}", paint.bold(lang.pick("建议：", "Help: ")), help.pick(lang).trim_end()));
    }
    if let Some(source) = &rule.source {
        parts.push(format!("{}{source}", paint.bold(lang.pick("依据：", "Source: "))));
    }
    let carets = |carets: &str| paint.severity(rule.severity, carets);
    parts.extend(shown(&paint.bold(lang.pick("会指出：", "Finds:")), &rule.bad, carets));
    parts.extend(shown(&paint.bold(lang.pick("不指出：", "Leaves alone:")), &rule.good, carets));
    parts.join("\n\n") + "\n"
}

/// Examples under their heading; nothing if there are none.
fn shown(heading: &str, examples: &[Example], paint: impl Fn(&str) -> String) -> Option<String> {
    let mut lines = vec![heading.to_owned()];
    for example in examples {
        push_example(example, &paint, &mut lines);
    }
    (lines.len() > 1).then(|| lines.join("\n"))
}

/// The lines of an example, indented, with carets under what is found in them; then why.
fn push_example(example: &Example, paint: impl Fn(&str) -> String, lines: &mut Vec<String>) {
    let mut inside = false;
    for line in example.text().lines() {
        let (plain, carets) = underlined(line, &mut inside);
        lines.push(format!("  {plain}"));
        if carets.contains('^') {
            let (gap, carets) = carets.split_at(carets.len() - carets.trim_start().len());
            lines.push(format!("  {gap}{}", paint(carets)));
        }
    }
    for other in &example.others {
        lines.extend(other.lines().map(|line| format!("  | {}", visible(line))));
    }
    lines.extend(example.why.as_ref().map(|why| format!("    — {}", why.trim_end())));
}

/// A line without its `⟦` and `⟧`, and the carets that go under what they enclose. `inside` carries over from line to
/// line whether a pair is open.
fn underlined(line: &str, inside: &mut bool) -> (String, String) {
    let (mut plain, mut carets) = (String::new(), String::new());
    for piece in line.split_inclusive(['⟦', '⟧']) {
        let words = visible(piece.trim_end_matches(['⟦', '⟧']));
        let mark = if *inside { "^" } else { " " };
        carets += &mark.repeat(columns(&words));
        plain += &words;
        if piece.ends_with(['⟦', '⟧']) {
            *inside = piece.ends_with('⟦');
        }
    }
    (plain, carets.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_what_an_example_marks() {
        let mut inside = false;
        let (plain, carets) = underlined("接待⟦X⟧人次，走访⟦××⟧户", &mut inside);
        assert_eq!((plain.as_str(), carets.as_str()), ("接待X人次，走访××户", "    ^          ^^"));
        assert!(!inside);
    }

    #[test]
    fn a_mark_may_run_over_lines() {
        let mut inside = false;
        assert_eq!(underlined("甲⟦乙", &mut inside).1, "  ^^");
        assert_eq!(underlined("丙⟧丁", &mut inside).1, "^^");
        assert!(!inside);
    }
}
