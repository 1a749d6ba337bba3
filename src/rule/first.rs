//! Which expressions can match at all, by the first character that they would read: it rules out nearly all of them.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::automaton::Automaton;

/// A set of numbers of expressions; one beyond the last bit is in every set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(u128);

impl Set {
    fn with(self, number: usize) -> Self {
        Self(self.0 | 1u128.checked_shl(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or(0))
    }

    /// What is in both sets.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The numbers in the set, ascending, of expressions of which there are `len`.
    pub(super) fn iter(self, len: usize) -> impl Iterator<Item = usize> {
        let mut bits = self.0;
        let within = std::iter::from_fn(move || {
            let number = (bits != 0).then(|| bits.trailing_zeros() as usize);
            bits &= bits.wrapping_sub(1);
            number
        });
        // without a first character everything is possible, and all bits are set
        within.take_while(move |&number| number < len).chain(u128::BITS as usize..len)
    }
}

/// Of a list of expressions tied to a place those that can match by the first character from there: from each character
/// on up to the next.
#[derive(Debug)]
pub(super) struct Firsts {
    /// Where a set begins to hold, ascending; apart from the sets, as these are looked through.
    edges: Vec<char>,
    sets: Vec<Set>,
}

impl Firsts {
    /// The index of a list of expressions; one that is not given matches anything.
    pub(super) fn new<'a>(expressions: impl Iterator<Item = Option<&'a Automaton>>) -> Self {
        let firsts: Vec<Vec<(char, char)>> = expressions
            .map(|expression| {
                let mut first = Vec::new();
                let hir = expression.and_then(Automaton::hir);
                let decided = hir.is_some_and(|hir| first_of(hir, &mut first));
                if decided { first } else { vec![('\0', char::MAX)] }
            })
            .collect();
        let mut edges: Vec<char> = firsts
            .iter()
            .flatten()
            .flat_map(|&(start, end)| [Some(start), next_char(end)])
            .flatten()
            .chain(['\0'])
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let mut sets = vec![Set::default(); edges.len()];
        for (number, first) in firsts.iter().enumerate() {
            for &(start, end) in first {
                let from = edges.partition_point(|&edge| edge < start);
                let to = edges.partition_point(|&edge| edge <= end);
                for set in &mut sets[from..to] {
                    *set = set.with(number);
                }
            }
        }
        Self { edges, sets }
    }

    /// The expressions that can match where `first` is the first character, if there is one.
    pub(super) fn possible(&self, first: Option<char>) -> Set {
        let Some(c) = first else { return Set(u128::MAX) };
        // the first edge is the first character there is
        self.sets[self.edges.partition_point(|&edge| edge <= c) - 1]
    }
}

fn next_char(c: char) -> Option<char> {
    (u32::from(c) + 1..=u32::from(char::MAX)).find_map(char::from_u32)
}

/// Adds the ranges of characters with which `hir` can begin to `first`; tells whether it must begin with one of them
/// where there is a character at all, that is, whether it cannot be empty.
fn first_of(hir: &Hir, first: &mut Vec<(char, char)>) -> bool {
    match hir.kind() {
        // at the end there is no first character
        HirKind::Look(Look::End) => true,
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => {
            let begins_with = literal.0.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
            first.push(begins_with.map_or(('\0', char::MAX), |c| (c, c)));
            true
        }
        HirKind::Class(Class::Unicode(class)) => {
            first.extend(class.iter().map(|range| (range.start(), range.end())));
            true
        }
        HirKind::Class(Class::Bytes(_)) => {
            first.push(('\0', char::MAX));
            true
        }
        HirKind::Repetition(repetition) => first_of(&repetition.sub, first) && repetition.min > 0,
        HirKind::Capture(capture) => first_of(&capture.sub, first),
        HirKind::Concat(parts) => parts.iter().any(|part| first_of(part, first)),
        HirKind::Alternation(parts) => {
            // every branch counts, so none may be passed over
            let optional = parts.iter().filter(|part| !first_of(part, first)).count();
            optional == 0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::automaton::Reading;
    use super::*;

    fn possible(sources: &[&str], first: Option<char>) -> Vec<usize> {
        let automaton = |source: &&str| Automaton::new((*source).to_owned(), Reading::Forwards);
        let automata: Vec<Automaton> = sources.iter().map(automaton).collect();
        Firsts::new(automata.iter().map(Some)).possible(first).iter(sources.len()).collect()
    }

    #[test]
    fn only_what_can_begin_with_the_character_is_possible() {
        let sources = ["年|月", "[一-十]+年", "日?年", "(?:X|年)月", "^", "年$"];
        assert_eq!(possible(&sources, Some('年')), [0, 2, 3, 4, 5]);
        assert_eq!(possible(&sources, Some('X')), [3, 4]);
    }

    #[test]
    fn without_a_character_everything_is_possible() {
        assert_eq!(possible(&["年", "月"], None), [0, 1]);
        assert_eq!(possible(&["年"; 130], None).len(), 130);
        assert_eq!(possible(&["年"; 130], Some('月')), [128, 129]);
    }
}
