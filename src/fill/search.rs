//! Finds the holes that the entries of a values file were written down for, in a draft that may have changed since.

use std::collections::HashMap;

use super::anchor::{Anchor, Finder, Likeness};
use super::plan::Problem;
use super::{Draft, Field, Hole};
use crate::rule::Wording;

/// Which entry was written down for which hole.
#[derive(Debug, Default)]
pub(super) struct Search<'a> {
    fields: &'a [Field],
    holes: &'a [Hole],
    /// The entries whose hole has not been found, those of one anchor together and in their order.
    groups: Vec<Group<'a>>,
    /// The field of each hole.
    pub of_hole: Vec<Option<usize>>,
    /// What cannot be told apart.
    pub problems: Vec<Problem>,
}

#[derive(Debug)]
struct Group<'a> {
    anchor: &'a Anchor,
    fields: Vec<usize>,
}

impl<'a> Search<'a> {
    /// Looks first for what is around each hole to the letter, then for what is left of that.
    pub(super) fn run(draft: &'a Draft, fields: &'a [Field]) -> Self {
        let (holes, mut groups, mut known) = (draft.holes(), Vec::<Group<'_>>::new(), HashMap::new());
        for (index, field) in fields.iter().enumerate() {
            let Some(anchor) = &field.anchor else { continue };
            let group = *known.entry(anchor).or_insert_with(|| {
                groups.push(Group { anchor, fields: Vec::new() });
                groups.len() - 1
            });
            groups[group].fields.push(index);
        }
        let of_hole = vec![None; holes.len()];
        let mut search = Self { fields, holes, groups, of_hole, problems: Vec::new() };
        search.unchanged();
        if !search.groups.is_empty() {
            let finder = Finder::new(draft.text(), holes);
            search.changed(&finder, Likeness::Wholly);
            search.changed(&finder, Likeness::Nearly);
        }
        search
    }

    /// The entries whose hole is no longer there.
    pub(super) fn gone(&self) -> impl Iterator<Item = usize> {
        self.groups.iter().flat_map(|group| &group.fields).copied()
    }

    /// Pairs entries and holes of the same anchor, where there are as many of the one as of the other.
    fn unchanged(&mut self) {
        let mut at: HashMap<&Anchor, Vec<usize>> = HashMap::new();
        for (index, hole) in self.holes.iter().enumerate() {
            at.entry(&hole.anchor).or_default().push(index);
        }
        self.groups.retain(|group| {
            let same = at.get(group.anchor).filter(|same| same.len() == group.fields.len());
            for (&hole, &field) in same.into_iter().flatten().zip(&group.fields) {
                self.of_hole[hole] = Some(field);
            }
            same.is_none()
        });
    }

    /// Pairs entries with the holes that are like theirs, where there is no doubt which is which.
    fn changed(&mut self, finder: &Finder, likeness: Likeness) {
        let free = |group: &Group<'_>| -> Vec<usize> {
            let candidates = finder.candidates(group.anchor).into_iter();
            let free = candidates.filter(|&(hole, found)| found == likeness && self.of_hole[hole].is_none());
            free.map(|(hole, _)| hole).collect()
        };
        let candidates: Vec<Vec<usize>> = self.groups.iter().map(free).collect();
        let mut claims: HashMap<usize, usize> = HashMap::new();
        candidates.iter().flatten().for_each(|&hole| *claims.entry(hole).or_default() += 1);
        for (group, holes) in std::mem::take(&mut self.groups).into_iter().zip(candidates) {
            let Some(&first) = holes.first() else {
                self.groups.push(group);
                continue;
            };
            let key = |field: usize| &self.fields[field].key;
            let is_one_key = group.fields.iter().all(|&field| key(field) == key(group.fields[0]));
            let is_contested = holes.iter().any(|hole| claims[hole] > 1);
            let is_clear =
                holes.len() == group.fields.len() || is_one_key && holes.len() < group.fields.len();
            if is_clear && !is_contested {
                holes
                    .into_iter()
                    .zip(group.fields)
                    .for_each(|(hole, field)| self.of_hole[hole] = Some(field));
            } else {
                self.problems.push(ambiguous(&self.fields[group.fields[0]], &self.holes[first]));
            }
        }
    }
}

fn ambiguous(field: &Field, hole: &Hole) -> Problem {
    let key = &field.key;
    let message = Wording::new(
        format!("稿件已经改动，分不清“{key}”是哪一处；请用 --init 重新生成，或者改 at 里的文字"),
        format!(
            "the draft has changed, and `{key}` may be one of several places; start over with --init, or mend its `at`"
        ),
    );
    Problem { line: Some(field.line), offset: Some(hole.range.start), message }
}
