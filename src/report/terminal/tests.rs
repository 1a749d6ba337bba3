use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::diagnostic::Label;
use crate::text::TextRange;

/// A finding at the first `needle` in `text`.
pub(in crate::report) fn finding(text: &str, needle: &str, message: &str) -> Diagnostic {
    let rule = RuleInfo {
        id: "placeholder/mask".to_owned(),
        severity: Severity::Error,
        help: Some("Fill it in.".to_owned()),
    };
    Diagnostic {
        rule: Arc::new(rule),
        range: range(text, needle),
        message: message.to_owned(),
        caption: None,
        related: Vec::new(),
        elsewhere: Vec::new(),
        slot: None,
        fix: None,
    }
}

fn range(text: &str, needle: &str) -> TextRange {
    let start = text.find(needle).unwrap();
    TextRange::new(start, start + needle.len())
}

fn label(text: &str, needle: &str, message: &str) -> Label {
    Label { range: range(text, needle), message: message.to_owned() }
}

fn rendered(text: &str, diagnostic: &Diagnostic) -> String {
    rendered_as(Style { lang: Lang::En, color: false, width: 60 }, text, diagnostic)
}

fn rendered_as(style: Style, text: &str, diagnostic: &Diagnostic) -> String {
    let mut out = Vec::new();
    let checked = Checked { path: "a.txt", text, diagnostics: std::slice::from_ref(diagnostic) };
    Terminal::new(style).file(&checked, &mut out);
    String::from_utf8(out).unwrap()
}

/// What stands above the carets, and at which columns.
fn above_carets(report: &str) -> (String, usize, usize) {
    let lines: Vec<&str> = report.lines().collect();
    let at = lines.iter().position(|line| line.contains('^')).unwrap();
    let start = lines[at][..lines[at].find('^').unwrap()].width();
    let end = lines[at][..=lines[at].rfind('^').unwrap()].width();
    let (mut column, mut above) = (0, String::new());
    for c in lines[at - 1].chars() {
        if column >= start && column < end {
            above.push(c);
        }
        column += c.to_string().width();
    }
    (above, start, end)
}

#[test]
fn a_finding_reads_like_a_compiler_s() {
    let text = "第一段。\n全年完成接待X人次。\n";
    let mut diagnostic = finding(text, "X", "a number is still to be filled in");
    diagnostic.caption = Some("how many 人次?".to_owned());
    assert_eq!(
        rendered(text, &diagnostic),
        "\
error[placeholder/mask]: a number is still to be filled in
  ┌─ a.txt:2:7
  │
2 │ 全年完成接待X人次。
  │             ^ how many 人次?
  │
  = help: Fill it in.

"
    );
}

#[test]
fn in_chinese_the_words_around_a_finding_are_chinese() {
    let text = "接待X人次";
    let style = Style { lang: Lang::Zh, color: false, width: 60 };
    let report = rendered_as(style, text, &finding(text, "X", "数量未填"));
    assert!(report.starts_with("错误[placeholder/mask]: 数量未填\n"), "{report}");
    assert!(report.contains("= 建议：Fill it in."), "{report}");
}

#[test]
fn a_related_place_far_away_in_a_long_line_is_shown_with_what_lies_between_cut() {
    let text =
        format!("{}一是健全制度。{}三是强化监督。{}", "前".repeat(90), "中".repeat(90), "后".repeat(90));
    let mut diagnostic = finding(&text, "三是", "二是 is missing");
    diagnostic.related = vec![label(&text, "一是", "the series starts here")];
    let report = rendered(&text, &diagnostic);
    assert!(report.contains("a.txt:1:188"), "{report}");
    assert!(report.contains(" … "), "{report}");
    assert!(report.lines().all(|line| line.width() <= 62), "{report}");
    assert_eq!(above_carets(&report).0, "三是");
}

#[test]
fn carets_stand_under_their_characters_whatever_the_width() {
    let before = [
        "",
        "中文",
        "e\u{301}",
        "👨‍👩‍👧",
        "👍🏽",
        "\u{202e}",
        "\t",
        "\u{200b}",
        "🇨🇳",
        "1\u{fe0f}\u{20e3}",
        "\u{0}",
    ];
    for before in before {
        for repeat in [1, 40] {
            let text = format!("{}年年 X年年{}", before.repeat(repeat), before.repeat(repeat));
            let report = rendered(&text, &finding(&text, "X", "m"));
            let (above, start, end) = above_carets(&report);
            assert_eq!((above.as_str(), end - start), ("X", 1), "{report}");
        }
    }
}

