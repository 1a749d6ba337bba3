//! Writes files so that at every moment each is either the old or the new one, whole.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::atomic::{beside, in_words};
use crate::cli::walk::display_name;
use crate::diagnostic::Lang;
use anyhow::{Result, anyhow};

/// How files may be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer {
    /// Whether a file that exists may be replaced.
    pub(super) force: bool,
    /// Whether what a symbolic link leads to may be.
    pub(super) follow_symlinks: bool,
    pub(super) lang: Lang,
}

impl Writer {
    /// Writes a file; one that exists only if forced.
    pub(super) fn write(self, path: &Path, bytes: &[u8]) -> Result<()> {
        if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink() || self.force) {
            return save(path, bytes, None).map_err(|error| self.failed(path, &error));
        }
        let at = self.settle(path)?;
        match fs::metadata(&at) {
            Ok(metadata) if self.force => save(&at, bytes, Some(&metadata)),
            _ => save(&at, bytes, None),
        }
        .map_err(|error| self.failed(path, &error))
    }

    /// Replaces a file, which keeps its permissions.
    pub(super) fn replace(self, path: &Path, bytes: &[u8]) -> Result<()> {
        let at = self.settle(path)?;
        fs::metadata(&at)
            .and_then(|metadata| save(&at, bytes, Some(&metadata)))
            .map_err(|error| self.failed(path, &error))
    }

    /// The path to write to: that of the file itself where a symbolic link leads to one and may be followed.
    fn settle(self, path: &Path) -> Result<PathBuf> {
        if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            return Ok(path.to_owned());
        }
        if self.follow_symlinks {
            return fs::canonicalize(path).map_err(|error| self.failed(path, &error));
        }
        let name = display_name(path);
        Err(anyhow!(self.lang.pick(
            format!("{name}: 是符号链接；要写它指向的文件，请加 --follow-symlinks"),
            format!("{name}: is a symbolic link; to write to what it leads to, use --follow-symlinks"),
        )))
    }

    fn failed(self, path: &Path, error: &io::Error) -> anyhow::Error {
        let name = display_name(path);
        let words = match error.kind() {
            io::ErrorKind::AlreadyExists => self
                .lang
                .pick("已经存在；要覆盖，请加 --force", "exists already; to replace it, use --force")
                .to_owned(),
            _ => in_words(error, self.lang),
        };
        anyhow!("{name}: {words}")
    }
}

/// Writes a new file next to its place and moves it there: with the permissions of the file that it replaces, or else
/// only if there is none.
fn save(path: &Path, bytes: &[u8], replaced: Option<&Metadata>) -> io::Result<()> {
    if replaced.is_some_and(Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    match replaced {
        Some(metadata) => {
            file.as_file().set_permissions(metadata.permissions())?;
            // the old file must not be gone before the new one is safe
            file.as_file().sync_all()?;
            file.persist(path)?;
        }
        None => {
            file.persist_noclobber(path)?;
        }
    }
    Ok(())
}
