//! Sound drafts, one of each genre: nothing is wrong with them, and the linter has nothing to say.
//!
//! They are full of what makes a linter stumble but is right: series inside series, quotations over several
//! paragraphs, `4×100米`, `1+X证书`, slogans with numbers. A finding here is a false alarm; mend the rule, not the draft.

use std::collections::BTreeSet;
use std::path::Path;

use dinggao::diagnostic::{Applicability, Lang};
use dinggao::document::{Document, Format};
use dinggao::fix::fix_all;
use dinggao::lint;
use dinggao::rule::Catalog;
use dinggao::text::TextRange;

macro_rules! sound {
    ($($test:ident: $file:literal,)*) => {
        const FILES: &[&str] = &[$($file),*];

        $(#[test]
        fn $test() {
            check($file, include_str!(concat!("drafts/", $file)));
        })*
    };
}

sound! {
    contract: "contract.txt",
    duty_report: "duty-report.txt",
    english: "english.md",
    host_script: "host-script.txt",
    letter: "letter.txt",
    minutes: "minutes.txt",
    news: "news.txt",
    notice: "notice.txt",
    regulation: "regulation.txt",
    request: "request.txt",
    research: "research.md",
    speech: "speech.txt",
    summary: "summary.txt",
    technical: "technical.md",
    tender: "tender.txt",
}

#[test]
fn every_draft_has_its_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts");
    let names = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let known = FILES.iter().map(|&file| file.to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), known.collect::<BTreeSet<_>>());
}

fn check(name: &str, text: &str) {
    let rules = Catalog::builtin().unwrap().compile(Lang::En).unwrap();
    let document = Document::new(text.to_owned(), Format::of_file_name(name));
    let findings = lint(&document, &rules);
    let told: Vec<String> = findings
        .iter()
        .map(|finding| {
            format!("{}: {} in {:?}", finding.rule.id, finding.message, line_of(text, finding.range))
        })
        .collect();
    assert!(told.is_empty(), "{name} is sound, yet:\n  {}", told.join("\n  "));
    let fixed = fix_all(&document, &rules, Applicability::Unsafe, |_, _| {}).expect("an end");
    assert!(fixed.is_none(), "{name} is sound, yet something was fixed");
}

fn line_of(text: &str, range: TextRange) -> &str {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[range.start..].find('\n').map_or(text.len(), |at| range.start + at);
    text[start..end].trim()
}
