//! Fingerprints of paragraphs, and how alike two of them are.

use std::hash::Hasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};

/// How many earlier paragraphs with the same fingerprint are looked at: a phrase that stands everywhere says nothing,
/// and the time must not grow with the square of the text.
const MAX_POSTINGS: usize = 16;

/// How many candidates are compared character by character.
const MAX_CANDIDATES: usize = 4;

/// A candidate shares at least one fingerprint in this many. Of two texts that agree in 85 % of their characters,
/// spread evenly, half of the runs of four agree.
const MIN_SHARED: usize = 4;

/// What is kept of a paragraph.
#[derive(Debug)]
pub(super) struct Print {
    /// Length in characters.
    pub chars: usize,
    /// Hash of the whole text.
    pub exact: u64,
    /// Hashes of runs of four characters.
    pub grams: Vec<u32>,
}

impl Print {
    pub(super) fn new(text: &str) -> Self {
        let mut exact = FxHasher::default();
        exact.write(text.as_bytes());
        Self { chars: text.chars().count(), exact: exact.finish(), grams: grams(text) }
    }
}

/// Hashes of the runs of four characters, thinned out by their value, so that every text that has a run keeps it or drops
/// it alike.
fn grams(text: &str) -> Vec<u32> {
    let thin = thinning(text.len());
    let dropped = !(u64::MAX >> thin);
    let mut grams = Vec::with_capacity(((text.len() / 3) >> thin) + 4);
    // the last four characters, 16 bits of each
    let mut run = 0u64;
    for (at, c) in text.chars().enumerate() {
        run = run << 16 | u64::from(u32::from(c) & 0xffff);
        let hash = run.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if hash & dropped == 0 && at >= 3 {
            #[allow(clippy::cast_possible_truncation, reason = "32 of the 64 bits of a hash")]
            grams.push((hash >> 16) as u32);
        }
    }
    grams
}

/// How much to thin out the fingerprints of a text of so many bytes: a dozen or two are enough. The runs kept at one level
/// are kept at every lower one, so that texts on both sides of a boundary still share them.
fn thinning(bytes: usize) -> u32 {
    match bytes {
        0..100 => 0,
        100..150 => 1,
        150..250 => 2,
        250..500 => 3,
        500..1000 => 4,
        _ => 5,
    }
}

fn is_figure(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９' | '.' | '．' | '%' | '％' | '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七'
        | '八' | '九' | '十' | '百' | '千' | '万' | '亿' | '两')
}

/// An index from fingerprints to the paragraphs that have them.
#[derive(Debug)]
pub(super) struct Fingerprints {
    /// The latest posting of each fingerprint.
    heads: FxHashMap<u32, usize>,
    /// Paragraph, and the posting before it of the same fingerprint.
    postings: Vec<(usize, usize)>,
    /// Scratch: how many fingerprints each paragraph shares with the one asked for.
    shared: Vec<usize>,
}

const NONE: usize = usize::MAX;

impl Fingerprints {
    /// An index for so many paragraphs, which have so many `grams` in all.
    pub(super) fn new(paragraphs: usize, grams: usize) -> Self {
        let heads = FxHashMap::with_capacity_and_hasher(grams, FxBuildHasher);
        Self { heads, postings: Vec::with_capacity(grams), shared: vec![0; paragraphs] }
    }

    /// The earlier paragraphs that share most with `print`, best first; then `paragraph` is in the index, too.
    pub(super) fn candidates(&mut self, print: &Print, paragraph: usize) -> Vec<usize> {
        let mut touched = Vec::new();
        for &gram in &print.grams {
            let head = self.heads.entry(gram).or_insert(NONE);
            let mut posting = *head;
            for _ in 0..MAX_POSTINGS {
                let Some(&(earlier, before)) = self.postings.get(posting) else { break };
                if earlier != paragraph {
                    if self.shared[earlier] == 0 {
                        touched.push(earlier);
                    }
                    self.shared[earlier] += 1;
                }
                posting = before;
            }
            self.postings.push((paragraph, *head));
            *head = self.postings.len() - 1;
        }
        let mut best: Vec<(usize, usize)> = touched
            .into_iter()
            .map(|earlier| (std::mem::take(&mut self.shared[earlier]), earlier))
            .filter(|(shared, _)| shared * MIN_SHARED >= print.grams.len())
            .collect();
        best.sort_unstable_by_key(|&(shared, earlier)| (std::cmp::Reverse(shared), earlier));
        best.into_iter().take(MAX_CANDIDATES).map(|(_, earlier)| earlier).collect()
    }
}

/// Whether two texts have at least the share `enough` of their characters in common in the same order, white space aside.
pub(super) fn is_similar(a: &str, b: &str, enough: f64) -> bool {
    at_most_similar(a, b) >= enough && similarity(a, b) >= enough
}

