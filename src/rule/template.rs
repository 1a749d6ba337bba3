//! Messages with gaps: `“{text}” is still to be filled in`.

use toml::Spanned;

use super::definition::{Definition, Wording};
use super::source::RuleError;
use crate::diagnostic::Lang;

/// A message of a rule in one language, split at its gaps.
#[derive(Debug)]
pub(super) struct Template {
    /// Text before each gap, and the index of the gap's variable.
    parts: Vec<(String, usize)>,
    tail: String,
}

impl Template {
    /// Reads a message. `variables` are the names that the kind of rule fills in; `{other}` is an error of the file.
    pub(super) fn new(
        rule: &Definition,
        wording: &Spanned<Wording>,
        lang: Lang,
        variables: &[&str],
    ) -> Result<Self, RuleError> {
        let mut parts = Vec::new();
        let mut rest = wording.get_ref().pick(lang);
        while let Some((text, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            let variable = variables.iter().position(|variable| *variable == name).ok_or_else(|| {
                let known = variables.join("}, {");
                let message = Wording::new(
                    format!("这里没有 {{{name}}}，只有 {{{known}}}"),
                    format!("there is no {{{name}}} here, but {{{known}}}"),
                );
                rule.error_at(wording.span().start, message)
            })?;
            parts.push((text.to_owned(), variable));
            rest = tail;
        }
        Ok(Self { parts, tail: rest.to_owned() })
    }

    /// As [`Template::new`], for a message that a rule may do without.
    pub(super) fn optional(
        rule: &Definition,
        wording: Option<&Spanned<Wording>>,
        lang: Lang,
        variables: &[&str],
    ) -> Result<Option<Self>, RuleError> {
        wording.map(|wording| Self::new(rule, wording, lang, variables)).transpose()
    }

    /// The message with `values` in its gaps, in the order of the variables given to [`Template::new`].
    pub(super) fn render(&self, values: &[&str]) -> String {
        let gaps: usize =
            self.parts.iter().map(|(text, variable)| text.len() + values[*variable].len()).sum();
        let mut message = String::with_capacity(gaps + self.tail.len());
        for (text, variable) in &self.parts {
            message.push_str(text);
            message.push_str(values[*variable]);
        }
        message.push_str(&self.tail);
        message
    }
}
