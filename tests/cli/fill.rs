//! `dinggao fill`: what is listed, what is written where, and what never is.

use super::*;

const DRAFT: &str = "20××年总结\n\n全年完成公务接待X人次，归档率达到X%。\n推进X双城经济圈建设，X双城经济圈是重大战略。\n联系人：\n";
const KEYS: [&str; 5] = ["年份", "公务接待人次", "归档率百分比", "双城经济圈", "联系人"];
const VALUES: [&str; 5] = ["2026", "1,200", "98.5", "成渝", "李明"];
const FILLED: &str = "2026年总结\n\n全年完成公务接待1,200人次，归档率达到98.5%。\n推进成渝双城经济圈建设，成渝双城经济圈是重大战略。\n联系人：李明\n";

/// The keys with values, in TOML.
fn toml(values: [&str; 5]) -> String {
    let lines = KEYS.iter().zip(values).map(|(key, value)| format!("\"{key}\" = \"{value}\""));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn with_values(values: &str) -> TempDir {
    folder(&[("a.txt", DRAFT.as_bytes()), ("v.toml", values.as_bytes())])
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).expect("the file is there")
}

/// The names of all files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn the_list_has_place_key_type_and_words() {
    let folder = with_values("");
    let run = run(folder.path(), &["fill", "--list", "a.txt", "--lang", "zh"]);
    let line = run.stdout.lines().nth(1).expect("a second line");
    let words: Vec<&str> = line.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
    assert_eq!(words, ["3:9", "公务接待人次", "数量（人次）", "全年完成公务接待⟦X⟧人次，归档率达到X%。"]);
    assert!(run.stdout.ends_with("6 处待填，5 个键。\n"), "{}", run.stdout);
    assert_eq!(run.status, 0);
}

#[test]
fn the_list_has_a_slot_for_each_placeholder_that_check_finds() {
    let folder = folder(&[("a.txt", include_bytes!("../sample/half-year.txt"))]);
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&run(folder.path(), arguments).stdout).expect("JSON")
    };
    let list = json(&["fill", "--list", "a.txt", "--output-format", "json"]);
    let found = json(&["check", "a.txt", "--select", "placeholder", "--output-format", "json"]);
    let listed = list.as_array().expect("an array");
    let found = found["diagnostics"].as_array().expect("an array");
    assert!(listed.len() > 10);
    assert_eq!(listed.len(), found.len());
    for (slot, finding) in listed.iter().zip(found) {
        assert_eq!(slot["type"], finding["placeholder"]["type"]);
        assert_eq!(slot["line"], finding["range"]["start"]["line"]);
    }
}

#[test]
fn a_values_file_is_made_beside_the_draft_and_never_over_another() {
    let folder = with_values("");
    let made = run(folder.path(), &["fill", "--init", "a.txt"]);
    assert_eq!((made.status, made.stdout.as_str()), (0, "wrote a.txt.values.toml: 6 to fill, 5 keys\n"));
    let text = read(&folder, "a.txt.values.toml");
    assert_eq!(text.matches("[[slot]]").count(), 6);
    assert_eq!(text.matches("value = \"\"").count(), 5);
    fs::write(folder.path().join("a.txt.values.toml"), "mine").expect("written");
    let again = run(folder.path(), &["fill", "--init", "a.txt"]);
    assert_eq!(again.stderr, "error: a.txt.values.toml: exists already; to replace it, use --force\n");
    assert_eq!((again.status, read(&folder, "a.txt.values.toml").as_str()), (2, "mine"));
    assert_eq!(run(folder.path(), &["fill", "--init", "a.txt", "--force"]).status, 0);
    assert_eq!(read(&folder, "a.txt.values.toml"), text);
}

#[test]
fn a_filled_draft_goes_to_a_file_to_its_place_or_to_standard_output() {
    let folder = with_values(&toml(VALUES));
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "-o", "b.txt"]);
    assert_eq!((out.status, out.stdout.as_str()), (0, "found nothing in 1 file\n"));
    assert_eq!((read(&folder, "b.txt").as_str(), read(&folder, "a.txt").as_str()), (FILLED, DRAFT));
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml"]);
    assert_eq!((out.stdout.as_str(), out.stderr.as_str()), (FILLED, "found nothing in 1 file\n"));
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "--in-place"]);
    assert_eq!((out.status, read(&folder, "a.txt").as_str()), (0, FILLED));
    assert_eq!(files(folder.path()), ["a.txt", "b.txt", "v.toml"]);
}