#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    let text = "甲\u{1b}[31m乙\u{202e}丙\u{2028}X\u{7f}\u{9b}";
    let mut diagnostic = finding(text, "X", "say \u{1b}]0;x\u{7}");
    diagnostic.caption = Some("\u{1b}[2J".to_owned());
    diagnostic.related = vec![label(text, "甲", "\u{202e}")];
    let report = rendered(text, &diagnostic);
    assert!(report.chars().all(|c| c == '\n' || !c.is_control()), "{report:?}");
    assert!(!report.contains(['\u{202e}', '\u{2028}']), "{report:?}");
    assert_eq!(above_carets(&report).0, "X");
}

#[test]
fn of_a_block_of_lines_the_first_and_the_last_are_shown() {
    let text = (1..=400).map(|line| format!("第{line}行的文字。")).collect::<Vec<_>>().join("\n");
    let start = text.find("第317行").unwrap();
    let mut diagnostic = finding(&text, "第317行", "lines 317–345 repeat lines 125–153");
    diagnostic.range = TextRange::new(start, text.find("第346行").unwrap());
    let copy = TextRange::new(text.find("第125行").unwrap(), text.find("第154行").unwrap());
    diagnostic.related = vec![Label { range: copy, message: "first written here".to_owned() }];
    let report = rendered(&text, &diagnostic);
    let lines: Vec<&str> = report.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "error[placeholder/mask]: lines 317–345 repeat lines 125–153",
            "    ┌─ a.txt:317:1",
            "    │",
            "125 │   ╭ 第125行的文字。",
            "    ·   │",
            "153 │   │ 第153行的文字。",
            "    │   ╰───────────────' first written here",
            "    ·",
            "317 │ ╭   第317行的文字。",
            "    · │",
            "345 │ │   第345行的文字。",
            "    │ ╰─────────────────^",
            "    │",
            "    = help: Fill it in.",
            "",
        ]
    );
}

#[test]
fn places_at_the_edges_of_a_text_are_shown() {
    for text in ["", "\n", "甲", "甲\r\n", "\r\n\r\n"] {
        for at in [0, text.len()] {
            let mut diagnostic = finding("", "", "empty");
            diagnostic.range = TextRange::new(at, at);
            let report = rendered(text, &diagnostic);
            assert!(report.contains("a.txt:"), "{report}");
            assert!(report.contains('^'), "{report}");
        }
    }
}

#[test]
fn a_range_outside_the_text_or_inside_a_character_does_no_harm() {
    let mut diagnostic = finding("", "", "m");
    for (start, end) in [(1, 2), (0, 99), (99, 100)] {
        diagnostic.range = TextRange::new(start, end);
        assert!(rendered("甲", &diagnostic).contains("a.txt:1:"));
    }
}

#[test]
fn colours_are_there_only_when_asked_for() {
    let text = "接待X人次";
    let diagnostic = finding(text, "X", "m");
    assert!(!rendered(text, &diagnostic).contains('\u{1b}'));
    let colored = rendered_as(Style { lang: Lang::En, color: true, width: 60 }, text, &diagnostic);
    assert!(
        colored.starts_with("\u{1b}[1m\u{1b}[31merror[placeholder/mask]\u{1b}[0m\u{1b}[1m: m\u{1b}[0m\n")
    );
}

#[test]
fn the_summary_names_only_what_there_is() {
    let summary = Summary { files: 14, flagged: 2, errors: 3, warnings: 1, infos: 0 };
    assert_eq!(summary_en(&summary), "found 3 errors, 1 warning in 2 of 14 files\n");
    assert_eq!(summary_zh(&summary), "共检查 14 个文件，其中 2 个有问题：3 处错误、1 处警告。\n");
    let clean = Summary { files: 1, ..Summary::default() };
    assert_eq!(summary_en(&clean), "found nothing in 1 file\n");
    assert_eq!(summary_zh(&clean), "共检查 1 个文件，未发现问题。\n");
}
