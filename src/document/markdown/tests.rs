use proptest::prelude::*;

use crate::document::{BlockKind, Document, Format, OBJECT};
use crate::text::TextRange;

fn document(text: &str) -> Document {
    Document::new(text.to_owned(), Format::Markdown)
}

/// The prose, one block a line; a block that goes on with a paragraph is marked with `+`.
fn prose(text: &str) -> Vec<String> {
    let document = document(text);
    let line = |block: &super::Block| {
        format!("{}{}", if block.continues { "+" } else { "" }, block.range.of(document.prose()))
    };
    document.blocks().iter().map(line).collect()
}

fn kinds(text: &str) -> Vec<BlockKind> {
    document(text).blocks().iter().map(|block| block.kind).collect()
}

/// The source of the first `word` in the prose.
#[track_caller]
fn source_of<'a>(text: &'a str, word: &str) -> &'a str {
    let document = document(text);
    let start = document.prose().find(word).unwrap();
    document.source_range(TextRange::new(start, start + word.len())).of(text)
}

#[test]
fn emphasis_vanishes_and_a_word_maps_to_its_source() {
    let text = "# 总结\n\n到**2013****年**底，*全部*完成。";
    assert_eq!(prose(text), ["总结", "到2013年底，全部完成。"]);
    assert_eq!(source_of(text, "2013年"), "2013****年");
    assert_eq!(source_of(text, "全部"), "全部");
    assert_eq!(source_of(text, "完成。"), "完成。");
}

#[test]
fn emphasis_that_ends_in_punctuation_vanishes_though_commonmark_keeps_it() {
    assert_eq!(prose("**一是抓落实。**各单位要**“带头”**做。"), ["一是抓落实。各单位要“带头”做。"]);
    assert_eq!(prose("**年度任务。**项目建设"), ["年度任务。项目建设"]);
    assert_eq!(prose("**“新”**是，中**“新”**中"), ["“新”是，中“新”中"]);
    assert_eq!(prose("1**、流程贯通：**端到端\n2**、简化**"), ["1、流程贯通：端到端", "+2、简化"]);
    assert_eq!(
        prose("3**、业务聚焦**：去年。**4、****挑选人员，**从头"),
        ["3、业务聚焦：去年。4、挑选人员，从头"]
    );
    assert_eq!(prose("** 发言摘要 **\n**\n**"), [" 发言摘要 "]);
}

#[test]
fn masks_and_blanks_that_look_like_emphasis_stay() {
    for text in [
        "20**年**月**日",
        "**年**月**日",
        "*市*县",
        "共**个项目，**万元",
        "来宾**，领导**。",
        "电话：__，地址：__，备注",
        "联系人：____，电话：____。",
        "姓名：____",
        "＊＊年",
        "占3*4*5米",
        "手机138****1234",
        "10~20人，30~40人",
    ] {
        assert_eq!(prose(text), [text]);
    }
    assert_eq!(prose("2013**年**8**月**"), ["2013年8月"]);
    assert_eq!(prose(r"姓名：\_\_\_\_，\*\*年"), ["姓名：____，**年"]);
}

#[test]
fn prompts_survive() {
    for text in ["[主送单位]：", "<姓名>同志", "{{name}}", "发<XX>号", "[文号][年]", "【补写】"]
    {
        assert_eq!(prose(text), [text]);
    }
    assert_eq!(prose("# 关于 {姓名}"), ["关于 {姓名}"]);
    assert_eq!(prose("# 关于{{name}} {#about}"), ["关于{{name}}"]);
}

#[test]
fn what_is_not_prose_is_an_object_or_nothing() {
    let text = "运行 `X X` 见 ![图X](x.png)和<https://x.cn/x>";
    assert_eq!(prose(text), ["运行 \u{fffc} 见 \u{fffc}和\u{fffc}"]);
    assert_eq!(source_of(text, "\u{fffc}"), "`X X`");
    assert_eq!(source_of(text, "见 \u{fffc}和"), "见 ![图X](x.png)和");
    assert_eq!(
        prose("前\n\n```\nTODO\n```\n\n<div>\nX\n</div>\n\n***\n\n____\n\n![图](u)\n\n    let x = 1;\n"),
        ["前"]
    );
    assert_eq!(prose("[链接X](u \"t\")后[^1]\n\n[^1]: 注"), ["链接X后", "注"]);
}

#[test]
fn formulas_are_objects_and_sums_of_money_are_not() {
    assert_eq!(prose("设 $x_i$ 为\n\n$$\na\n$$\n"), ["设 \u{fffc} 为"]);
    assert_eq!(prose("预算$100万，实际$120万"), ["预算$100万，实际$120万"]);
}

#[test]
fn html_that_dresses_text_vanishes_and_br_breaks_the_line() {
    assert_eq!(prose("<b>年</b>终<!-- X --><u>  </u>日<br/>后<img src=x>"), ["年终  日", "+后\u{fffc}"]);
}

