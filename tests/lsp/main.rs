//! The language server from outside: what an editor sends, and what it is told.

mod client;
mod doing;
mod failing;
mod folders;
mod settings;
mod showing;
mod syncing;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use client::{Client, uri};

/// A draft with one thing left to fill: the `X`, seventh character of its line.
const UNFINISHED: &str = "全年完成接待X人次。\n";

/// A folder with the given files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// What an editor that can do everything says that it can.
fn everything() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true,
            },
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
        "workspace": {
            "workspaceEdit": {"documentChanges": true},
            "didChangeWatchedFiles": {"dynamicRegistration": true},
        },
        "window": {"workDoneProgress": true},
    })
}

/// A server in a folder, whose client can do everything.
fn server(folder: &TempDir) -> Client {
    Client::introduced(folder.path(), &everything(), &json!({"lang": "en"}))
}

fn uri_of(folder: &TempDir, name: &str) -> String {
    uri(&folder.path().canonicalize().expect("the folder is there").join(name))
}

fn place(line: u32, character: u32) -> Value {
    json!({"line": line, "character": character})
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({"start": place(start.0, start.1), "end": place(end.0, end.1)})
}

/// The rules of findings.
fn rules(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["code"].as_str().unwrap_or("none")).collect()
}
