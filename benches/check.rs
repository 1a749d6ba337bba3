//! Where the time goes: the whole check, each kind of rule, and what comes before the first finding.
//!
//! `cargo bench --bench check` prints MB/s for the parts that read text.

use std::hint::black_box;

use dinggao::diagnostic::Lang;
use dinggao::document::{Document, Format, encoding};
use dinggao::lint;
use dinggao::rule::{Catalog, RuleSet, Selection};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// About a megabyte of a draft: the sample, over and over, with numbers that keep its paragraphs apart.
fn draft() -> String {
    let sample = include_str!("../tests/sample/half-year.txt");
    let copies = 1_000_000 / sample.len() + 1;
    (0..copies).map(|copy| sample.replace('。', &format!("（{copy}）。"))).collect()
}

fn rules(family: Option<&str>) -> RuleSet {
    let mut catalog = Catalog::builtin().expect("the rules are sound");
    let select = family.into_iter().map(str::to_owned).collect();
    catalog.retain(&Selection { select, ..Selection::default() }).expect("the families exist");
    catalog.compile(Lang::Zh).expect("the rules are sound")
}

#[divan::bench(args = ["all", "placeholder", "sequence", "pair", "duplicate"])]
fn check(bencher: Bencher, family: &str) {
    let rules = rules((family != "all").then_some(family));
    let document = Document::new(draft(), Format::Plain);
    let bytes = BytesCount::of_str(document.text());
    bencher.counter(bytes).bench(|| lint(black_box(&document), &rules));
}

#[divan::bench(args = ["plain", "markdown"])]
fn parse(bencher: Bencher, format: &str) {
    let format = if format == "plain" { Format::Plain } else { Format::Markdown };
    let text = draft();
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| Document::new(text, format));
}

#[divan::bench]
fn decode(bencher: Bencher) {
    let text = draft();
    let bytes = || text.clone().into_bytes();
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(bytes)
        .bench_values(|bytes| encoding::decode(bytes, None));
}

#[divan::bench]
fn read_rules() -> Catalog {
    Catalog::builtin().expect("the rules are sound")
}

#[divan::bench]
fn compile_rules(bencher: Bencher) {
    let catalog = Catalog::builtin().expect("the rules are sound");
    bencher.bench(|| catalog.compile(Lang::Zh));
}
