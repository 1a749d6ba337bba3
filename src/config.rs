//! What a `dinggao.toml` says. Finding the file, reading what it names and matching paths are for the command line.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Lang, Severity};
use crate::rule::{Limits, RuleError, SourceFile};

/// The configuration of dinggao, the linter for drafts: `dinggao.toml`. It holds for the drafts in its folder and below,
/// up to the next folder that has one of its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Another configuration file, from the folder of this one, whose settings this one's outweigh. Patterns of paths
    /// in it count from the folder of this one.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub extends: Option<Spanned<String>>,
    /// The language of findings. What counts is the configuration of the folder that the program is run in; `--lang`
    /// outweighs it.
    #[cfg_attr(test, schemars(with = "Option<Lang>"))]
    pub lang: Option<Spanned<Lang>>,
    /// Drafts and folders to leave out, as patterns written like those of .gitignore. A file that is named on the
    /// command line is checked all the same.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub exclude: Vec<Spanned<String>>,
    /// Folders of rule files, from the folder of this file; the later outweigh the earlier.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub rules: Vec<Spanned<String>>,
    /// Rules and families of rules to run, and no others. Outweighs what `select` and `ignore` of extended files say.
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    pub select: Option<Vec<Spanned<String>>>,
    /// Rules to run besides, such as those that are off by default.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub extend_select: Vec<Spanned<String>>,
    /// Rules and families of rules not to run.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub ignore: Vec<Spanned<String>>,
    /// Settings of rules and of whole families, by name; a rule's own outweigh those of its family.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RuleConfig>"))]
    pub rule: BTreeMap<String, Spanned<RuleConfig>>,
    /// When two paragraphs count as the same, by family of rules: `[limits.duplicate]`.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Limits>"))]
    pub limits: BTreeMap<String, Spanned<Limits>>,
    /// Other settings for some of the drafts; the later outweigh the earlier.
    pub r#override: Vec<Override>,
}

/// Settings for some of the drafts.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Which, as patterns written like those of .gitignore, from the folder of the configuration: 草稿/ is all that
    /// lies in a folder of that name.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub paths: Vec<Spanned<String>>,
    /// As outside of overrides.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    pub select: Option<Vec<Spanned<String>>>,
    /// As outside of overrides; added to what is selected there.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub extend_select: Vec<Spanned<String>>,
    /// As outside of overrides; added to what is ignored there.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub ignore: Vec<Spanned<String>>,
    /// As outside of overrides.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RuleConfig>"))]
    pub rule: BTreeMap<String, Spanned<RuleConfig>>,
    /// As outside of overrides.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Limits>"))]
    pub limits: BTreeMap<String, Spanned<Limits>>,
}

/// Settings of a rule.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleConfig {
    /// The severity of its findings, in place of its own.
    pub severity: Severity,
}

/// The settings about rules, which a configuration and its overrides have in common.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// The rules to run, if that is said.
    pub select: Option<&'a [Spanned<String>]>,
    /// The rules to run besides.
    pub extend_select: &'a [Spanned<String>],
    /// The rules not to run.
    pub ignore: &'a [Spanned<String>],
    /// Settings of rules.
    pub rule: &'a BTreeMap<String, Spanned<RuleConfig>>,
    /// Limits of families.
    pub limits: &'a BTreeMap<String, Spanned<Limits>>,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// If it is no TOML, or has a key or a value that means nothing.
    pub fn parse(source: &SourceFile) -> Result<Self, RuleError> {
        source.parse()
    }

    /// What it says about rules.
    pub fn choice(&self) -> Choice<'_> {
        let Self { select, extend_select, ignore, rule, limits, .. } = self;
        Choice { select: select.as_deref(), extend_select, ignore, rule, limits }
    }
}

impl Override {
    /// What it says about rules.
    pub fn choice(&self) -> Choice<'_> {
        let Self { select, extend_select, ignore, rule, limits, .. } = self;
        Choice { select: select.as_deref(), extend_select, ignore, rule, limits }
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
        let unknown = error("[[override]]\npaths = ['a/']\nexclude = ['b']\n");
        assert!(unknown.starts_with("dinggao.toml:3: unknown field `exclude`"), "{unknown}");
        assert!(error("rules = [\n'a'").starts_with("dinggao.toml:2: "), "{}", error("rules = [\n'a'"));
    }

    /// After a change of the settings: `UPDATE_SCHEMA=1 cargo test --lib config`.
    #[test]
    fn the_schema_for_editors_is_that_of_today() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dinggao.schema.json");
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(Config)).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        let is_current = std::fs::read_to_string(path).is_ok_and(|kept| kept == schema);
        assert!(
            is_current,
            "docs/dinggao.schema.json is out of date: UPDATE_SCHEMA=1 cargo test --lib config"
        );
    }
}
