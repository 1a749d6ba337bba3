//! Regular expressions that are tied to a place and read outwards from it, forwards or backwards.
//!
//! Conditions ask thousands of short questions a second, nearly all of which the first few characters answer. A lazy DFA
//! that is fed byte by byte answers them without the set-up of a search, and does not mind in which order the characters
//! come.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::OnceLock;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Hir, HirKind, Look, Repetition};
use thread_local::ThreadLocal;

thread_local! {
    /// One for all automata: each has tables of its own that take longer to make than most expressions to compile.
    static COMPILER: thompson::Compiler = {
        let mut compiler = thompson::Compiler::new();
        compiler.configure(thompson::Config::new().which_captures(WhichCaptures::None));
        compiler
    };
}

/// Which way a text is read, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// From its beginning on.
    Forwards,
    /// From its end back.
    Backwards,
    /// All of it.
    Whole,
}

/// A regular expression tied to where the reading of a text begins, compiled when it is first needed: most drafts need
/// few.
#[derive(Debug)]
pub(super) struct Automaton {
    source: String,
    reading: Reading,
    hir: OnceLock<Option<Hir>>,
    compiled: OnceLock<Option<Compiled>>,
}

#[derive(Debug)]
struct Compiled {
    dfa: DFA,
    /// The states met so far. One for each thread: sharing them takes longer than most answers.
    caches: ThreadLocal<RefCell<Cache>>,
}

impl Automaton {
    /// For `source`, a regular expression that parses.
    pub(super) fn new(source: String, reading: Reading) -> Self {
        Self { source, reading, hir: OnceLock::new(), compiled: OnceLock::new() }
    }

    /// The expression in the order in which it meets the characters.
    pub(super) fn hir(&self) -> Option<&Hir> {
        let parse = || {
            let hir = regex_syntax::parse(&self.source).ok()?;
            Some(match self.reading {
                Reading::Forwards => hir,
                Reading::Backwards => reversed(hir),
                Reading::Whole => Hir::concat(vec![hir, Hir::look(Look::End)]),
            })
        };
        self.hir.get_or_init(parse).as_ref()
    }

    /// The expression as it was given.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether `text` begins with a match (ends with one, is one) as it is read.
    pub(super) fn accepts(&self, text: &str) -> bool {
        self.read(text, true).is_some()
    }

    /// How many bytes the match takes that `text` begins with: forwards the one that the expression prefers, backwards
    /// the longest.
    pub(super) fn reach(&self, text: &str) -> Option<usize> {
        self.read(text, false)
    }

    fn read(&self, text: &str, is_enough: bool) -> Option<usize> {
        // `None` only where it parses but would be too large, which the rule's examples bring to light
        let compiled = self.compiled.get_or_init(|| self.compile()).as_ref()?;
        compiled.read(text, self.reading, is_enough)
    }

    fn compile(&self) -> Option<Compiled> {
        let nfa = COMPILER.with(|compiler| compiler.build_from_hir(self.hir()?).ok())?;
        let kind = if self.reading == Reading::Backwards { MatchKind::All } else { MatchKind::LeftmostFirst };
        let config = DFA::config().match_kind(kind).skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        Some(Compiled { dfa, caches: ThreadLocal::new() })
    }
}

impl Compiled {
    /// How many bytes the match takes; any match if one `is_enough`.
    fn read(&self, text: &str, reading: Reading, is_enough: bool) -> Option<usize> {
        let cache = &mut *self.caches.get_or(|| RefCell::new(self.dfa.create_cache())).borrow_mut();
        let anchored = start::Config::new().anchored(Anchored::Yes);
        let state = self.dfa.start_state(cache, &anchored).ok()?;
        let mut walk = Walk { dfa: &self.dfa, cache, state, is_enough, read: 0, reach: None };
        let bytes = text.as_bytes();
        let is_over = match reading {
            Reading::Forwards | Reading::Whole => walk.take(bytes).is_break(),
            Reading::Backwards => {
                let mut end = bytes.len();
                text.char_indices().rev().any(|(start, _)| {
                    let char = &bytes[start..end];
                    end = start;
                    walk.take(char).is_break()
                })
            }
        };
        if is_over { walk.reach } else { walk.end() }
    }
}