#[test]
fn every_mistake_is_told_with_both_places_and_nothing_is_written() {
    let folder = with_values(&toml(["两千", "很多", "120", "成渝", "李明"]));
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "--in-place", "--lang", "zh"]);
    assert_eq!(
        out.stderr,
        "错误：v.toml:2: “很多”填不进“公务接待人次”：应为数，如“1200”“1.2万”“一千二百”（稿件 a.txt:3:9）\n\
         错误：v.toml:3: “120”填不进“归档率百分比”：应为 0 到 100 的数；如果确实超出，把这一处的 type 改为 \"count\"（稿件 a.txt:3:18）\n\
         提示：没有写入任何文件\n"
    );
    assert_eq!((out.status, read(&folder, "a.txt").as_str()), (2, DRAFT));
    let broken = with_values("\"年份\" = \n");
    assert!(
        run(broken.path(), &["fill", "a.txt", "--values", "v.toml"]).stderr.starts_with("error: v.toml:1: ")
    );
}

#[test]
fn keys_that_are_unknown_twice_or_missing_are_told() {
    let mut keys = toml(VALUES).replace("联系人", "联络人");
    keys += "\"联络人\" = \"王芳\"\n";
    let folder = with_values(&keys);
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml"]);
    assert!(out.stderr.contains("v.toml:6: duplicate key"), "{}", out.stderr);
    let csv = "年份,公务接待人次,公务接待人次,联络人\n2026,1,2,李明\n";
    let folder = super::folder(&[("a.txt", DRAFT.as_bytes()), ("v.csv", csv.as_bytes())]);
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.csv", "-o", "b.txt"]);
    for expected in [
        "error: a.txt:3:18: there is no value for `归档率百分比`; to fill the others, use --partial (values v.csv)\n",
        "error: a.txt:5:5: there is no value for `联系人`; to fill the others, use --partial (values v.csv)\n",
        "error: v.csv:1: the draft has no key `联络人`; it has: ",
        "error: v.csv:1: `公务接待人次` is used twice, first on line 1\n",
    ] {
        assert!(out.stderr.contains(expected), "{expected}\n{}", out.stderr);
    }
    assert_eq!((out.status, files(folder.path())), (2, vec!["a.txt".to_owned(), "v.csv".to_owned()]));
}

#[test]
fn what_is_there_is_filled_and_what_is_left_reported() {
    let folder = with_values("\"联系人\" = \"李明\"\n");
    let out = run(
        folder.path(),
        &["fill", "a.txt", "--values", "v.toml", "--partial", "--in-place", "--output-format", "short"],
    );
    assert_eq!((out.status, out.stdout.lines().count()), (1, 5));
    assert!(out.stdout.starts_with("a.txt:1:1: error[placeholder/mask]"), "{}", out.stdout);
    assert_eq!(read(&folder, "a.txt"), DRAFT.replace("联系人：", "联系人：李明"));
}

#[test]
fn a_dry_run_shows_what_would_change_and_writes_nothing() {
    let folder = with_values(&toml(VALUES));
    let arguments = ["fill", "a.txt", "--values", "v.toml", "--in-place", "--dry-run"];
    let out = run(folder.path(), &arguments);
    assert!(out.stdout.contains("a.txt:1 - 20××年总结\n"), "{}", out.stdout);
    assert!(out.stdout.contains("a.txt:5 + 联系人：李明\n"), "{}", out.stdout);
    assert_eq!((out.status, read(&folder, "a.txt").as_str()), (0, DRAFT));
    let colored = run(folder.path(), &[&arguments[..], &["--color", "always"]].concat());
    assert!(colored.stdout.contains("\x1b[32m\x1b[7m李明\x1b[0m"), "{}", colored.stdout);
}

#[test]
fn the_bytes_between_the_slots_stay_in_every_encoding() {
    let (text, filled) = (DRAFT.replace('\n', "\r\n"), FILLED.replace('\n', "\r\n"));
    let encoders: [fn(&str) -> Vec<u8>; 3] = [
        |text| encoding_rs::GBK.encode(text).0.into_owned(),
        |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
        |text| format!("\u{feff}{text}").into_bytes(),
    ];
    for encode in encoders {
        let folder = folder(&[("a.txt", &encode(&text)), ("v.toml", toml(VALUES).as_bytes())]);
        let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "--in-place"]);
        assert_eq!((out.status, out.stderr.as_str()), (0, ""));
        assert_eq!(fs::read(folder.path().join("a.txt")).expect("the file"), encode(&filled));
    }
}

