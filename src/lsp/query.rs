//! What the client can ask of a document that has been checked.

use gen_lsp_types::{
    BaseSymbolInformation, CompletionItem, CompletionItemKind, CompletionItemTextEdit, Contents,
    DocumentSymbol, DocumentSymbolResponse, Hover, Location, MarkupContent, MarkupKind, Position, Range,
    SymbolInformation, SymbolKind, TextEdit,
};
use serde::Serialize;

use super::action::Request as ActionRequest;
use super::explain::{escaped, explanation};
use super::server::View;
use super::task::Place;
use crate::diagnostic::Diagnostic;
use crate::fill::{described, excerpt};
use crate::slot::SlotType;
use crate::text::TextRange;

/// A question about a document.
#[derive(Clone, Debug)]
pub(super) enum Query {
    Hover(Position),
    Symbols,
    Holes,
    Actions(ActionRequest),
    Completion(Position),
    FillAll,
    Allow(AllowQuery),
}

/// Which finding is to be left alone, and why if that has been said.
#[derive(Clone, Debug)]
pub(super) struct AllowQuery {
    pub rule: String,
    pub range: Range,
    pub reason: Option<String>,
}

impl Query {
    /// Whether it names a place, which another version of the document has elsewhere.
    pub(super) fn is_of_a_place(&self) -> bool {
        !matches!(self, Self::Symbols | Self::Holes | Self::FillAll)
    }
}

/// Answers `dinggao/holes`.
#[derive(Debug, Serialize)]
pub(super) struct Holes<'a> {
    version: i32,
    holes: Vec<HoleEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct HoleEntry<'a> {
    range: Range,
    /// What a value replaces: the blank behind 联系人：, not the label.
    fill: Range,
    rule: &'a str,
    key: &'a str,
    #[serde(rename = "type")]
    kind: SlotType,
    message: &'a str,
}

impl View<'_> {
    /// Every place to fill, in order.
    pub(super) fn holes(&self) -> Holes<'_> {
        let entries = self.checked.holes.iter().map(|Place { hole, finding }| {
            let Diagnostic { rule, range, message, .. } = &self.checked.findings[*finding];
            let (range, fill) = (self.page.places.range(*range), self.page.places.range(hole.range));
            HoleEntry { range, fill, rule: &rule.id, key: &hole.key, kind: hole.kind, message }
        });
        Holes { version: self.version, holes: entries.collect() }
    }

    /// What was found at a place, and why it matters.
    pub(super) fn hover(&self, position: Position) -> Option<Hover> {
        let at = self.buffer.offset(position);
        let touched: Vec<&Diagnostic> =
            self.checked.findings.iter().filter(|finding| touches(finding.range, at)).collect();
        let first = touched.first()?;
        let parts: Vec<String> = touched.iter().map(|finding| self.told(finding)).collect();
        let value = parts.join("\n\n---\n\n");
        let kind = if self.page.client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        Some(Hover {
            contents: Contents::MarkupContent(MarkupContent { kind, value }),
            range: Some(self.page.places.range(first.range)),
        })
    }

    fn told(&self, finding: &Diagnostic) -> String {
        let Diagnostic { rule, message, .. } = finding;
        let definition = self.checked.catalog.definitions().iter().find(|known| known.id == rule.id);
        let (head, explained) = if self.page.client.markdown {
            let head = format!("**{}** `{}`", escaped(message), rule.id);
            (head, definition.map(|definition| explanation(definition, self.lang)))
        } else {
            let plain = definition.map(|definition| definition.explanation.pick(self.lang));
            (format!("{message} [{}]", rule.id), plain.map(|plain| plain.trim_end().to_owned()))
        };
        explained.into_iter().fold(head, |head, explained| format!("{head}\n\n{explained}"))
    }

    /// A symbol for each place to fill.
    pub(super) fn symbols(&self) -> DocumentSymbolResponse {
        let places = &self.checked.holes;
        if self.page.client.symbols {
            let symbols: Vec<DocumentSymbol> = places.iter().map(|place| self.symbol(place)).collect();
            return symbols.into();
        }
        #[expect(deprecated, reason = "the field cannot be left out")]
        let information = |place: &Place| SymbolInformation {
            base_symbol_information: BaseSymbolInformation {
                name: place.hole.key.clone(),
                kind: SymbolKind::Field,
                tags: None,
                container_name: None,
            },
            deprecated: None,
            location: Location { uri: self.page.uri.into(), range: self.page.places.range(place.hole.found) },
        };
        places.iter().map(information).collect::<Vec<SymbolInformation>>().into()
    }

    #[expect(deprecated, reason = "the field cannot be left out")]
    fn symbol(&self, place: &Place) -> DocumentSymbol {
        let hole = &place.hole;
        let range = self.page.places.range(hole.found);
        let shown = excerpt(self.buffer.text(), hole.range);
        DocumentSymbol {
            name: hole.key.clone(),
            detail: Some(format!("{} {shown}", described(hole, self.lang))),
            kind: SymbolKind::Field,
            tags: None,
            deprecated: None,
            range,
            selection_range: range,
            children: None,
        }
    }

    /// The hole at a place, as an index.
    pub(super) fn hole_at(&self, position: Position) -> Option<usize> {
        let at = self.buffer.offset(position);
        self.checked.holes.iter().position(|place| touches(place.hole.range, at))
    }

    /// What could be put into the hole at a place. There are values for each hole.
    pub(super) fn completion(&self, position: Position, values: &[Vec<String>]) -> Vec<CompletionItem> {
        let at = self.hole_at(position);
        let Some((Place { hole, .. }, values)) =
            at.and_then(|at| Some((&self.checked.holes[at], values.get(at)?)))
        else {
            return Vec::new();
        };
        let range = self.page.places.range(hole.range);
        let item = |value: &String| CompletionItem {
            label: value.clone(),
            kind: Some(CompletionItemKind::Value),
            detail: Some(hole.key.clone()),
            // what stands in the hole is to be replaced, not gone on with
            filter_text: Some(hole.range.of(self.buffer.text()).to_owned()),
            text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit { range, new_text: value.clone() })),
            ..CompletionItem::default()
        };
        values.iter().map(item).collect()
    }
}

/// Whether a cursor at `at` is in a range or at an edge of it.
fn touches(range: TextRange, at: usize) -> bool {
    range.start <= at && at <= range.end
}
