//! Code actions: what can be done about a finding.

use std::collections::HashMap;

use gen_lsp_types::{
    CodeAction, CodeActionKind, Command, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier,
    Range, TextDocumentEdit, TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};
use serde::Deserialize;
use serde_json::json;

use super::ALLOW;
use super::server::View;
use crate::diagnostic::{Applicability, Diagnostic, Edit as Mend, Fix};
use crate::document::Format;
use crate::text::TextRange;

/// Fixes for a whole document.
pub(super) const FIX_ALL: &str = "source.fixAll.dinggao";

const QUICK_FIX: &str = "quickfix";

/// No menu shows what can be done about more findings.
const MOST: usize = 50;

/// So many characters of a text say in a title which one it is.
const TITLE: usize = 12;

/// The trigger of a request that nobody made: the cursor has moved.
const AUTOMATIC: u32 = 2;

/// What the parameters of `textDocument/codeAction` say, but for the findings, which are known here.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    pub text_document: TextDocumentIdentifier,
    range: Range,
    context: Context,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    /// The kinds that are wanted, if not all are.
    only: Option<Vec<String>>,
    trigger_kind: Option<u32>,
}

impl Request {
    /// Whether actions of a kind are wanted, by that kind or one that it is part of.
    fn wants(&self, kind: &str) -> bool {
        let is_part = |wanted: &String| {
            wanted.is_empty()
                || kind.strip_prefix(&**wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.context.only.as_ref().is_none_or(|only| only.iter().any(is_part))
    }
}

impl Request {
    /// Whether fixes for the whole document are wanted. They take time: a cursor that moves does not ask for them.
    fn wants_all_fixed(&self) -> bool {
        let is_automatic = self.context.only.is_none() && self.context.trigger_kind == Some(AUTOMATIC);
        !is_automatic && self.wants(FIX_ALL)
    }
}

impl View<'_> {
    /// Whether it takes more than the findings to know what can be done in a range.
    pub(super) fn needs_remedies(&self, request: &Request) -> bool {
        let range = self.buffer.range(request.range);
        let has_hole = || self.checked.holes.iter().any(|place| meets(place.hole.found, range));
        request.wants_all_fixed() || request.wants(QUICK_FIX) && has_hole()
    }

    /// What can be done in a range.
    pub(super) fn actions(
        &self,
        request: &Request,
        values: &[Vec<String>],
        fixes: &[Mend],
    ) -> Vec<CodeAction> {
        let range = self.buffer.range(request.range);
        let mut actions = Vec::new();
        if request.wants(QUICK_FIX) {
            let met = self.checked.findings.iter().enumerate().filter(|(_, found)| meets(found.range, range));
            for (index, finding) in met.take(MOST) {
                actions.extend(self.fix(finding));
                actions.extend(self.fill(index, values));
                actions.push(self.allow(finding));
                actions.extend(self.comment(finding));
            }
        }
        if request.wants_all_fixed() {
            actions.extend(self.fix_all(fixes));
        }
        actions
    }

    fn fix(&self, finding: &Diagnostic) -> Option<CodeAction> {
        let fix = finding.fix.as_ref()?;
        let mut action = self.quick_fix(finding, self.fix_title(fix));
        action.is_preferred = Some(fix.applicability == Applicability::Safe);
        action.edit = Some(self.edit(self.text_edits(&fix.edits)));
        Some(action)
    }

    fn fix_title(&self, fix: &Fix) -> String {
        let Some((first, others)) = fix.edits.split_first() else { return String::new() };
        let (old, new) = (short(first.range.of(self.buffer.text())), short(&first.text));
        let title = match (old.is_empty(), new.is_empty()) {
            (true, _) => self.lang.pick(format!("插入“{new}”"), format!("Insert `{new}`")),
            (_, true) => self.lang.pick(format!("删除“{old}”"), format!("Delete `{old}`")),
            _ => self.lang.pick(format!("把“{old}”改为“{new}”"), format!("Replace `{old}` with `{new}`")),
        };
        match others.len() {
            0 => title,
            more => self.lang.pick(format!("{title}，另有 {more} 处"), format!("{title}, and {more} more")),
        }
    }

    /// Puts values into the hole that a finding is about.
    fn fill(&self, finding: usize, values: &[Vec<String>]) -> Vec<CodeAction> {
        let at = self.checked.holes.iter().position(|place| place.finding == finding);
        let Some((place, values)) = at.and_then(|at| Some((&self.checked.holes[at], values.get(at)?))) else {
            return Vec::new();
        };
        let key = &place.hole.key;
        let fill = |value: &String| {
            let title =
                self.lang.pick(format!("填入“{value}”（{key}）"), format!("Fill in `{value}` ({key})"));
            let mut action = self.quick_fix(&self.checked.findings[finding], title);
            let range = self.page.places.range(place.hole.range);
            action.edit = Some(self.edit(vec![TextEdit { range, new_text: value.clone() }]));
            action
        };
        values.iter().map(fill).collect()
    }

    /// Leaves the finding alone by an entry in the file of allowances.
    fn allow(&self, finding: &Diagnostic) -> CodeAction {
        let rule = &finding.rule.id;
        let title = self
            .lang
            .pick(format!("豁免这一处 {rule}，写明理由…"), format!("Allow this {rule}, with a reason…"));
        let arguments = json!({
            "uri": self.page.uri, "rule": rule, "range": self.page.places.range(finding.range),
        });
        let mut action = self.quick_fix(finding, title.clone());
        action.command = Some(Command {
            title,
            command: ALLOW.to_owned(),
            arguments: Some(vec![arguments]),
            tooltip: None,
        });
        action
    }

    /// Leaves the finding alone by a comment in the draft, at the end of its line.
    fn comment(&self, finding: &Diagnostic) -> Option<CodeAction> {
        if self.checked.format != Format::Markdown {
            return None;
        }
        let rule = &finding.rule.id;
        let (text, start) = (self.buffer.text(), finding.range.start);
        let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |len| start + len);
        // white space at the end of a line may be a mark of Markdown
        let end = text[..line_end].trim_end().len();
        let reason = self.lang.pick("已核对", "checked");
        let mend = Mend {
            range: TextRange::new(end, end),
            text: format!(" <!-- dinggao: ignore {rule} -- {reason} -->"),
        };
        let title = self.lang.pick(
            format!("在这一行忽略 {rule}（插入注释）"),
            format!("Ignore {rule} on this line (inserts a comment)"),
        );
        let mut action = self.quick_fix(finding, title);
        action.edit = Some(self.edit(self.text_edits(&[mend])));
        Some(action)
    }