#[test]
fn a_file_that_exists_is_replaced_only_if_forced() {
    let folder = with_values(&toml(VALUES));
    fs::write(folder.path().join("b.txt"), "mine").expect("written");
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "-o", "b.txt"]);
    assert_eq!((out.status, read(&folder, "b.txt").as_str()), (2, "mine"));
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "-o", "b.txt", "--force"]);
    assert_eq!((out.status, read(&folder, "b.txt").as_str()), (0, FILLED));
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "-o", "nowhere/b.txt"]);
    assert_eq!((out.status, out.stderr.as_str()), (2, "error: nowhere/b.txt: no such file or folder\n"));
}

#[test]
#[cfg(unix)]
fn permissions_stay_and_symbolic_links_are_not_followed_unasked() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = with_values(&toml(VALUES));
    let at = |name: &str| folder.path().join(name);
    fs::set_permissions(at("a.txt"), fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("a.txt", at("link.txt")).expect("a link");
    let out = run(folder.path(), &["fill", "link.txt", "--values", "v.toml", "--in-place"]);
    assert!(out.stderr.contains("is a symbolic link"), "{}", out.stderr);
    assert_eq!((out.status, read(&folder, "a.txt").as_str()), (2, DRAFT));
    let out =
        run(folder.path(), &["fill", "link.txt", "--values", "v.toml", "--in-place", "--follow-symlinks"]);
    assert_eq!((out.status, read(&folder, "a.txt").as_str()), (0, FILLED));
    assert_eq!(fs::metadata(at("a.txt")).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(at("link.txt")).expect("a link").is_symlink());
    symlink("new.txt", at("out.txt")).expect("a link");
    let out = run(folder.path(), &["fill", "a.txt", "--values", "v.toml", "-o", "out.txt", "--force"]);
    assert_eq!((out.status, at("new.txt").exists()), (2, false));
}

#[test]
fn a_table_makes_a_file_a_row_and_lists_the_rows_that_fail() {
    let template = "{{姓名}}同志：\n请于X月X日到会，补助X元。\n";
    let table = "姓名,到会日期,补助元,序号\n李明,3月1日,200,1\n王芳,2月30日,200,2\n张伟,3月2日,三百,3\n李明,3月3日,200,1\n赵敏,3月3日,200,a/b\n孙丽,3月3日,200\n";
    let draft = super::folder(&[("t.txt", template.as_bytes())]);
    let keys = run(draft.path(), &["fill", "--list", "t.txt", "--output-format", "json"]).stdout;
    let keys: Vec<serde_json::Value> = serde_json::from_str(&keys).expect("JSON");
    let key = |index: usize| keys[index]["key"].as_str().expect("a key");
    let table = table.replace("到会日期", key(1)).replace("补助元", key(2));
    let folder = super::folder(&[("t.txt", template.as_bytes()), ("t.csv", table.as_bytes())]);
    let out = run(folder.path(), &["fill", "t.txt", "--values", "t.csv", "-o", "out/{序号}-{姓名}.txt"]);
    assert_eq!(files(&folder.path().join("out")), ["1-李明.txt", "3-张伟.txt"]);
    assert_eq!(read(&folder, "out/3-张伟.txt"), "张伟同志：\n请于3月2日到会，补助三百元。\n");
    for expected in [
        "error: t.csv:3: `2月30日` does not fit ",
        "error: t.csv:5: goes to the same file as line 2, out/1-李明.txt\n",
        "error: t.csv:6: `a/b` in the column `序号` cannot be part of a file name\n",
        "error: t.csv:7: this row has 3 cells, and the header 4\n",
        "note: wrote 2; 4 rows failed\n",
    ] {
        assert!(out.stderr.contains(expected), "{expected}\n{}", out.stderr);
    }
    assert_eq!(out.status, 2);
}