#[test]
fn entities_map_to_their_source() {
    let text = "甲&amp;乙&#20013;丙";
    assert_eq!(prose(text), ["甲&乙中丙"]);
    assert_eq!(source_of(text, "&乙"), "&amp;乙");
    assert_eq!(source_of(text, "中"), "&#20013;");
    assert_eq!(prose("甲&#10;乙"), ["甲 乙"]);
}

#[test]
fn every_line_of_a_paragraph_is_a_block() {
    assert_eq!(prose("甲\n乙  \r\n丙\r\r丁"), ["甲", "+乙", "+丙", "丁"]);
    assert_eq!(prose("> 甲\n> 乙\n丙"), ["甲", "+乙", "+丙"]);
    assert_eq!(prose("![图](u)\n说明"), ["说明"]);
}

#[test]
fn the_first_line_of_a_list_item_is_its_text() {
    use BlockKind::{ListItem, Paragraph};
    let text = "1. 甲\n   续\n\n   段\n2. - [ ] 乙\n3. > 丙\n\n1、丁";
    assert_eq!(prose(text), ["甲", "+续", "段", "乙", "丙", "1、丁"]);
    assert_eq!(kinds(text), [ListItem, Paragraph, Paragraph, ListItem, Paragraph, Paragraph]);
}

#[test]
fn every_cell_is_a_block() {
    let text = "|名|数|\n|-|-|\n|甲\\|**乙**|X<br>人|\n| |`c`|\n";
    assert_eq!(prose(text), ["名", "数", "甲|乙", "X", "+人"]);
    assert!(kinds(text).iter().all(|&kind| kind == BlockKind::Cell));
    assert_eq!(source_of(text, "甲|乙"), "甲\\|**乙");
}

#[test]
fn a_rule_under_a_sentence_makes_no_heading() {
    use BlockKind::{Heading, Paragraph};
    let text = "标题\n---\n这是一句话。\n---\n一行\n两行\n===\n# 题\n";
    assert_eq!(kinds(text), [Heading, Paragraph, Paragraph, Paragraph, Heading]);
}

#[test]
fn indented_chinese_is_prose_and_indented_code_is_not() {
    let text = "通知\n\n    一是**抓落实**。\n    二是____人\n    let x = 1;\n\n        三是X项。\n";
    assert_eq!(prose(text), ["通知", "一是抓落实。", "二是____人", "三是X项。"]);
    assert_eq!(source_of(text, "抓落实。"), "抓落实**。");
    assert_eq!(prose("代码\n\n    let total = 1; // 总数\n"), ["代码"]);
    assert_eq!(prose("　　甲\n　　乙"), ["　　甲", "+　　乙"]);
}

#[test]
fn front_matter_is_at_the_front_and_holds_settings() {
    assert_eq!(prose("---\ntitle: X\n\ndate: X\n---\n正文"), ["正文"]);
    assert_eq!(prose("+++\r\ntitle = 'X'\r\n+++\r\n正文"), ["正文"]);
    assert_eq!(prose("---\n第一段\n\n---\n第二段"), ["第一段", "第二段"]);
    assert_eq!(prose("正文\n\n---\n下一段\n\n---\n"), ["正文", "下一段"]);
    assert_eq!(prose("---\ntitle: 无尾"), ["title: 无尾"]);
}

#[test]
fn deep_nesting_ends() {
    for piece in ["-     ", "> ", "**", "[", "- ", "<b>", "*a_", "    甲\n\n- "] {
        let _ = document(&piece.repeat(5_000));
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let document = document(text);
    let mut last = 0;
    for block in document.blocks() {
        prop_assert!(block.range.start >= last && !block.range.is_empty());
        last = block.range.end + 1;
        let mut source_end = 0;
        for (at, c) in block.range.of(document.prose()).char_indices() {
            let start = block.range.start + at;
            let range = document.source_range(TextRange::new(start, start + c.len_utf8()));
            let source = text.get(range.start..range.end);
            prop_assert!(source.is_some_and(|source| !source.is_empty()), "{:?} of {:?}", range, c);
            let source = source.unwrap_or_default();
            let is_same = source.chars().eq([c]) || c == OBJECT || source.starts_with('&');
            prop_assert!(is_same, "{:?} stands for {:?}", c, source);
            prop_assert!(range.start >= source_end || source.starts_with('&'), "{:?} goes back", c);
            source_end = range.end;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn any_markup_maps_to_its_source(
        pieces in proptest::collection::vec(
            prop_oneof![
                "[一二年月，。X1a ]{1,3}",
                "[*_~`$|<>#+=&;\\[\\]()!\\\\-]{1,4}",
                "(\r|\n|\t|\u{3000}|    |  \n|\n\n){1}",
                "(&amp;|&#20013;|&#10;|&nGt;|<br>|<b>|<!-- |-->|\\]\\(u\\)|1\\. |- |> |# |---\n|\\|-\\|\n|    甲乙|\\[\\^1\\]|\\{#a\\}|:){1}",
            ],
            0..24,
        )
    ) {
        check(&pieces.concat())?;
    }
}
