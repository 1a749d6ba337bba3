//! The server's text is the client's, whatever is typed, and its findings are those of `dinggao check`.
//!
//! `DINGGAO_EDITS=100000 cargo test --release --test lsp syncing` makes so many edits.

use std::env;
use std::fs;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use dinggao::diagnostic::Lang;
use dinggao::document::{Document, Format};
use dinggao::fill;
use dinggao::lint;
use dinggao::lsp::{Action, Checked, Event, Message, Server, Task};
use dinggao::rule::{Catalog, RuleSet};
use dinggao::text::TextRange;
use serde_json::{Value, json};

use crate::client::Client;
use crate::{everything, folder, uri_of};

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../planted/random.rs"]
mod random;
use random::Random;

/// What is typed: parts of drafts, line ends of every kind, characters of every length.
const PIECES: &[&str] = &[
    "完成公务接待",
    "X",
    "××",
    "20××年",
    "人次",
    "____",
    "（",
    "）",
    ")",
    "“",
    "”",
    "《",
    "》",
    "。",
    "，",
    ",",
    "一是",
    "二是",
    "三是",
    "\n一、",
    "\n二、",
    "\n四、",
    "（一）",
    "（三）",
    "联系人：",
    "待定",
    "有三个方面的不足",
    "全面清理腾退超标准办公用房，盘活闲置房产三处，面积一千二百平方米，有效缓解了用房紧张的问题",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\u{2028}",
    "a",
    " ",
    "\t",
    "é",
    "e\u{301}",
    "😀",
    "𠀀",
    "👨‍👩‍👧",
    "\u{fffd}",
    "**",
    "`",
    "```\n",
    "# ",
    "- ",
    "<!-- dinggao: ignore placeholder/mask -->",
    "| ",
    "&times;",
    "\u{0}",
    "\u{feff}",
];

/// An encoding of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Units {
    Utf8,
    Utf16,
    Utf32,
}

impl Units {
    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    fn width(self, units: &[u16]) -> usize {
        match self {
            Self::Utf16 => units.len(),
            Self::Utf8 => String::from_utf16_lossy(units).len(),
            Self::Utf32 => char::decode_utf16(units.iter().copied()).count(),
        }
    }
}

/// The client's side of a document: code units, as most editors have them, halves of characters and all.
struct Model {
    units: Vec<u16>,
    counts: Units,
    version: i32,
}

impl Model {
    fn text(&self) -> String {
        String::from_utf16_lossy(&self.units)
    }

    /// The place of a code unit, by the words of the specification.
    fn place(&self, at: usize) -> Value {
        let (mut line, mut start, mut index) = (0, 0, 0);
        while index < at {
            let is_crlf = self.units[index..].starts_with(&[0x0d, 0x0a]);
            let len = if is_crlf { 2 } else { 1 };
            if matches!(self.units[index], 0x0a | 0x0d) && index + len <= at {
                line += 1;
                start = index + len;
            }
            index += len;
        }
        json!({"line": line, "character": self.counts.width(&self.units[start..at.max(start)])})
    }

    /// Somewhere in the text: never within a line end, and within a character only where code units are counted.
    fn anywhere(&self, random: &mut Random) -> usize {
        loop {
            let at = random.below(self.units.len() + 1);
            let before = at.checked_sub(1).map(|before| self.units[before]);
            let after = self.units.get(at).copied();
            let splits_line_end = (before, after) == (Some(0x0d), Some(0x0a));
            let splits_character = before.is_some_and(|unit| (0xd800..0xdc00).contains(&unit))
                && after.is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
            let may_split = self.counts == Units::Utf16 && random.below(4) == 0;
            if !splits_line_end && (!splits_character || may_split) {
                return at;
            }
        }
    }