    fn quick_fix(&self, finding: &Diagnostic, title: String) -> CodeAction {
        CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![self.page.finding(finding)]),
            ..CodeAction::default()
        }
    }

    /// All safe fixes at once.
    fn fix_all(&self, fixes: &[Mend]) -> Option<CodeAction> {
        (!fixes.is_empty()).then(|| CodeAction {
            title: self.lang.pick("修正所有有把握的问题", "Fix all that is safe to fix").to_owned(),
            kind: Some(CodeActionKind::Custom(FIX_ALL.into())),
            edit: Some(self.edit(self.text_edits(fixes))),
            ..CodeAction::default()
        })
    }

    fn text_edits(&self, mends: &[Mend]) -> Vec<TextEdit> {
        let edit =
            |mend: &Mend| TextEdit { range: self.page.places.range(mend.range), new_text: mend.text.clone() };
        mends.iter().map(edit).collect()
    }

    /// An edit of this version of the document.
    pub(super) fn edit(&self, edits: Vec<TextEdit>) -> WorkspaceEdit {
        let uri = self.page.uri;
        if !self.page.client.versioned_edits {
            return WorkspaceEdit {
                changes: Some(HashMap::from([(uri.into(), edits)])),
                ..WorkspaceEdit::default()
            };
        }
        let edit = TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                version: Some(self.version),
                text_document_identifier: TextDocumentIdentifier { uri: uri.into() },
            },
            edits: edits.into_iter().map(Edit::TextEdit).collect(),
        };
        WorkspaceEdit {
            document_changes: Some(vec![DocumentChange::TextDocumentEdit(edit)]),
            ..WorkspaceEdit::default()
        }
    }
}

/// A text as it stands in a title: on one line, and cut if it is long.
fn short(text: &str) -> String {
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = chars.by_ref().take(TITLE).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}

/// Whether a finding is in a selection, or a cursor in or at the edge of a finding.
fn meets(found: TextRange, selected: TextRange) -> bool {
    found.start <= selected.end && selected.start <= found.end
}
