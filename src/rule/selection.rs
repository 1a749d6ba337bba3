//! Which rules run.

use super::definition::Definition;

/// Which rules run, by their ids and families. A rule's own id outweighs its family.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// These, and no others; if it is empty, those that run by default.
    pub select: Vec<String>,
    /// These, too.
    pub extend_select: Vec<String>,
    /// But not these.
    pub ignore: Vec<String>,
}

impl Selection {
    /// Takes in what is said later, which outweighs what is there. If it selects, it starts afresh.
    pub fn add(&mut self, later: Self) {
        if !later.select.is_empty() {
            *self = later;
            return;
        }
        self.ignore.retain(|name| !later.extend_select.contains(name));
        self.extend_select.extend(later.extend_select);
        self.ignore.extend(later.ignore);
    }

    /// All names in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.select.iter().chain(&self.extend_select).chain(&self.ignore)
    }

    /// Whether a rule runs. One that does not by default runs only where it is named itself.
    pub(super) fn picks(&self, rule: &Definition) -> bool {
        // 2: named itself, 1: its family is, 0: neither
        let rank = |names: &[String]| {
            let named = |name: &str| names.iter().any(|candidate| candidate == name);
            if named(&rule.id) { 2 } else { i32::from(named(rule.family())) }
        };
        let chosen = if self.select.is_empty() { 1 } else { rank(&self.select) };
        let selected = chosen.max(rank(&self.extend_select));
        let ignored = rank(&self.ignore);
        selected > i32::from(!rule.default) && (ignored == 0 || selected > ignored)
    }
}