/// What [`similarity`] can be at most: the share in common in any order, which is far quicker to tell.
fn at_most_similar(a: &str, b: &str) -> f64 {
    // characters that share a count only make it more
    let bucket = |c: char| c as usize % 256;
    let mut counts = [0usize; 256];
    let (mut total, mut common) = (0, 0);
    for c in visible(a) {
        counts[bucket(c)] += 1;
        total += 1;
    }
    for c in visible(b) {
        let count = &mut counts[bucket(c)];
        common += usize::from(*count > 0);
        *count = count.saturating_sub(1);
        total += 1;
    }
    share(common, total)
}

/// The share that `common` characters are of two texts that have `total` characters together.
#[allow(clippy::cast_precision_loss, reason = "a paragraph is far shorter than 2^52 characters")]
fn share(common: usize, total: usize) -> f64 {
    2.0 * common as f64 / total.max(1) as f64
}

/// The share of characters, white space aside, that two texts have in common in the same order: 1.0 is all.
fn similarity(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (visible(a).collect(), visible(b).collect());
    let total = a.len() + b.len();
    // what both begin and end with needs no table
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    share(head + tail + common_subsequence(a, b), total)
}

/// The characters of a text but white space.
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

/// Length of the longest common subsequence, 64 characters of `a` at a time (Hyyrö's bit-parallel algorithm).
fn common_subsequence(a: &[char], b: &[char]) -> usize {
    let words = a.len().div_ceil(64);
    // for each character one row of bits: where it stands in `a`
    let mut rows: FxHashMap<char, usize> = FxHashMap::with_capacity_and_hasher(a.len(), FxBuildHasher);
    let mut positions: Vec<u64> = Vec::new();
    for (index, &c) in a.iter().enumerate() {
        let row = *rows.entry(c).or_insert(positions.len());
        positions.resize(positions.len().max(row + words), 0);
        positions[row + index / 64] |= 1 << (index % 64);
    }
    // a zero bit is a character of `a` that ends a longer common subsequence
    let mut row = vec![u64::MAX; words];
    for c in b {
        let Some(&at) = rows.get(c) else { continue };
        let mut carry = false;
        for (word, &matching) in row.iter_mut().zip(&positions[at..]) {
            let both = *word & matching;
            let (sum, first) = word.overflowing_add(both);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            carry = first || second;
            *word = sum | (*word - both);
        }
    }
    let zeros: u32 = row.iter().map(|word| word.count_zeros()).sum();
    zeros as usize
}

/// Whether two texts are the same but for white space.
pub(super) fn same_but_for_space(a: &str, b: &str) -> bool {
    visible(a).eq(visible(b))
}

/// Whether two texts are the same but for their numbers and white space.
pub(super) fn same_but_for_figures(a: &str, b: &str) -> bool {
    words(a).eq(words(b))
}

/// The characters of a text but white space, each number as one `#`.
pub(super) fn words(text: &str) -> impl Iterator<Item = char> {
    let mut in_number = false;
    visible(text).filter_map(move |c| {
        let first = !std::mem::replace(&mut in_number, is_figure(c));
        if in_number { first.then_some('#') } else { Some(c) }
    })
}

/// The numbers in which two texts differ that are the same otherwise, as `5→8`.
pub(super) fn differing_figures(earlier: &str, later: &str) -> Vec<String> {
    let figures = |text: &str| -> Vec<String> {
        let text: String = visible(text).collect();
        text.split(|c| !is_figure(c)).filter(|figure| !figure.is_empty()).map(str::to_owned).collect()
    };
    let pairs = figures(earlier).into_iter().zip(figures(later));
    pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("{a}→{b}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook table, to compare with.
    fn by_table(a: &[char], b: &[char]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..a.len() {
            for j in 0..b.len() {
                table[i + 1][j + 1] =
                    if a[i] == b[j] { table[i][j] + 1 } else { table[i][j + 1].max(table[i + 1][j]) };
            }
        }
        table[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn the_fast_way_and_the_table_agree(a in "[一二三四五]{0,150}", b in "[一二三四五]{0,150}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            prop_assert_eq!(common_subsequence(&a, &b), by_table(&a, &b));
        }
    }

    proptest! {
        #[test]
        fn what_texts_have_in_common_in_any_order_is_never_less(a in "[一二三四五 ]{0,60}", b in "[一二三四五丁 ]{0,60}") {
            prop_assert!(at_most_similar(&a, &b) >= similarity(&a, &b));
        }
    }

    #[test]
    fn texts_are_told_apart_by_their_characters_or_their_order() {
        assert!(is_similar("一二三四五", "一二三四六", 0.8));
        assert!(!is_similar("一二三四五", "一二六七八", 0.8));
        assert!(!is_similar("一二三四五", "五四三二一", 0.8));
    }

    #[test]
    fn white_space_does_not_count() {
        assert!((similarity("一 二\u{3000}三", "一二三") - 1.0).abs() < f64::EPSILON);
        assert!(same_but_for_figures("接待 5 人", "接待12人"));
    }

    #[test]
    fn figures_that_differ_are_named() {
        assert_eq!(differing_figures("2019年接待5人", "2020年接待5人"), ["2019→2020"]);
    }
}
