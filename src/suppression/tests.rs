use super::*;
use crate::diagnostic::Lang;
use crate::document::Format;
use crate::lint;
use crate::rule::{Catalog, Selection};

/// What is found in a Markdown draft, as rule and line.
fn found(text: &str) -> Vec<String> {
    found_by(&Catalog::builtin().unwrap(), text)
}

fn found_by(catalog: &Catalog, text: &str) -> Vec<String> {
    let rules = catalog.compile(Lang::En).unwrap();
    let document = Document::new(text.to_owned(), Format::Markdown);
    let lines = LineIndex::new(text);
    let found = lint(&document, &rules);
    found.iter().map(|found| format!("{}:{}", lines.line_of(found.range.start), found.rule.id)).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_comment_on_a_line_of_prose_is_about_that_line() {
    assert_eq!(
        found("完成X项。<!-- dinggao: ignore placeholder/mask -- 会后补 -->\n走访X户。"),
        ["2:placeholder/mask"]
    );
    assert_eq!(found("| 项目 | X项 <!-- dinggao: ignore placeholder --> |\n|---|---|\n"), NOTHING);
}

#[test]
fn a_comment_on_a_line_of_its_own_is_about_the_next_line_of_prose() {
    let comment = "<!-- dinggao: ignore placeholder/mask -->";
    assert_eq!(found(&format!("{comment}\n完成X项。\n走访X户。")), ["3:placeholder/mask"]);
    assert_eq!(found(&format!("{comment}\n\n# 完成X项\n")), NOTHING);
    assert_eq!(found(&format!("> {comment}\n> 完成X项。\n")), NOTHING);
    assert_eq!(found("<!--\ndinggao: ignore placeholder/mask\n-->\n\n完成X项。\n"), NOTHING);
    let two = format!("{comment}\n<!-- dinggao: ignore pair/unclosed -->\n完成X项，说“好。");
    assert_eq!(found(&two), NOTHING);
}

#[test]
fn a_passage_and_a_file_can_be_left_alone() {
    let passage = "完成X项。\n\n<!-- dinggao: ignore-start placeholder, pair -->\n\n走访X户，说“好。\n\n慰问X人。\n\n<!-- dinggao: ignore-end -->\n\n接待X人。";
    assert_eq!(found(passage), ["1:placeholder/mask", "11:placeholder/mask"]);
    assert_eq!(
        found("完成X项。\n\n<!-- dinggao: ignore-file placeholder -->\n\n说“好。"),
        ["5:pair/unclosed"]
    );
}

#[test]
fn a_start_ends_where_its_own_name_does() {
    let text = "<!-- dinggao: ignore-start placeholder -->\n<!-- dinggao: ignore-start pair -->\n\n完成X项，说“好。\n\n\
        <!-- dinggao: ignore-end pair -->\n\n完成Y项，说“好。完成X户。\n\n<!-- dinggao: ignore-end placeholder -->\n";
    assert_eq!(found(text), ["8:pair/unclosed"]);
}

#[test]
fn what_suppresses_nothing_is_told_unless_its_rule_did_not_run() {
    let text = "<!-- dinggao: ignore placeholder/mask, pair -->\n完成X项。";
    assert_eq!(found(text), ["1:suppression/unused"]);
    let mut catalog = Catalog::builtin().unwrap();
    catalog.retain(&Selection { ignore: vec!["pair".to_owned()], ..Selection::default() }).unwrap();
    assert_eq!(found_by(&catalog, text), NOTHING);
    catalog.retain(&Selection { select: vec!["placeholder".to_owned()], ..Selection::default() }).unwrap();
    assert_eq!(found_by(&catalog, "<!-- dinggao: ignore placeholder/todo -->\n完成十项。"), NOTHING);
}

#[test]
fn what_is_not_understood_is_told_and_suppresses_nothing() {
    let unclosed = "<!-- dinggao: ignore-start placeholder -->\n\n完成X项。";
    assert_eq!(found(unclosed), ["1:suppression/invalid", "3:placeholder/mask"]);
    let unknown = "<!-- dinggao: ignore placeholder/msak -->\n完成X项。";
    assert_eq!(found(unknown), ["1:suppression/invalid", "2:placeholder/mask"]);
}

#[test]
fn code_and_plain_text_have_no_comments() {
    assert_eq!(
        found("```\n<!-- dinggao: ignore-file placeholder -->\n```\n\n完成X项。"),
        ["5:placeholder/mask"]
    );
    assert_eq!(found("`<!-- dinggao: ignore placeholder -->` 完成X项。"), ["1:placeholder/mask"]);
}
