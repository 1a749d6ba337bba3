//! What a `dinggao.toml` says. Finding the file, and reading what it names, is for the command line.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::Severity;
use crate::rule::{RuleError, SourceFile};

/// What a `dinggao.toml` says, each thing with its place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folders of rule files, relative to the one that the configuration is in; the later outweigh the earlier.
    pub rules: Vec<Spanned<String>>,
    /// Settings of rules and of whole families, by name; a rule's own outweigh those of its family.
    pub rule: BTreeMap<String, Spanned<RuleConfig>>,
}

/// Settings of a rule.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleConfig {
    /// The severity of its findings, in place of its own.
    pub severity: Severity,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// If it is no TOML, or has a key or a value that means nothing.
    pub fn parse(source: &SourceFile) -> Result<Self, RuleError> {
        source.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Config::parse(&SourceFile::new("dinggao.toml", text)).unwrap_err().to_string()
    }

    #[test]
    fn what_it_says_is_read() {
        let text = "\u{feff}rules = ['./house-rules']\n[rule.'placeholder/mask']\nseverity = 'warning'\n";
        let config = Config::parse(&SourceFile::new("dinggao.toml", text)).unwrap();
        assert_eq!(config.rules[0].get_ref(), "./house-rules");
        assert_eq!(config.rule["placeholder/mask"].get_ref().severity, Severity::Warning);
    }

    #[test]
    fn what_means_nothing_is_an_error_with_its_line() {
        let unknown = error("rules = []\nruels = []\n");
        assert!(unknown.starts_with("dinggao.toml:2: unknown field `ruels`"), "{unknown}");
        let unknown = error("[rule.'pair/width']\nseverity = 'info'\nlimit = 3\n");
        assert!(unknown.starts_with("dinggao.toml:3: unknown field `limit`"), "{unknown}");
        let unknown = error("[rule.'pair/width']\nseverity = 'eror'\n");
        assert!(unknown.starts_with("dinggao.toml:2: unknown variant `eror`"), "{unknown}");
        assert!(error("rules = [\n'a'").starts_with("dinggao.toml:2: "), "{}", error("rules = [\n'a'"));
    }
}
