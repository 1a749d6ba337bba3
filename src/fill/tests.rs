//! Drafts, filled.

use super::*;
use crate::diagnostic::Lang;
use crate::rule::{Catalog, SourceFile};

fn draft(text: &str) -> Draft {
    read(text.into(), None)
}

fn read(bytes: Vec<u8>, encoding: Option<&str>) -> Draft {
    let rules = Catalog::builtin().unwrap().compile(Lang::Zh).unwrap();
    Draft::new(bytes, encoding.map(|label| label.parse().unwrap()), Format::Plain, &rules).unwrap()
}

fn values(text: &str) -> ValuesFile {
    ValuesFile::parse(SourceFile::new("v.toml", text)).unwrap()
}

/// The draft with what a values file says in it, or the problems as `line@offset message`.
fn filled(draft: &Draft, text: &str) -> Result<String, Vec<String>> {
    let file = values(text);
    let filled = Binding::new(draft, &file.sheet.fields, false, &[])
        .and_then(|binding| binding.fill(draft, file.row()));
    let told = |problem: Problem| {
        let number = |n: Option<usize>| n.map_or(String::new(), |n| n.to_string());
        format!("{}@{} {}", number(problem.line), number(problem.offset), problem.message.en)
    };
    let filled = filled.map_err(|problems| problems.into_iter().map(told).collect::<Vec<_>>())?;
    Ok(decode(filled, Some(draft.encoding())).unwrap().text)
}

