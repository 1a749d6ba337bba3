//! Rules as data: read from TOML, checked, compiled once.
//!
//! A [`Catalog`] is what the rule files say; a [`RuleSet`] is made from it and does the work. Rules of one kind in one
//! family share an engine (they look at the same markers, quotes or paragraphs), and all engines share one pass over
//! the text that tells each where to look.

mod condition;
mod count;
mod definition;
mod duplicate;
mod matcher;
mod numeral;
mod pair;
mod pattern;
mod sequence;
mod template;
mod verify;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Lang, RuleInfo};
use crate::document::Document;
use definition::Family;
pub use definition::{Definition, Example, RuleError, Wording};
use matcher::{Hit, Scanner, ScannerBuilder};

/// Every file under `rules/`: path below it, and text.
const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The rules that are known, as their files say.
#[derive(Debug)]
pub struct Catalog {
    definitions: Vec<Definition>,
    families: BTreeMap<String, Family>,
}

impl Catalog {
    /// The rules that the program brings along.
    ///
    /// # Errors
    /// If one of them is broken; the test suite sees to it that none is.
    pub fn builtin() -> Result<Self, RuleError> {
        let mut catalog = Self::parse(BUILTIN)?;
        for family in catalog.families.values_mut() {
            family.trusted = !cfg!(debug_assertions);
        }
        Ok(catalog)
    }

    /// Reads rule files, given as path below the rules' folder and text. `family/name.toml` is a rule, `family.toml`
    /// is what the rules of a family share.
    fn parse(files: &[(&str, &str)]) -> Result<Self, RuleError> {
        let (mut definitions, mut families) = (Vec::new(), BTreeMap::new());
        for (path, source) in files {
            let id = path.strip_suffix(".toml").unwrap_or(path);
            let file = format!("rules/{path}");
            if id.contains('/') {
                definitions.push(Definition::parse(id, &file, source)?);
            } else {
                families.insert(id.to_owned(), Family::parse(&file, source)?);
            }
        }
        definitions.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { definitions, families })
    }

    /// The rules, ordered by id.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Keeps the rules that `select` names (all, if it is empty) and `ignore` does not. A name is a rule's id or a
    /// family; a rule's own id outweighs its family.
    ///
    /// # Errors
    /// [`UnknownRule`] for a name that is neither.
    pub fn retain(&mut self, select: &[String], ignore: &[String]) -> Result<(), UnknownRule> {
        let mut known: BTreeSet<&str> = self.definitions.iter().map(Definition::family).collect();
        known.extend(self.definitions.iter().map(|definition| definition.id.as_str()));
        if let Some(name) = select.iter().chain(ignore).find(|name| !known.contains(name.as_str())) {
            let known = known.into_iter().map(str::to_owned).collect();
            return Err(UnknownRule { name: name.clone(), known });
        }
        // 2: named itself, 1: its family is, 0: neither
        let rank = |definition: &Definition, names: &[String]| {
            let named = |name: &str| names.iter().any(|candidate| candidate == name);
            if named(&definition.id) { 2 } else { i32::from(named(definition.family())) }
        };
        self.definitions.retain(|definition| {
            let selected = if select.is_empty() { 1 } else { rank(definition, select) };
            let ignored = rank(definition, ignore);
            selected > 0 && (ignored == 0 || selected > ignored)
        });
        Ok(())
    }

    /// Makes the rules ready to run, speaking `lang`.
    ///
    /// # Errors
    /// If a rule's settings do not hold, such as a regular expression that does not parse.
    pub fn compile(&self, lang: Lang) -> Result<RuleSet, RuleError> {
        let kinds = [pattern::compile, sequence::compile, pair::compile, duplicate::compile];
        let mut scanner = ScannerBuilder::default();
        let mut engines = Vec::new();
        let none = Family::default();
        for rules in self.definitions.chunk_by(|a, b| a.family() == b.family()) {
            let family = self.families.get(rules[0].family()).unwrap_or(&none);
            let rules: Vec<&Definition> = rules.iter().collect();
            for kind in kinds {
                if let Some(engine) = kind(&rules, family, &mut scanner, lang)? {
                    scanner.next_engine();
                    engines.push(engine);
                }
            }
        }
        let rules = RuleSet { scanner: scanner.build(), engines };
        // the rules that come along are checked by the test suite, and here while they are being worked on
        match if cfg!(debug_assertions) { self.verify(&rules).into_iter().next() } else { None } {
            Some(error) => Err(error),
            None => Ok(rules),
        }
    }
}

/// A name that is no rule and no family.
#[derive(Debug, thiserror::Error)]
#[error("no rule or family is called `{name}`")]
pub struct UnknownRule {
    /// The name as given.
    pub name: String,
    /// Every rule id and family there is, to choose a suggestion from.
    pub known: Vec<String>,
}

/// The rules of one kind in one family.
trait Engine: Send + Sync + fmt::Debug {
    /// Adds what it finds to `out`, in ranges of the prose. `hits` are the places it asked the scanner for, ascending.
    fn check(&self, document: &Document, hits: &[Hit], out: &mut Vec<Diagnostic>);
}

/// Rules ready to run.
#[derive(Debug)]
pub struct RuleSet {
    scanner: Scanner,
    engines: Vec<Box<dyn Engine>>,
}

impl RuleSet {
    /// Every finding in `document`, in ranges of its prose and in no particular order.
    pub(crate) fn check(&self, document: &Document) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let hits = self.scanner.scan(document.prose());
        for (engine, hits) in self.engines.iter().zip(&hits) {
            engine.check(document, hits, &mut found);
        }
        found
    }
}

fn info(definition: &Definition, lang: Lang) -> Arc<RuleInfo> {
    Arc::new(RuleInfo {
        id: definition.id.clone(),
        severity: definition.severity,
        help: definition.help.as_ref().map(|help| help.pick(lang).to_owned()),
    })
}