#[test]
fn the_same_values_come_from_every_format() {
    let keys = KEYS.join(",");
    let quoted = VALUES.map(|value| format!("\"{value}\"")).join(",");
    let members: Vec<String> =
        KEYS.iter().zip(VALUES).map(|(key, value)| format!("\"{key}\": \"{value}\"")).collect();
    let json = format!("{{{}}}", members.join(",\n"));
    let csv = format!("{keys}\r\n{quoted}\r\n");
    let gbk = encoding_rs::GBK.encode(&csv).0.into_owned();
    let xlsx = workbook(&[&KEYS, &VALUES]);
    let folder = folder(&[
        ("a.txt", DRAFT.as_bytes()),
        ("v.json", json.as_bytes()),
        ("rows.json", format!("[{json}]").as_bytes()),
        ("v.csv", csv.as_bytes()),
        ("gbk.csv", &gbk),
        ("v.xlsx", &xlsx),
    ]);
    for values in ["v.json", "rows.json", "v.csv", "gbk.csv", "v.xlsx"] {
        let out = run(folder.path(), &["fill", "a.txt", "--values", values]);
        assert_eq!((out.status, out.stdout.as_str()), (0, FILLED), "{values}: {}", out.stderr);
    }
}

/// A workbook with one sheet of strings.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |cells: &&[&str]| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
    let sheet: String = rows.iter().map(row).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    stored_zip(&[
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"s\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ])
}

/// A ZIP file without compression.
fn stored_zip(files: &[(&str, String)]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let offset = u32::try_from(body.len()).expect("small");
        let size = u32::try_from(text.len()).expect("small").to_le_bytes();
        let mut header = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        header.extend(crc32(text.as_bytes()).to_le_bytes());
        header.extend([size, size].concat());
        header.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
        header.extend([0, 0]);
        body.extend(*b"PK\x03\x04");
        body.extend(&header);
        body.extend(name.as_bytes());
        body.extend(text.as_bytes());
        directory.extend(*b"PK\x01\x02\x14\0");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).expect("few").to_le_bytes();
    let end = [directory.len(), body.len()].map(|n| u32::try_from(n).expect("small").to_le_bytes());
    body.extend(directory);
    body.extend(*b"PK\x05\x06\0\0\0\0");
    body.extend([count, count].concat());
    body.extend(end.concat());
    body.extend([0, 0]);
    body
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// Runs `fill -i` with answers typed in.
fn answer(folder: &Path, arguments: &[&str], answers: &str) -> Run {
    type_in(&mut program(folder, &[&["fill", "-i", "a.txt"], arguments].concat()), answers)
}

#[test]
fn by_hand_there_is_back_and_skip_and_what_does_not_fit_is_asked_again() {
    let folder = with_values("");
    let first = answer(folder.path(), &[], "2025\n<\n2026\n很多\n1,200\n\n");
    assert!(first.stderr.contains("1/5  a.txt:1:1  年份  a date\n  ⟦20××⟧年总结\n"), "{}", first.stderr);
    assert!(first.stderr.contains("[2025]> "), "{}", first.stderr);
    assert!(first.stderr.contains("error: expected a number"), "{}", first.stderr);
    assert!(first.stderr.ends_with("a.txt.values.toml: 2 of 5 answered\n"), "{}", first.stderr);
    // taken up again: Enter takes what is there
    let second = answer(folder.path(), &["--in-place"], "\n\n98.5\n成渝\n李明\n");
    assert_eq!((second.status, read(&folder, "a.txt").as_str()), (0, FILLED), "{}", second.stderr);
}

#[test]
fn by_hand_an_earlier_answer_is_offered_for_the_same_words() {
    let folder = folder(&[("a.txt", "上午接待X人次，忙。\n下午又接待X人次。\n".as_bytes())]);
    let out = answer(folder.path(), &["-o", "-"], "12\n\n");
    assert!(out.stderr.contains("[12]> "), "{}", out.stderr);
    assert_eq!(out.stdout, "上午接待12人次，忙。\n下午又接待12人次。\n");
}

#[test]
fn by_hand_what_was_answered_is_kept_when_the_program_is_stopped() {
    let folder = with_values("");
    let mut child = program(folder.path(), &["fill", "-i", "a.txt"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.as_mut().expect("a pipe").write_all("2026\n1,200\n".as_bytes()).expect("the program reads");
    let mut errors = std::io::BufReader::new(child.stderr.take().expect("a pipe"));
    let mut seen = String::new();
    while !seen.contains("3/5") {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut errors, &mut line).expect("the program asks");
        seen.push_str(&line);
    }
    // harder than Ctrl-C stops it
    child.kill().expect("SIGKILL");
    assert!(!child.wait().expect("the program ends").success());
    let out = answer(folder.path(), &["--in-place"], "\n\n98.5\n成渝\n李明\n");
    assert_eq!((out.status, read(&folder, "a.txt").as_str()), (0, FILLED), "{}", out.stderr);
}