/// The draft with the same value in every hole.
fn with_all(text: &str, value: &str) -> String {
    let draft = draft(text);
    let bytes = draft.fill(&vec![Some(value); draft.holes().len()]).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_value_goes_where_a_person_would_write_it() {
    for (text, expected) in [
        ("全年接待X人次，投入×××万元。", "全年接待甲人次，投入甲万元。"),
        ("联系人：\n电  话：      \n", "联系人：甲\n电  话：甲\n"),
        ("出租方（甲方）：          联系方式：      \n", "出租方（甲方）：甲 联系方式：甲\n"),
        ("结算方式及期限：    。", "结算方式及期限：甲。"),
        ("不计税总金额：元", "不计税总金额：甲元"),
        ("根据《　》的规定，合同总价为____元。", "根据《甲》的规定，合同总价为甲元。"),
        ("（大写）人民币元整（￥.00元）", "（大写）人民币甲元整（￥甲元）"),
        ("自    年  月  日起", "自甲起"),
        ("首先，请看视频。\n  …………………………\n下面", "首先，请看视频。\n  甲\n下面"),
        ("法定代表人（签字）：________\n甲方（盖章）：\n", "法定代表人（签字）：甲\n甲方（盖章）：甲\n"),
        ("本人（姓名）系        （供应商名称）的法定代表人。", "本人甲系甲的法定代表人。"),
        ("会议时间：待定。某某同志", "会议时间：甲。甲同志"),
        ("[主送单位]：", "甲："),
    ] {
        assert_eq!(with_all(text, "甲"), expected);
    }
}

#[test]
fn a_value_replaces_its_hole_and_no_other_byte() {
    let text = "一、接待×批X人次。\r\n二、签订日期：____年__月__日\r末";
    let values = "\"接待数\" = 3\n\"批人次\" = \"1,200\"\n签订日期 = \"2026年3月1日\"\n"
        .replace("签订日期 =", "\"签订日期\" =");
    let keys: Vec<String> = draft(text).holes().iter().map(|hole| hole.key.clone()).collect();
    let values = values.replace("接待数", &keys[0]).replace("批人次", &keys[1]);
    assert_eq!(
        filled(&draft(text), &values).unwrap(),
        "一、接待3批1,200人次。\r\n二、签订日期：2026年3月1日\r末"
    );
}

#[test]
fn a_signature_is_for_a_pen_and_no_value_is_missed() {
    let draft = draft("法定代表人（签字）：________\n");
    assert!(!draft.holes()[0].required);
    assert_eq!(filled(&draft, "").unwrap(), draft.text());
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_both_places() {
    let draft = draft("接待X人次，归档率达到X%。\n联系人：\n");
    assert_eq!(
        filled(
            &draft,
            "\"接待人次\" = \"很多\"\n\"归档率百分比\" = 120\n联 = 1\n".replace("联 =", "\"联\" =").as_str()
        )
        .unwrap_err(),
        [
            "@49 there is no value for `联系人`; to fill the others, use --partial",
            "3@ the draft has no key `联`; it has: 归档率百分比、接待人次、联系人",
        ]
    );
    assert_eq!(
        filled(&draft, "\"接待人次\" = \"很多\"\n\"归档率百分比\" = 120\n\"联系人\" = \"李明\"\n")
            .unwrap_err(),
        [
            "1@6 `很多` does not fit `接待人次`: expected a number, such as 1200, 1.2万 or 一千二百",
            "2@31 `120` does not fit `归档率百分比`: expected a number from 0 to 100; if it is meant to be beyond, \
             set the type of this place to \"count\"",
        ]
    );
}

#[test]
fn a_type_can_be_said_otherwise() {
    let draft = draft("产值增长X%。");
    let key = &draft.holes()[0].key;
    assert_eq!(filled(&draft, &format!("\"{key}:count\" = 120\n")).unwrap(), "产值增长120%。");
}

/// The blank values file of a draft with values put in, in the order of its entries.
fn filled_in(draft: &Draft, entries: &[&str]) -> ValuesFile {
    let mut file = values(&blank(draft, ("d.txt", "d.values.toml"), Lang::Zh));
    for (field, value) in entries.iter().enumerate() {
        file.set(field, value).unwrap();
    }
    file
}

/// What comes of a values file for a draft that has changed since: the text, or the problems in English.
fn refilled(text: &str, file: &ValuesFile, partial: bool) -> Result<String, Vec<String>> {
    let draft = draft(text);
    let filled = Binding::new(&draft, &file.sheet.fields, partial, &[])
        .and_then(|binding| binding.fill(&draft, file.row()));
    let filled = filled
        .map_err(|problems| problems.into_iter().map(|problem| problem.message.en).collect::<Vec<_>>())?;
    Ok(String::from_utf8(filled).unwrap())
}

#[test]
fn a_values_file_has_an_entry_for_each_hole_and_a_value_for_each_key() {
    let text = blank(
        &draft("推进X双城经济圈建设。\n接待X人次，X双城经济圈。\n"),
        ("a.txt", "a.values.toml"),
        Lang::Zh,
    );
    let (_, entries) = text.split_once("\n\n").unwrap();
    assert_eq!(
        entries,
        "# 第 1 行第 3 列，文字：推进⟦X⟧双城经济圈建设。\n[[slot]]\nkey = \"双城经济圈\"\ntype = \"phrase\"\n\
         at = \"推进⟦X⟧双城经济圈建设。⏎接待…人次\"\nvalue = \"\"\n\
         \n# 第 2 行第 3 列，数量（人次）：接待⟦X⟧人次，X双城经济圈。\n[[slot]]\nkey = \"接待人次\"\ntype = \"count\"\n\
         at = \"推进…双城经济圈建设。⏎接待⟦X⟧人次，…双城经济圈。⏎\"\nvalue = \"\"\n\
         \n# 第 2 行第 7 列，文字：接待X人次，⟦X⟧双城经济圈。\n[[slot]]\nkey = \"双城经济圈\"\ntype = \"phrase\"\n\
         at = \"城经济圈建设。⏎接待…人次，⟦X⟧双城经济圈。⏎\"\n"
    );
}

#[test]
fn keys_can_be_split_and_joined_by_hand() {
    let draft = draft("推进X双城经济圈建设。\nX双城经济圈。\n接待X人次，接待X人次。\n");
    let file = filled_in(&draft, &["成渝", "沪杭", "12", ""]);
    let text = file.text();
    assert_eq!(
        refilled(draft.text(), &file, false).unwrap_err(),
        ["one key has two values: `成渝`, and `沪杭` on line 16", "`接待人次-2` has no value yet"]
    );
    let (head, tail) = text.rsplit_once("双城经济圈\"\ntype").unwrap();
    let split = format!("{head}另一个圈\"\ntype{tail}").replace("接待人次-2", "接待人次");
    assert_eq!(
        refilled(draft.text(), &values(&split), false).unwrap(),
        "推进成渝双城经济圈建设。\n沪杭双城经济圈。\n接待12人次，接待12人次。\n"
    );
}

#[test]
fn what_a_person_wrote_into_a_values_file_stays() {
    let draft = draft("接待X人次。");
    let text =
        blank(&draft, ("a.txt", "v.toml"), Lang::Zh).replace("value = \"\"", "# 问老王\nvalue = '' # 九月数");
    let mut file = values(&text);
    file.set(0, "一\"二\\三").unwrap();
    assert_eq!(file.text(), text.replace("''", "\"一\\\"二\\\\三\""));
    assert_eq!(file.row().cells[0].text, "一\"二\\三");
}

#[test]
fn a_draft_that_has_changed_is_filled_where_its_holes_are_found_again() {
    let before = "一、概况\n全年完成公务接待X人次。\n二、党建\n排查廉政风险点X项，整改问题X个。\n";
    let file = filled_in(&draft(before), &["1200", "36", "15"]);
    for after in [
        // moved, with text put in and taken out
        "二、党建\n排查廉政风险点X项，整改问题X个。\n一、概况\n全年完成公务接待X人次。\n",
        "前言\n\n一、概况\n上半年共完成公务接待X人次，同比下降。\n二、党的建设\n排查廉政风险点X项，整改问题X个。\n",
        // one filled by hand
        "一、概况\n全年完成公务接待1300人次。\n二、党建\n排查廉政风险点X项，整改问题X个。\n",
        "一、概况\n全年完成公务接待X人次。\n二、党建\n排查廉政风险点三十项，整改问题X个。\n",
    ] {
        let expected =
            after.replace("接待X", "接待1200").replace("风险点X", "风险点36").replace("问题X", "问题15");
        assert_eq!(refilled(after, &file, false).unwrap(), expected);
    }
}

#[test]
fn a_hole_that_cannot_be_told_from_another_is_refused() {
    let file = filled_in(&draft("甲组接待X人次。\n乙组接待X人次。\n"), &["1", "2"]);
    let found =
        refilled("联系乙组接待X人次。\n乙组接待X人次。\n乙组接待X人次。\n", &file, false).unwrap_err();
    assert!(found.iter().any(|problem| problem.contains("may be one of several places")), "{found:?}");
    let found = refilled("甲组接待X人次。\n乙组接待X人次。\n丙组发放X份。\n", &file, false).unwrap_err();
    assert!(found[0].starts_with("the values file does not have this place"), "{found:?}");
    let filled = refilled("甲组接待X人次。\n乙组接待X人次。\n丙组发放X份。\n", &file, true).unwrap();
    assert_eq!(filled, "甲组接待1人次。\n乙组接待2人次。\n丙组发放X份。\n");
}

#[test]
fn of_two_that_may_have_been_meant_neither_is_filled() {
    let file = filled_in(
        &draft("甲组全年接待公务人员X人次，其中外宾二人。\n\n\n乙组全年接待公务人员X人次，其中外宾三人。\n"),
        &["1", "2"],
    );
    let found = refilled("丙组全年接待公务人员X人次，没有外宾。\n", &file, false).unwrap_err();
    assert!(found.iter().any(|problem| problem.contains("may be one of several places")), "{found:?}");
}

#[test]
fn a_character_that_the_encoding_lacks_is_told_with_both_places() {
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let draft = read(gbk("联系人：\n接待X人次。\n"), Some("gbk"));
    assert_eq!(
        filled(&draft, "\"联系人\" = \"李𠀀明\"\n\"接待人次\" = 3").unwrap_err(),
        ["1@12 the draft is in GBK, which has no “𠀀”"]
    );
    assert_eq!(
        filled(&draft, "\"联系人\" = \"李明\"\n\"接待人次\" = 3").unwrap(),
        "联系人：李明\n接待3人次。\n"
    );
}

#[test]
fn a_value_over_several_lines_has_the_line_ends_of_the_draft() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("请看视频。{end}……………………{end}");
        assert_eq!(with_all(&text, "甲\n乙\r\n丙"), format!("请看视频。{end}甲{end}乙{end}丙{end}"));
    }
}

#[test]
fn an_encoding_that_cannot_be_changed_in_places_is_refused() {
    let rules = Catalog::builtin().unwrap().compile(Lang::Zh).unwrap();
    let asked = "iso-2022-jp".parse().unwrap();
    let refused = Draft::new(b"X".to_vec(), Some(asked), Format::Plain, &rules).unwrap_err();
    assert_eq!(refused, DraftError::Stateful(asked));
}
