//! Files that are replaced as a whole, or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::walk::io_error;
use crate::diagnostic::Lang;

/// A file that is being written. What was there before stays until [`AtomicFile::commit`]; without it, for good.
pub(super) enum AtomicFile {
    /// A file beside the one to replace.
    Beside(NamedTempFile, PathBuf),
    /// What cannot be replaced: a pipe, a terminal, `/dev/null`.
    Device(File),
}

impl AtomicFile {
    /// Begins to write the file at `path`. A symbolic link stays one: what it points at is replaced.
    ///
    /// # Errors
    /// When the folder is missing, or it or the file may not be written to.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return File::options().write(true).open(path).map(Self::Device);
        }
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let replaced = fs::metadata(&path).ok().map(|replaced| replaced.permissions());
        // to replace a file takes no more than a folder that may be written to; that it may not be counts all the same
        if replaced.as_ref().is_some_and(Permissions::readonly) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let file = beside(&path)?;
        if let Some(permissions) = replaced {
            file.as_file().set_permissions(permissions)?;
        }
        Ok(Self::Beside(file, path))
    }

    /// Puts what has been written in place.
    ///
    /// # Errors
    /// When the disk is full or the file may not be replaced.
    pub(super) fn commit(self) -> io::Result<()> {
        match self {
            Self::Beside(file, path) => {
                file.as_file().sync_all()?;
                file.persist(path).map(|_| ()).map_err(|error| error.error)
            }
            Self::Device(_) => Ok(()),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file, _) => file.write(bytes),
            Self::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file, _) => file.flush(),
            Self::Device(file) => file.flush(),
        }
    }
}

/// A new file in the folder of `path`, to be moved there when it is complete; a kill leaves at most that behind.
///
/// # Errors
/// When the folder is missing or may not be written to.
pub(super) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = Builder::new();
    builder.prefix(".dinggao-");
    // what the process's mask leaves of it, as for any file; temporary files are for their owner alone
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

/// Writes a whole file.
///
/// # Errors
/// As for [`AtomicFile::create`] and [`AtomicFile::commit`].
pub(super) fn write(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(content.as_ref())?;
    file.commit()
}

/// Says why a file could not be written.
pub(super) fn in_words(error: &io::Error, lang: Lang) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => lang.pick("没有写入权限", "permission denied").to_owned(),
        io::ErrorKind::IsADirectory => lang.pick("是文件夹", "is a folder").to_owned(),
        _ => io_error(error, lang),
    }
}
