//! What a rule says of itself, in Markdown.

use crate::diagnostic::Lang;
use crate::rule::{Definition, Example};

/// All that there is to know of a rule: a page of its own.
pub fn page(rule: &Definition, lang: Lang) -> String {
    let mut parts = vec![
        format!("# {}", rule.id),
        format!("**{}** ({})", rule.summary.pick(lang), rule.severity),
        explanation(rule, lang),
    ];
    parts.extend(
        rule.source
            .iter()
            .map(|source| format!("{}{}", lang.pick("**依据：**", "**Source:** "), escaped(source))),
    );
    parts.extend(examples(lang.pick("## 会指出", "## Finds"), &rule.bad));
    parts.extend(examples(lang.pick("## 不指出", "## Leaves alone"), &rule.good));
    parts.join("\n\n") + "\n"
}

/// What it looks for and why, and what the writer can do.
pub(super) fn explanation(rule: &Definition, lang: Lang) -> String {
    let explanation = escaped(rule.explanation.pick(lang).trim_end());
    match &rule.help {
        None => explanation,
        Some(help) => {
            let help = escaped(help.pick(lang).trim_end());
            format!("{explanation}\n\n{}{help}", lang.pick("**建议：**", "**Help:** "))
        }
    }
}

fn examples(heading: &str, examples: &[Example]) -> Option<String> {
    let mut parts = vec![heading.to_owned()];
    for example in examples {
        parts.push(format!("````text\n{}\n````", example.text().trim_end_matches('\n')));
        parts.extend(example.why.as_ref().map(|why| escaped(why.trim_end())));
    }
    (parts.len() > 1).then(|| parts.join("\n\n"))
}

/// Text in which Markdown sees no marks.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\`*_{}[]<>#|~&$".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
