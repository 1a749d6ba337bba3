//! Reads files of rules and of settings.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Result, anyhow};
use walkdir::{DirEntry, WalkDir};

use super::suggest;
use super::walk::{display_name, io_error};
use crate::diagnostic::Lang;
use crate::rule::{RuleError, SourceFile};

/// A file in a folder of rules.
pub(super) struct RuleFile {
    /// Where to read it.
    pub(super) path: PathBuf,
    /// Its path below the folder, with slashes.
    pub(super) id_path: String,
}

/// The rule files of a folder, in order.
pub(super) fn rule_files(folder: &Path) -> io::Result<Vec<RuleFile>> {
    fs::read_dir(folder)?;
    let visible =
        |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(visible)
    {
        let entry = entry?;
        if entry.file_type().is_file()
            && entry.path().extension().is_some_and(|extension| extension == "toml")
        {
            let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let names: Vec<_> = below.components().map(|name| name.as_os_str().to_string_lossy()).collect();
            files.push(RuleFile { id_path: names.join("/"), path: entry.into_path() });
        }
    }
    Ok(files)
}

/// Reads a TOML file.
pub(super) fn read(path: &Path, lang: Lang) -> Result<SourceFile> {
    let name = display_name(&path.components().collect::<PathBuf>());
    let failed = |reason: String| anyhow!("{name}: {reason}");
    let bytes = fs::read(path).map_err(|error| failed(io_error(&error, lang)))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        failed(lang.pick("不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8; save it as UTF-8").to_owned())
    })?;
    Ok(SourceFile::new(name, &text))
}

/// The error with its place, and with a question if a key that is not known looks like one that is.
pub(super) fn in_words(error: &RuleError, lang: Lang) -> String {
    let message = error.message.pick(lang);
    format!("{}:{}: {message}{}", error.file, error.line, suggest::instead_of_unknown(message, lang))
}
