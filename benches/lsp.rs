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

/// A paragraph with nothing to find, and its share of a draft.
const SOUND: &str = "我们坚持问题导向，深入基层一线开展调查研究，认真听取群众意见建议，逐项研究解决办法，建立台账清单，\
    明确责任单位和完成时限，推动各项任务落到实处，得到了广大干部群众的充分肯定和一致好评，为全年工作打下了良好基础。\n";

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

/// A draft of so many characters: mostly sound, with the defects of the sample all over it.
fn draft(characters: usize) -> String {
    let sample = include_str!("../tests/sample/half-year.txt");
    let mut draft = String::new();
    let mut length = 0;
    for copy in 0.. {
        let paragraph = SOUND.replace('。', &format!("（{copy}）。"));
        let piece =
            if copy % 24 == 0 { sample.replace('。', &format!("（{copy}）。")) } else { paragraph };
        length += piece.chars().count();
        draft += &piece;
        if length >= characters {
            break;
        }
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
