//! Messages with gaps: `“{text}” is still to be filled in`.

use std::sync::Arc;

use toml::Spanned;

use super::definition::{Definition, Wording};
use super::source::RuleError;
use crate::diagnostic::{Diagnostic, Label, Lang, RuleInfo};
use crate::text::TextRange;

/// What a rule says of a finding: its id and severity, and its messages in one language.
#[derive(Debug)]
pub(super) struct Voice {
    pub info: Arc<RuleInfo>,
    message: Template,
    caption: Option<Template>,
    related: Option<Template>,
}

impl Voice {
    /// Reads the messages of a rule. `variables` are the names that its kind fills in.
    pub(super) fn new(rule: &Definition, lang: Lang, variables: &[&str]) -> Result<Self, RuleError> {
        let template = |wording| Template::new(rule, wording, lang, variables);
        Ok(Self {
            info: Arc::new(RuleInfo {
                id: rule.id.clone(),
                severity: rule.severity,
                help: rule.help.as_ref().map(|help| help.pick(lang).to_owned()),
            }),
            message: template(&rule.message)?,
            caption: rule.caption.as_ref().map(template).transpose()?,
            related: rule.related.as_ref().map(template).transpose()?,
        })
    }

    /// What the label at another place says.
    pub(super) fn label(&self, values: &[&str]) -> String {
        self.related.as_ref().map(|template| template.render(values)).unwrap_or_default()
    }

    /// The finding at `range`, which may have to do with another place. `values` go into the gaps of the messages, in
    /// the order of the variables given to [`Voice::new`].
    pub(super) fn finding(&self, range: TextRange, values: &[&str], other: Option<TextRange>) -> Diagnostic {
        let related = self.related.as_ref().zip(other);
        Diagnostic {
            rule: Arc::clone(&self.info),
            range,
            message: self.message.render(values),
            caption: self.caption.as_ref().map(|caption| caption.render(values)),
            related: related
                .map(|(template, range)| Label { range, message: template.render(values) })
                .into_iter()
                .collect(),
            elsewhere: Vec::new(),
            slot: None,
            fix: None,
        }
    }
}

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