    /// Makes a change, and returns it as the protocol has it.
    fn edit(&mut self, random: &mut Random) -> Value {
        let mut units: Vec<u16> =
            (0..random.below(4)).flat_map(|_| random.one_of(PIECES).encode_utf16()).collect();
        if self.counts == Units::Utf16 && random.below(20) == 0 {
            units.push([0xd83d, 0xde00][random.below(2)]);
        }
        if self.units.len() > 1500 || random.below(60) == 0 {
            units.extend((0..random.below(40)).flat_map(|_| random.one_of(PIECES).encode_utf16()));
            self.units = units;
            return json!({"text": Half(&self.units).json()});
        }
        let start = self.anywhere(random);
        let end = if random.below(3) == 0 { start } else { self.anywhere(random) };
        // mostly short ones, as a person types
        let (start, mut end) = (start.min(end), start.max(end));
        if random.below(8) > 0 {
            end = end.min(start + random.below(6));
        }
        while self.units.get(end.wrapping_sub(1)) == Some(&0x0d)
            && self.units.get(end) == Some(&0x0a)
            && end > start
        {
            end -= 1;
        }
        if self.counts != Units::Utf16 {
            while end > start && self.units.get(end).is_some_and(|unit| (0xdc00..0xe000).contains(unit)) {
                end -= 1;
            }
        }
        let range = json!({"start": self.place(start), "end": self.place(end)});
        self.units.splice(start..end, units.iter().copied());
        json!({"range": range, "text": Half(&units).json()})
    }

    /// Makes one to three changes of one new version.
    fn edits(&mut self, random: &mut Random) -> Vec<Value> {
        self.version += 1;
        (0..=random.below(3)).map(|_| self.edit(random)).collect()
    }
}

/// Code units that may have halves of characters among them. `Value` cannot hold those: they stand in it as private
/// characters, which become escapes when the message is written.
struct Half<'a>(&'a [u16]);

impl Half<'_> {
    fn json(&self) -> String {
        let piece = |unit: Result<char, std::char::DecodeUtf16Error>| {
            unit.unwrap_or_else(|half| {
                char::from_u32(0xf0000 + u32::from(half.unpaired_surrogate())).expect("a private character")
            })
        };
        char::decode_utf16(self.0.iter().copied()).map(piece).collect()
    }
}

/// A message as text, with halves of characters as escapes.
fn written(message: &Value) -> String {
    let write = |c: char| match u32::from(c) {
        private @ 0xfd800..=0xfdfff => format!("\\u{:04x}", private - 0xf0000),
        _ => c.to_string(),
    };
    message.to_string().chars().map(write).collect()
}

fn rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| {
        Catalog::builtin().and_then(|catalog| catalog.compile(Lang::En)).expect("sound rules")
    })
}

/// A server in this process, with the least of a world around it.
struct Local {
    server: Server,
    format: Format,
    /// The text that the server last wanted to have checked.
    text: String,
    shown: Value,
}

impl Local {
    fn new(units: Units, format: Format) -> Self {
        let mut local = Self { server: Server::new(), format, text: String::new(), shown: Value::Null };
        let capabilities = json!({"general": {"positionEncodings": [units.name()]}});
        local.receive(&json!({"id": 1, "method": "initialize", "params": {"capabilities": capabilities}}));
        local
    }

