//! What is kept of many documents to know which of them hold the same paragraph: fingerprints and places, never text.

use crate::text::{Position, TextRange};

/// A paragraph of a document, by its fingerprint and its place.
#[derive(Clone, Copy, Debug)]
struct Trace {
    key: u64,
    range: (u32, u32),
    start: (u32, u32),
    end: (u32, u32),
}

/// The paragraphs of one document, in order.
#[derive(Clone, Debug, Default)]
pub struct Prints(Vec<Trace>);

impl Prints {
    /// Adds the paragraph with the fingerprint `key`, which is at `range` of the text, from `start` to `end` in grapheme
    /// clusters.
    pub(crate) fn push(&mut self, key: u64, range: TextRange, start: Position, end: Position) {
        // a text of more than four gigabytes is told of by its end
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let pair = |at: Position| (small(at.line), small(at.column));
        let range = (small(range.start), small(range.end));
        self.0.push(Trace { key, range, start: pair(start), end: pair(end) });
    }
}

/// The paragraphs of many documents.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Names and paragraphs of the documents, by name; no paragraphs of those that share none with others.
    documents: Vec<(String, Prints)>,
    /// The paragraphs that stand in several documents, by fingerprint, then document.
    shared: Vec<Posting>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    key: u64,
    document: u32,
    at: u32,
}

/// A place in a document of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    /// The name of the document.
    pub(crate) name: &'a str,
    /// Where, in bytes of its text.
    pub(crate) range: TextRange,
    /// Where it begins, in grapheme clusters.
    pub(crate) start: Position,
    /// Where it ends.
    pub(crate) end: Position,
}

impl Corpus {
    /// A corpus of documents with these names. Their order does not matter.
    pub fn new(mut documents: Vec<(String, Prints)>) -> Self {
        documents.sort_by(|a, b| a.0.cmp(&b.0));
        let mut postings = Vec::with_capacity(documents.iter().map(|(_, prints)| prints.0.len()).sum());
        for (document, (_, prints)) in (0..).zip(&documents) {
            postings.extend((0..).zip(&prints.0).map(|(at, trace)| Posting { key: trace.key, document, at }));
        }
        postings.sort_unstable();
        let groups = postings.chunk_by(|a, b| a.key == b.key);
        let shared = groups.filter(|group| group[0].document != group[group.len() - 1].document);
        let shared: Vec<Posting> = shared.flatten().copied().collect();
        let mut is_needed = vec![false; documents.len()];
        for posting in &shared {
            is_needed[posting.document as usize] = true;
        }
        for ((_, prints), _) in documents.iter_mut().zip(is_needed).filter(|(_, is_needed)| !is_needed) {
            *prints = Prints::default();
        }
        Self { documents, shared }
    }

    /// Whether a document has paragraphs that others have, too.
    pub(crate) fn shares(&self, name: &str) -> bool {
        let from = self.documents.partition_point(|(other, _)| other.as_str() < name);
        let mut named = self.documents[from..].iter().take_while(|(other, _)| other == name);
        named.any(|(_, prints)| !prints.0.is_empty())
    }

    /// The documents that hold a paragraph, in order, each with the paragraph's first place in it: both as indexes. None
    /// if only one does.
    pub(crate) fn holders(&self, key: u64) -> Vec<(usize, usize)> {
        let from = self.shared.partition_point(|posting| posting.key < key);
        let group = self.shared[from..].iter().take_while(|posting| posting.key == key);
        let mut holders: Vec<(usize, usize)> =
            group.map(|posting| (posting.document as usize, posting.at as usize)).collect();
        holders.dedup_by_key(|(document, _)| *document);
        holders
    }

    /// The fingerprint of a paragraph of a document, if it has so many.
    pub(crate) fn key(&self, document: usize, at: usize) -> Option<u64> {
        Some(self.documents.get(document)?.1.0.get(at)?.key)
    }

    /// The name of a document.
    pub(crate) fn name(&self, document: usize) -> &str {
        &self.documents[document].0
    }

    /// The place of `count` consecutive paragraphs of a document.
    pub(crate) fn place(&self, document: usize, first: usize, count: usize) -> Place<'_> {
        let (name, Prints(traces)) = &self.documents[document];
        let (first, last) = (traces[first], traces[first + count - 1]);
        let position = |(line, column): (u32, u32)| Position { line: line as usize, column: column as usize };
        Place {
            name,
            range: TextRange::new(first.range.0 as usize, last.range.1 as usize),
            start: position(first.start),
            end: position(last.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prints(keys: &[u64]) -> Prints {
        let mut prints = Prints::default();
        for (line, &key) in (1..).zip(keys) {
            let at = |column| Position { line, column };
            prints.push(key, TextRange::new(10 * line, 10 * line + 6), at(1), at(3));
        }
        prints
    }

    #[test]
    fn what_several_documents_hold_is_known_by_document_in_the_order_of_names() {
        let documents = [
            ("b", prints(&[1, 2, 2])),
            ("a", prints(&[3, 2])),
            ("c", prints(&[1, 4, 4])),
            ("d", prints(&[6])),
        ];
        let corpus = Corpus::new(documents.map(|(name, prints)| (name.to_owned(), prints)).into());
        assert_eq!(corpus.holders(2), [(0, 1), (1, 1)]);
        assert_eq!(corpus.holders(1), [(1, 0), (2, 0)]);
        // twice in one document is not for the corpus to tell
        assert_eq!((corpus.holders(3), corpus.holders(4), corpus.holders(5)), (vec![], vec![], vec![]));
        assert_eq!(["a", "d", "e"].map(|name| corpus.shares(name)), [true, false, false]);
        assert_eq!((corpus.key(1, 2), corpus.key(1, 3)), (Some(2), None));
        let place = corpus.place(1, 1, 2);
        assert_eq!((place.name, place.range), ("b", TextRange::new(20, 36)));
        assert_eq!((place.start.line, place.end), (2, Position { line: 3, column: 3 }));
    }
}
