//! Rules as data: read from TOML, checked, compiled once.
//!
//! A [`Catalog`] is what the rule files say; a [`RuleSet`] is made from it and does the work. Rules of one kind in one
//! family share an engine (they look at the same markers, quotes or paragraphs), and all engines share one pass over
//! the text that tells each where to look.

mod automaton;
mod condition;
mod count;
mod definition;
mod duplicate;
mod explain;
mod family;
mod first;
mod gather;
mod matcher;
mod numeral;
mod pair;
mod pattern;
mod replacement;
mod selection;
mod sequence;
mod source;
mod suppression;
mod template;
#[cfg(test)]
mod tests;
mod trigger;
mod verify;
mod weight;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::corpus::{Corpus, Prints};
use crate::diagnostic::{Diagnostic, Lang, Severity};
use crate::document::Document;
pub use definition::{Definition, Example, Wording};
use duplicate::Across;
pub use duplicate::Limits;
use explain::Sight;
pub use explain::{Decider, Look};
use family::Family;
use matcher::{Hit, Scanner, ScannerBuilder};
pub use selection::Selection;
pub use source::{RuleError, SourceFile};
pub(crate) use suppression::Flaw;
use suppression::Verdicts;
pub use verify::Verification;
use weight::Weight;

/// Every file under `rules/`: path below it, and text.
const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The rules that are known, as their files say.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    definitions: Vec<Definition>,
    families: BTreeMap<String, Family>,
    /// Every rule and family that there is, those that are not to run included.
    known: BTreeSet<String>,
}

impl Catalog {
    /// The rules that the program brings along.
    ///
    /// # Errors
    /// If one of them is broken; the test suite sees to it that none is.
    pub fn builtin() -> Result<Self, RuleError> {
        let mut catalog = Self::default();
        for (path, text) in BUILTIN {
            catalog.add(path, &SourceFile::new(format!("rules/{path}"), text))?;
        }
        for family in catalog.families.values_mut() {
            family.trusted = !cfg!(debug_assertions);
        }
        for definition in &mut catalog.definitions {
            definition.builtin = true;
        }
        Ok(catalog)
    }

    /// Takes a rule file in, given its path below the folder of rules. `family/name.toml` is a rule, and replaces the
    /// rule of the same id if there is one; `family.toml` is what the rules of a family share, and goes before what is
    /// known of that family: its words and values replace those that there are, its lists come first.
    ///
    /// # Errors
    /// If the file does not hold what it should. What takes more than reading to find out is for
    /// [`Catalog::compile`] to say.
    pub fn add(&mut self, path: &str, source: &SourceFile) -> Result<(), RuleError> {
        let id = path.strip_suffix(".toml").unwrap_or(path);
        let Some((family, name)) = id.split_once('/') else {
            let family = self.families.get(id).unwrap_or(&Family::default()).extended(source)?;
            self.families.insert(id.to_owned(), family);
            return Ok(());
        };
        if name.contains('/') {
            let message = Wording::new(
                "规则文件放在以类名命名的文件夹里：类名/规则名.toml，不能再深一层",
                "a rule lies in a folder named after its family, family/name.toml, and no deeper",
            );
            return Err(source.error_at(0, message));
        }
        let definition = Definition::parse(id, source)?;
        match self.definitions.binary_search_by(|known| known.id.as_str().cmp(id)) {
            Ok(at) => self.definitions[at] = definition,
            Err(at) => self.definitions.insert(at, definition),
        }
        self.known.extend([id, family].map(str::to_owned));
        // its patterns are to be checked
        if let Some(family) = self.families.get_mut(family) {
            family.trusted = false;
        }
        Ok(())
    }

    /// Sets the severity of a rule, or of all rules of a family.
    ///
    /// # Errors
    /// [`UnknownRule`] for a name that is neither.
    pub fn set_severity(&mut self, name: &str, severity: Severity) -> Result<(), UnknownRule> {
        self.expect_known(name)?;
        let named = self.definitions.iter_mut().filter(|rule| rule.id == name || rule.family() == name);
        named.for_each(|rule| rule.severity = severity);
        Ok(())
    }

    /// Sets limits of a family, and tells whether it has any: those that compare paragraphs do.
    pub fn set_limits(&mut self, family: &str, limits: &Limits) -> bool {
        let Some(family) = self.families.get_mut(family) else { return false };
        let Some(repeat) = &mut family.repeat else { return false };
        repeat.limit(limits);
        family.limited = true;
        true
    }

    /// The rules, ordered by id.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Keeps the rules that run by a selection.
    ///
    /// # Errors
    /// [`UnknownRule`] for a name that is neither a rule's id nor a family.
    pub fn retain(&mut self, selection: &Selection) -> Result<(), UnknownRule> {
        selection.names().try_for_each(|name| self.expect_known(name))?;
        let before = self.family_names();
        self.definitions.retain(|definition| selection.picks(definition));
        let after = self.family_names();
        self.families.retain(|name, _| after.contains(name) || !before.contains(name));
        Ok(())
    }

    fn family_names(&self) -> BTreeSet<String> {
        self.definitions.iter().map(|definition| definition.family().to_owned()).collect()
    }

