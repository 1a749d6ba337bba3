//! What the client can do, and what it wants.

use gen_lsp_types::WorkspaceFolder;
use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::Lang;
use crate::text::PositionEncoding;

/// What `initialize` says, as far as it matters. The rest of it may be anything.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Introduction {
    pub capabilities: Value,
    pub locale: Option<String>,
    pub initialization_options: Value,
    pub workspace_folders: Option<Vec<WorkspaceFolder>>,
    pub root_uri: Option<String>,
}

impl Introduction {
    /// The folders that are open.
    pub(super) fn folders(&self) -> Vec<String> {
        match &self.workspace_folders {
            Some(folders) => folders.iter().map(|folder| folder.uri.0.clone()).collect(),
            None => self.root_uri.iter().cloned().collect(),
        }
    }
}

/// What the client can do.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability that a client has or has not")]
pub struct Client {
    /// What it counts columns in.
    pub encoding: PositionEncoding,
    /// Shows other places that belong to a finding.
    pub related: bool,
    /// Makes a link of a rule's id.
    pub code_links: bool,
    /// Gives back what a finding brings along.
    pub data: bool,
    /// Shows Markdown on hovering.
    pub markdown: bool,
    /// Takes symbols that have more than a name.
    pub symbols: bool,
    /// Takes edits that name the version of the document they are for.
    pub versioned_edits: bool,
    /// Watches files for the server.
    pub watches: bool,
    /// Shows how far work has come.
    pub progress: bool,
}

impl Client {
    /// Reads the capabilities that a client sends.
    pub(super) fn new(capabilities: &Value) -> Self {
        let can = |path: &str| capabilities.pointer(path).and_then(Value::as_bool).unwrap_or(false);
        let has = |path: &str, word: &str| {
            let list = capabilities.pointer(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|value| value == word))
        };
        Self {
            encoding: encoding(capabilities),
            related: can("/textDocument/publishDiagnostics/relatedInformation"),
            code_links: can("/textDocument/publishDiagnostics/codeDescriptionSupport"),
            data: can("/textDocument/publishDiagnostics/dataSupport"),
            markdown: has("/textDocument/hover/contentFormat", "markdown"),
            symbols: can("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            versioned_edits: can("/workspace/workspaceEdit/documentChanges"),
            watches: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            progress: can("/window/workDoneProgress"),
        }
    }
}

/// The first encoding on the client's list that there is, and UTF-16 without a list.
fn encoding(capabilities: &Value) -> PositionEncoding {
    let list = capabilities.pointer("/general/positionEncodings").and_then(Value::as_array);
    let known = |name: &Value| match name.as_str()? {
        "utf-8" => Some(PositionEncoding::Utf8),
        "utf-16" => Some(PositionEncoding::Utf16),
        "utf-32" => Some(PositionEncoding::Utf32),
        _ => None,
    };
    list.into_iter().flatten().find_map(known).unwrap_or(PositionEncoding::Utf16)
}

/// What the user has set in the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The language of findings.
    pub lang: Option<Lang>,
    /// A values file, absolute or from the workspace folder.
    pub values: Option<String>,
}

impl Settings {
    /// Reads settings, alone or in the section of that name. What is not set may be missing, null or empty.
    pub(super) fn read(value: &Value) -> Self {
        let own = value.get("dinggao").unwrap_or(value);
        let text = |name: &str| own.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let lang = match text("lang") {
            Some("zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            _ => None,
        };
        Self { lang, values: text("values").map(str::to_owned) }
    }
}
