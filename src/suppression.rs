//! Findings that somebody has said are to be left alone, in the draft itself or in a file beside it.
//!
//! In Markdown, a comment does so: `<!-- dinggao: ignore placeholder/mask -- reason -->` for its own line, or for the
//! next line of prose if it has none itself; `ignore-start` and `ignore-end` for what is between them; `ignore-file`.

pub mod allow;

use crate::diagnostic::Diagnostic;
use crate::document::{COMMENT_MARK, Document};
use crate::rule::{Flaw, RuleSet, Standing, Wording};
use crate::text::{LineIndex, TextRange};

/// Takes out of `found` what comments of the document suppress, and adds what is wrong with the comments. Ranges are
/// those of the text.
pub(crate) fn apply(document: &Document, rules: &RuleSet, found: &mut Vec<Diagnostic>) {
    if document.comments().is_empty() {
        return;
    }
    let mut reader = Reader { document, rules, suppressions: Vec::new(), flaws: Vec::new() };
    for &comment in document.comments() {
        reader.comment(comment);
    }
    let Reader { mut suppressions, mut flaws, .. } = reader;
    found.retain(|diagnostic| {
        let mut matching =
            suppressions.iter_mut().filter(|suppression| suppression.covers(diagnostic)).peekable();
        let kept = matching.peek().is_none();
        matching.for_each(|suppression| suppression.used = true);
        kept
    });
    flaws.extend(suppressions.iter().filter_map(|suppression| suppression.flaw(rules)));
    found.extend(flaws);
}

/// One rule, or family of rules, suppressed by one comment.
struct Suppression<'a> {
    name: &'a str,
    /// Where the comment names it.
    at: TextRange,
    scope: Scope,
    used: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Findings that begin in this range.
    Range(TextRange),
    /// From here to an end that has not been read.
    Open(usize),
}

impl Suppression<'_> {
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let rule = &diagnostic.rule;
        let Scope::Range(range) = self.scope else { return false };
        (range.start..=range.end).contains(&diagnostic.range.start)
            && (rule.id == self.name || rule.family() == self.name)
    }

    fn flaw(&self, rules: &RuleSet) -> Option<Diagnostic> {
        let name = self.name;
        if matches!(self.scope, Scope::Open(_)) {
            let reason = Wording::new(
                format!("没有与它对应的 ignore-end，对“{name}”的忽略不起作用"),
                format!("no ignore-end goes with this: `{name}` is not ignored"),
            );
            return rules.verdicts().finding(Flaw::Invalid, self.at, &reason);
        }
        if self.used || rules.standing(name) != Standing::Active {
            return None;
        }
        let reason = Wording::new(
            format!("这里没有“{name}”的问题可忽略"),
            format!("there is no `{name}` to ignore here"),
        );
        rules.verdicts().finding(Flaw::Unused, self.at, &reason)
    }
}

/// Reads the comments of a document, one after the other.
struct Reader<'a> {
    document: &'a Document,
    rules: &'a RuleSet,
    suppressions: Vec<Suppression<'a>>,
    flaws: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn comment(&mut self, comment: TextRange) {
        let text = comment.of(self.document.text());
        let body = text.trim_start_matches("<!--").trim_start();
        let Some(body) = body.strip_prefix(COMMENT_MARK) else { return };
        // what is said of the reason is for people
        let body = body.split("--").next().unwrap_or_default();
        let base = comment.start + (body.as_ptr() as usize - text.as_ptr() as usize);
        let mut words = words(body, base);
        let verb = words.next().map_or("", |(_, word)| word);
        let names: Vec<(TextRange, &str)> = words.collect();
        match verb {
            "ignore" => self.ignore(Scope::Range(self.line_of(comment)), comment, &names),
            "ignore-file" => {
                let whole = TextRange::new(0, self.document.text().len());
                self.ignore(Scope::Range(whole), comment, &names);
            }
            "ignore-start" => self.ignore(Scope::Open(comment.end), comment, &names),
            "ignore-end" => self.end(comment, &names),
            _ => self.invalid(
                comment,
                Wording::new(format!("不认识的忽略标记“{verb}”"), format!("`{verb}` means nothing here")),
            ),
        }
    }

    fn ignore(&mut self, scope: Scope, comment: TextRange, names: &[(TextRange, &'a str)]) {
        if names.is_empty() {
            self.invalid(comment, Wording::new("没有写明忽略哪条规则", "which rule to ignore is not said"));
        }
        for &(at, name) in names {
            if self.rules.standing(name) == Standing::Unknown {
                let reason =
                    Wording::new(format!("没有名为“{name}”的规则"), format!("no rule is called `{name}`"));
                self.invalid(at, reason);
            } else {
                self.suppressions.push(Suppression { name, at, scope, used: false });
            }
        }
    }

    /// Ends what is open: the last of each name, or without names all.
    fn end(&mut self, comment: TextRange, names: &[(TextRange, &'a str)]) {
        let is_open = |suppression: &&mut Suppression<'_>| matches!(suppression.scope, Scope::Open(_));
        let mut unopened = Vec::new();
        for &(at, name) in names {
            let mut open = self.suppressions.iter_mut().rev().filter(is_open);
            match open.find(|suppression| suppression.name == name) {
                Some(suppression) => suppression.end(comment.start),
                None => unopened.push(at),
            }
        }
        if names.is_empty() {
            let open: Vec<_> = self.suppressions.iter_mut().filter(is_open).collect();
            if open.is_empty() {
                unopened.push(comment);
            }
            for suppression in open {
                suppression.end(comment.start);
            }
        }
        for at in unopened {
            self.invalid(at, Wording::new("没有与它对应的 ignore-start", "no ignore-start goes with this"));
        }
    }

    fn invalid(&mut self, at: TextRange, reason: impl Into<Wording>) {
        self.flaws.extend(self.rules.verdicts().finding(Flaw::Invalid, at, &reason.into()));
    }

    /// The line that a comment is about: its own, or the next that has prose if its own has none.
    fn line_of(&self, comment: TextRange) -> TextRange {
        let text = self.document.text();
        let lines = LineIndex::new(text);
        let line = |offset| lines.line(text, lines.line_of(offset));
        let own = TextRange::new(line(comment.start).start, line(comment.end).end);
        let prose = || self.document.blocks().iter().map(|block| self.document.source_range(block.range));
        let next = || prose().find(|block| block.start >= comment.end).map(|block| line(block.start));
        if prose().any(|block| block.intersects(own)) { own } else { next().unwrap_or(own) }
    }
}

impl Suppression<'_> {
    fn end(&mut self, end: usize) {
        if let Scope::Open(start) = self.scope {
            self.scope = Scope::Range(TextRange::new(start, end));
        }
    }
}

/// The words of a text that begins at `base`, with where they are.
fn words(text: &str, base: usize) -> impl Iterator<Item = (TextRange, &str)> {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、');
    let mut at = base;
    let pieces = text.split_inclusive(is_separator).map(move |piece| {
        let word = piece.trim_end_matches(is_separator);
        let range = TextRange::new(at, at + word.len());
        at += piece.len();
        (range, word)
    });
    pieces.filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests;
