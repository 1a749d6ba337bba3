//! Files as clients name them.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::report::uri;

/// The file that a URI names; `None` for what is no file, such as a document that has never been saved.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (host, path) = rest.split_at(rest.find('/')?);
    let path: Vec<u8> = percent_decode_str(path).collect();
    local(host, path)
}

#[cfg(unix)]
fn local(host: &str, path: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    (host.is_empty() || host == "localhost").then(|| std::ffi::OsString::from_vec(path).into())
}

#[cfg(not(unix))]
fn local(host: &str, path: Vec<u8>) -> Option<PathBuf> {
    let path = String::from_utf8(path).ok()?;
    let path = match host {
        "" | "localhost" => path.trim_start_matches('/').to_owned(),
        // a folder that another machine shares
        _ => format!("//{host}{path}"),
    };
    Some(path.replace('/', "\\").into())
}

/// The URI of an absolute path.
pub(super) fn of_path(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = path.strip_prefix(r"\\?\").unwrap_or(&path);
    let root = if path.starts_with('/') { "" } else { "/" };
    uri(&format!("{root}{path}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for path in ["/srv/草稿/a b%.txt", "/"] {
            assert_eq!(to_path(&of_path(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(to_path("file://localhost/a%20b"), Some("/a b".into()));
        assert_eq!(to_path("file:/a"), Some("/a".into()));
    }

    #[test]
    fn what_is_no_file_here_has_no_path() {
        for uri in ["untitled:Untitled-1", "https://example.org/a.txt", "file://other/a.txt", "a.txt", ""] {
            assert_eq!(to_path(uri), None, "{uri}");
        }
    }
}
