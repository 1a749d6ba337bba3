//! What a regular expression of a rule can begin with. The build script works it out for the rules that come along, since
//! it would be most of the start-up; the library does for a user's own.

use std::collections::{BTreeMap, BTreeSet};

use regex_syntax::hir::literal::{ExtractKind, Extractor};

/// How deep words may be made of other words.
const DEPTH: usize = 8;

/// Puts the family's `words` in the place of their names, `{{name}}`.
///
/// # Errors
/// The name that no word has, or a word that is made of itself.
pub(super) fn expand(words: &BTreeMap<String, String>, pattern: &str) -> Result<String, String> {
    let mut expanded = pattern.to_owned();
    for depth in 0.. {
        let Some((_, rest)) = expanded.split_once("{{") else { break };
        let Some((name, _)) = rest.split_once("}}") else { break };
        let word = words.get(name).filter(|_| depth < DEPTH).ok_or(name)?;
        expanded = expanded.replace(&format!("{{{{{name}}}}}"), &format!("(?:{word})"));
    }
    Ok(expanded)
}

/// The texts that a match of `pattern`, a regular expression, can begin with, at most two characters of each; `None` if
/// they are not few, or it is none.
pub(super) fn triggers(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_class(64).limit_literal_len(6).limit_total(512);
    let found = extractor.extract(&hir);
    let whole = |bytes: &[u8]| {
        let trigger: String = bytes.utf8_chunks().next()?.valid().chars().take(2).collect();
        (!trigger.is_empty()).then_some(trigger)
    };
    let triggers: Option<BTreeSet<String>> =
        found.literals()?.iter().map(|literal| whole(literal.as_bytes())).collect();
    Some(triggers?.into_iter().collect())
}