    fn receive(&mut self, message: &Value) {
        let message = Message::read(written(message).as_bytes()).expect("a message");
        let mut actions = self.server.receive(message);
        while let Some(action) = actions.pop() {
            match action {
                Action::Do(Task::Check(job)) => {
                    let document = Document::new(job.text.clone(), self.format);
                    let found = lint(&document, rules());
                    let holes = fill::holes(&job.text, &found);
                    let checked = Checked::new(self.format, found, holes, Arc::default());
                    self.text = job.text;
                    let event = Event::Checked { uri: job.uri, revision: job.revision, outcome: Ok(checked) };
                    actions.extend(self.server.happened(event));
                }
                Action::Send(body) => {
                    let message: Value = serde_json::from_slice(&body).expect("JSON");
                    assert_ne!(message["method"], "window/logMessage", "{message}");
                    if message["method"] == "textDocument/publishDiagnostics" {
                        self.shown = message["params"].clone();
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether two texts are the same, but for halves of characters, which only the client has.
fn is_same(model: &Model, text: &str) -> bool {
    let units: Vec<u16> = text.encode_utf16().collect();
    let is_half = |unit: u16| (0xd800..0xe000).contains(&unit);
    let same = |(&a, &b): (&u16, &u16)| a == b || (b == 0xfffd && is_half(a));
    units.len() == model.units.len() && model.units.iter().zip(&units).all(same)
}

/// What check says of a text, as the client of `model` would see it.
fn expected(model: &Model, text: &str, format: Format) -> Value {
    let model = Model { units: text.encode_utf16().collect(), ..*model };
    let unit_of = |offset: usize| text[..offset].encode_utf16().count();
    let place = |offset| model.place(unit_of(offset));
    let found = lint(&Document::new(text.to_owned(), format), rules());
    let shown = found.iter().map(|finding| {
        let TextRange { start, end } = finding.range;
        json!({"range": {"start": place(start), "end": place(end)}, "code": finding.rule.id})
    });
    shown.collect()
}

fn shown(params: &Value) -> Value {
    let found = params["diagnostics"].as_array().expect("a list").iter();
    found.map(|finding| json!({"range": finding["range"], "code": finding["code"]})).collect()
}

fn edits(default: usize) -> usize {
    env::var("DINGGAO_EDITS").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

#[test]
fn text_and_findings_are_the_same_after_every_edit() {
    let document = json!({"uri": "file:///a.txt", "languageId": "plaintext", "version": 0, "text": ""});
    for (number, units) in [Units::Utf8, Units::Utf16, Units::Utf32].into_iter().enumerate() {
        let format = if number == 1 { Format::Markdown } else { Format::Plain };
        let mut random = Random::for_purpose(units.name());
        let mut local = Local::new(units, format);
        local.receive(&json!({"method": "textDocument/didOpen", "params": {"textDocument": document}}));
        let mut model = Model { units: Vec::new(), counts: units, version: 0 };
        for _ in 0..edits(300) / 3 {
            let changes = model.edits(&mut random);
            let document = json!({"uri": "file:///a.txt", "version": model.version});
            let params = json!({"textDocument": document, "contentChanges": changes});
            local.receive(&json!({"method": "textDocument/didChange", "params": params}));
            assert!(is_same(&model, &local.text), "{changes:?}\n{:?}\n{:?}", model.text(), local.text);
            assert_eq!(local.shown["version"], model.version);
            assert_eq!(shown(&local.shown), expected(&model, &local.text, format), "{:?}", local.text);
        }
    }
}

/// What the program itself says of a text: rules and byte offsets.
fn checked(folder: &std::path::Path, text: &str) -> Vec<(String, usize, usize)> {
    fs::write(folder.join("a.txt"), text).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_dinggao"))
        .args(["check", "--output-format", "json", "--encoding", "utf-8", "a.txt"])
        .current_dir(folder)
        .output()
        .expect("the program runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let offset = |place: &Value| usize::try_from(place["offset"].as_u64().expect("a number")).expect("small");
    let finding = |finding: &Value| {
        let range = &finding["range"];
        (finding["rule"].as_str().expect("a rule").to_owned(), offset(&range["start"]), offset(&range["end"]))
    };
    report["diagnostics"].as_array().expect("a list").iter().map(finding).collect()
}

#[test]
fn the_program_itself_says_the_same() {
    let folder = folder(&[]);
    let mut capabilities = everything();
    capabilities["general"]["positionEncodings"] = json!(["utf-16"]);
    let mut client = Client::introduced(folder.path(), &capabilities, &Value::Null);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", "");
    let mut random = Random::for_purpose("program");
    let mut model = Model { units: Vec::new(), counts: Units::Utf16, version: 1 };
    let count = edits(300);
    let mut early = 0;
    for number in 0..count {
        let changes = model.edits(&mut random);
        let params =
            json!({"textDocument": {"uri": uri, "version": model.version}, "contentChanges": changes});
        let message =
            written(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}));
        client.send_bytes(format!("Content-Length: {}\r\n\r\n{message}", message.len()).as_bytes());
        let found = client.findings(&uri, model.version);
        client.next("dinggao/status");
        if number == count / 10 {
            early = memory(&client);
        }
        let text = model.text();
        // the file has no half characters, and its first mark is none of its text
        let is_text =
            is_same(&model, &text) && !text.contains(['\u{fffd}', '\0']) && !text.starts_with('\u{feff}');
        if number % (count / 10).max(1) != 0 || !is_text {
            continue;
        }
        let of_file = checked(folder.path(), &text);
        let unit_of = |offset: usize| text[..offset].encode_utf16().count();
        let told: Vec<Value> = of_file
            .iter()
            .map(|(rule, start, end)| {
                let range = json!({"start": model.place(unit_of(*start)), "end": model.place(unit_of(*end))});
                json!({"range": range, "code": rule})
            })
            .collect();
        assert_eq!(shown(&json!({"diagnostics": found})), json!(told), "{text:?}");
    }
    let late = memory(&client);
    println!("memory of the server: {early} kB after {} edits, {late} kB after {count}", count / 10);
    assert!(late <= early + early / 2, "memory grows: {early} kB, then {late} kB");
}

/// What the server occupies in memory, in kB; 0 where nobody can say.
fn memory(client: &Client) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", client.child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
