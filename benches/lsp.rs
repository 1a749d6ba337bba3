//! Keystroke to findings, through a real client and a real server.
//!
//! `cargo bench --bench lsp` types into a draft of 10,000 characters and one of 100,000 and prints the median and the
//! 99th percentile of the time from sending a change to having read what is found in it.
//! `cargo bench --bench lsp -- --against 'typos-lsp'` does the same with another language server in the same run, and
//! `--edits N` types more or less than a thousand times.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

#[allow(dead_code, reason = "the tests need more of it")]
#[path = "../tests/lsp/client.rs"]
mod client;
#[allow(dead_code, reason = "the tests need more of it")]
#[path = "../tests/planted/random.rs"]
mod random;

use client::{Client, uri};
use random::Random;

/// Clauses with nothing to find, of which paragraphs are made.
const CLAUSES: [&str; 24] = [
    "坚持问题导向",
    "深入基层一线开展调查研究",
    "认真听取群众意见建议",
    "逐项研究解决办法",
    "建立台账清单",
    "明确责任单位和完成时限",
    "推动各项任务落到实处",
    "得到了干部群众的充分肯定",
    "窗口服务更加规范有序",
    "办事材料进一步精简",
    "老旧小区改造稳步推进",
    "农村道路养护全面加强",
    "灌溉渠系年久失修的问题得到解决",
    "乡镇卫生院添置了新设备",
    "中小学食堂全部完成改建",
    "防汛物资储备充足",
    "值班制度执行到位",
    "企业反映的用工难题有了着落",
    "招商项目陆续开工",
    "财政资金使用更加透明",
    "档案整理工作按期完成",
    "信访积案逐件化解",
    "图书馆延长了开放时间",
    "困难家庭走访慰问不漏一户",
];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let edits = value("--edits").and_then(|count| count.parse().ok()).unwrap_or(1000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!(
        "{:24} {:>10} {:>9} {:>10} {:>10} {:>10}",
        "", "characters", "findings", "median", "p99", "longest"
    );
    for characters in [10_000, 100_000] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dinggao"));
        command.arg("lsp");
        measure("dinggao", &mut command, folder.path(), characters, edits);
        if let Some(other) = value("--against") {
            let mut words = other.split_whitespace();
            let name = words.next().expect("a command");
            let mut command = Command::new(name);
            command.args(words).stderr(Stdio::null());
            measure(name.rsplit('/').next().unwrap_or(name), &mut command, folder.path(), characters, edits);
        }
    }
}

/// A draft of so many characters: mostly sound paragraphs, each its own, and lines of the sample with their defects.
fn draft(characters: usize) -> String {
    let sample: Vec<&str> = include_str!("../tests/sample/half-year.txt").lines().collect();
    let mut random = Random::for_purpose("a draft");
    let (mut draft, mut length) = (String::new(), 0);
    while length < characters {
        let paragraph = if random.below(6) == 0 {
            (*random.one_of(&sample)).to_owned()
        } else {
            let clauses: Vec<&str> = (0..6 + random.below(6)).map(|_| *random.one_of(&CLAUSES)).collect();
            clauses.join("，") + "。"
        };
        length += paragraph.chars().count() + 1;
        draft += &paragraph;
        draft.push('\n');
    }
    draft.chars().take(characters).collect()
}

fn measure(name: &str, command: &mut Command, folder: &Path, characters: usize, edits: usize) {
    let mut client = Client::spawn(command.current_dir(folder));
    let capabilities = json!({"textDocument": {"publishDiagnostics": {
        "relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true, "dataSupport": true,
    }}});
    client.introduce(folder, &capabilities, &Value::Null);
    let uri = uri(&folder.join("draft.md"));
    let text = draft(characters);
    let mut lines: Vec<Vec<char>> = text.split('\n').map(|line| line.chars().collect()).collect();
    let document = json!({"uri": uri, "languageId": "markdown", "version": 0, "text": text});
    client.notify("textDocument/didOpen", &json!({"textDocument": document}));
    let mut findings = published(&mut client, &uri, 0);
    let mut random = Random::for_purpose("typing");
    let mut times = Vec::with_capacity(edits);
    for version in 1..=edits {
        let change = keystroke(&mut lines, &mut random);
        let begun = Instant::now();
        client.change(&uri, i32::try_from(version).expect("few edits"), &json!([change]));
        findings = published(&mut client, &uri, version);
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| milliseconds(times[(times.len() * share / 100).min(times.len() - 1)]);
    let (median, late, longest) = (at(50), at(99), at(100));
    println!("{name:24} {characters:>10} {findings:>9} {median:>10} {late:>10} {longest:>10}");
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Types or deletes a character somewhere, and returns the change as the protocol has it.
fn keystroke(lines: &mut [Vec<char>], random: &mut Random) -> Value {
    let line = random.below(lines.len());
    let column = random.below(lines[line].len() + 1);
    let place = |column: usize| json!({"line": line, "character": column});
    if random.below(4) == 0 && column < lines[line].len() {
        lines[line].remove(column);
        return json!({"range": {"start": place(column), "end": place(column + 1)}, "text": ""});
    }
    let typed = *random.one_of(&['的', '是', '工', '，', '。', '一', 'X', '（', '”']);
    lines[line].insert(column, typed);
    json!({"range": {"start": place(column), "end": place(column)}, "text": typed})
}

/// How much is found in a version, once that is told. Not every server says which version it speaks of.
fn published(client: &mut Client, uri: &str, version: usize) -> usize {
    loop {
        let message = client.receive();
        let params = &message["params"];
        let is_meant = message["method"] == "textDocument/publishDiagnostics"
            && params["uri"] == uri
            && (params["version"] == version || params["version"].is_null());
        if is_meant {
            return params["diagnostics"].as_array().map_or(0, Vec::len);
        }
        if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
            // a server that asks for settings is content with none
            client.send(&json!({"jsonrpc": "2.0", "id": id, "result": [{}]}));
        }
    }
}
