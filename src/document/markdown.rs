//! Markdown.
use super::Parsed;
pub(super) fn parse(text: &str) -> Parsed {
    super::plain::parse(text)
}