    /// Sees to it that a name is that of a rule or a family.
    ///
    /// # Errors
    /// [`UnknownRule`] if it is not.
    pub fn expect_known(&self, name: &str) -> Result<(), UnknownRule> {
        if self.known.contains(name) {
            return Ok(());
        }
        Err(UnknownRule { name: name.to_owned(), known: self.known.iter().cloned().collect() })
    }

    /// Makes the rules ready to run, speaking `lang`.
    ///
    /// # Errors
    /// If a rule's settings do not hold, such as a regular expression that does not parse, or if it does not find what
    /// its own examples say. The rules that come along have shown that they do when the program was tested.
    pub fn compile(&self, lang: Lang) -> Result<RuleSet, RuleError> {
        let rules = self.build(lang)?;
        let unproven = self.definitions.iter().filter(|definition| !self.is_proven(definition));
        match unproven.flat_map(|definition| definition.failures(&rules)).next() {
            Some(error) => Err(error),
            None => Ok(rules),
        }
    }

    /// Whether there is no need to run the examples of a rule: the test suite has. (While the rules are being worked
    /// on they are run each time, but for those in a family of which the user's files have made something else.)
    fn is_proven(&self, definition: &Definition) -> bool {
        let family = definition.family();
        let changed = || {
            self.families.get(family).is_some_and(Family::is_extended)
                || self.definitions.iter().any(|other| other.family() == family && !other.builtin)
        };
        definition.builtin && (!cfg!(debug_assertions) || changed())
    }

    fn build(&self, lang: Lang) -> Result<RuleSet, RuleError> {
        let names = self.family_names();
        if let Some((name, family)) = self.families.iter().find(|(name, _)| !names.contains(*name)) {
            let message = Wording::new(
                format!("没有一条规则属于“{name}”类"),
                format!("there is no rule of the family `{name}`"),
            );
            return Err(family.error_at(0, message));
        }
        let kinds = [pattern::compile, sequence::compile, pair::compile, duplicate::compile];
        let mut scanner = ScannerBuilder::default();
        let (mut engines, mut across) = (Vec::new(), None);
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
            duplicate::compile_across(&rules, family, lang, &mut across)?;
        }
        let mut weights = Vec::new();
        for rule in &self.definitions {
            weights.extend(Weight::new(rule, self.families.get(rule.family()).unwrap_or(&none))?);
        }
        // what a comparison of drafts still finds depends on which of them are there
        let judged = self.definitions.iter().filter(|definition| !duplicate::compares(definition));
        let names = judged.flat_map(|definition| [definition.family(), definition.id.as_str()]);
        let active = names.map(str::to_owned).collect();
        let verdicts = Verdicts::new(&self.definitions, lang)?;
        let known = self.known.clone();
        Ok(RuleSet { scanner: scanner.build(), engines, across, weights, verdicts, active, known })
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

    /// Every place that it looked at, and what it made of it, given what it `found`, which is all that an engine has to
    /// say unless it says more.
    fn explain(&self, _document: &Document, _hits: &[Hit], found: &[Diagnostic]) -> Vec<Sight> {
        found.iter().map(Sight::finding).collect()
    }
}

/// Rules ready to run.
#[derive(Debug)]
pub struct RuleSet {
    scanner: Scanner,
    engines: Vec<Box<dyn Engine>>,
    /// What compares documents with others.
    across: Option<Across>,
    weights: Vec<Weight>,
    verdicts: Verdicts,
    /// The rules of the set that can be judged by one document, and their families.
    active: BTreeSet<String>,
    /// Every rule and family that there is.
    known: BTreeSet<String>,
}

/// What a name is to a rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A rule of the set, or a family of which it has some.
    Active,
    /// A rule or family that does not run, or of which one document does not tell whether it finds nothing any more.
    Inactive,
    /// Neither.
    Unknown,
}

impl RuleSet {
    /// What a name is to the set.
    pub(crate) fn standing(&self, name: &str) -> Standing {
        if self.active.contains(name) {
            Standing::Active
        } else if self.known.contains(name) {
            Standing::Inactive
        } else {
            Standing::Unknown
        }
    }

    /// What the set says of suppressions.
    pub(crate) fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }

    /// Whether a rule of the set compares documents with others: then each is to be linted as one of a [`Corpus`].
    pub fn compares(&self) -> bool {
        self.across.is_some()
    }

    /// What others are to be compared with, of one document.
    pub fn prints(&self, document: &Document) -> Prints {
        self.across.as_ref().map(|across| across.prints(document)).unwrap_or_default()
    }

    /// Every finding in `document`, in ranges of its prose and in no particular order. It may be `among` others, under
    /// a name.
    pub(crate) fn check(&self, document: &Document, among: Option<(&Corpus, &str)>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let hits = self.scanner.scan(document.prose());
        for (engine, hits) in self.engines.iter().zip(&hits) {
            engine.check(document, hits, &mut found);
        }
        if let (Some(across), Some((corpus, name))) = (&self.across, among) {
            across.check(document, corpus, name, &mut found);
        }
        self.weigh(document, &mut found);
        found
    }

    /// Makes findings less severe where the rules say so.
    fn weigh(&self, document: &Document, found: &mut [Diagnostic]) {
        for weight in &self.weights {
            weight.weigh(document, found);
        }
    }
}