/// A text being read, byte by byte.
struct Walk<'a> {
    dfa: &'a DFA,
    cache: &'a mut Cache,
    state: LazyStateID,
    is_enough: bool,
    /// How many bytes have been read.
    read: usize,
    /// How many bytes the match takes that is known.
    reach: Option<usize>,
}

impl Walk<'_> {
    /// Reads on; breaks off where nothing that follows makes a difference.
    fn take(&mut self, bytes: &[u8]) -> ControlFlow<()> {
        for &byte in bytes {
            let Ok(state) = self.dfa.next_state(self.cache, self.state, byte) else {
                self.reach = None;
                return ControlFlow::Break(());
            };
            self.state = state;
            if state.is_tagged() {
                if state.is_match() {
                    // a match is told one byte late
                    self.reach = Some(self.read);
                    if self.is_enough {
                        return ControlFlow::Break(());
                    }
                } else if state.is_dead() {
                    return ControlFlow::Break(());
                }
            }
            self.read += 1;
        }
        ControlFlow::Continue(())
    }

    /// Where the text ends: how many bytes the match takes.
    fn end(self) -> Option<usize> {
        let end = self.dfa.next_eoi_state(self.cache, self.state).ok()?;
        if end.is_match() { Some(self.read) } else { self.reach }
    }
}

/// The same texts read backwards.
fn reversed(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => {
            let backwards: String = String::from_utf8_lossy(&literal.0).chars().rev().collect();
            Hir::literal(backwards.into_bytes())
        }
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(Look::Start) => Hir::look(Look::End),
        HirKind::Look(Look::End) => Hir::look(Look::Start),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(reversed(*repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition })
        }
        HirKind::Capture(capture) => reversed(*capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.into_iter().rev().map(reversed).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.into_iter().map(reversed).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;

    fn automaton(source: &str, reading: Reading) -> Automaton {
        Automaton::new(source.to_owned(), reading)
    }

    #[test]
    fn a_match_ends_where_the_expression_prefers() {
        assert_eq!(automaton("X|XX", Reading::Forwards).reach("XX年"), Some(1));
        assert_eq!(automaton("X+年?", Reading::Forwards).reach("XX年"), Some(5));
        assert_eq!(automaton("X+", Reading::Forwards).reach("年XX"), None);
        assert_eq!(automaton("(?:二〇|20)?", Reading::Backwards).reach("全年二〇"), Some(6));
    }

    #[test]
    fn an_expression_that_holds_for_nothing_at_all_holds_at_the_end() {
        assert!(automaton("^\\s*", Reading::Backwards).accepts(""));
        assert!(automaton("^\\s*", Reading::Backwards).accepts("  "));
        assert!(!automaton("^\\s*", Reading::Backwards).accepts("年 "));
        assert!(automaton("年?$", Reading::Forwards).accepts("年"));
        assert!(!automaton("年?$", Reading::Forwards).accepts("年底"));
        assert!(automaton("X+", Reading::Whole).accepts("XX"));
        assert!(!automaton("X+", Reading::Whole).accepts("XX年"));
    }

    proptest! {
        #[test]
        fn it_answers_as_a_regex_does(
            source in "(\\^)?([年月X]|年\\?|\\[\\^月\\]\\*|\\(年\\|月年\\)){1,4}(\\$)?",
            text in "[年月X]{0,6}",
        ) {
            let forwards = Regex::new(&format!("^(?:{source})")).unwrap();
            prop_assert_eq!(automaton(&source, Reading::Forwards).reach(&text), forwards.find(&text).map(|m| m.end()));
            prop_assert_eq!(automaton(&source, Reading::Forwards).accepts(&text), forwards.is_match(&text));
            let whole = Regex::new(&format!("^(?:{source})$")).unwrap();
            prop_assert_eq!(automaton(&source, Reading::Whole).accepts(&text), whole.is_match(&text));
            let backwards = Regex::new(&format!("(?:{source})$")).unwrap();
            let reach = backwards.find(&text).map(|m| m.len());
            prop_assert_eq!(automaton(&source, Reading::Backwards).reach(&text), reach);
            prop_assert_eq!(automaton(&source, Reading::Backwards).accepts(&text), reach.is_some());
        }
    }
}
