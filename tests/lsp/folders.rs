//! All drafts of a folder.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::Client;
use crate::{UNFINISHED, folder, rules, server, uri_of, write};

fn check_folder(client: &mut Client, argument: &Value) -> i64 {
    client.request(
        "workspace/executeCommand",
        &json!({"command": "dinggao.checkFolder", "arguments": [argument]}),
    )
}

/// The rules that are shown for a file that is not open, as they are told next.
fn shown(client: &mut Client, uri: &str) -> Vec<String> {
    let is_meant = |message: &Value| {
        message["method"] == "textDocument/publishDiagnostics"
            && message["params"]["uri"] == uri
            && message["params"].get("version").is_none()
    };
    let message = client.find(is_meant);
    let found = message["params"]["diagnostics"].as_array().expect("a list");
    rules(found).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_folder_is_checked_as_by_the_command() {
    let folder = folder(&[
        ("a.txt", UNFINISHED),
        ("clean.txt", "全年完成接待三百人次。\n"),
        ("deep/b.md", "一是健全制度。三是强化监督，完成×项。\n"),
        ("old/c.txt", UNFINISHED),
        ("notes.log", UNFINISHED),
        ("dinggao.toml", "exclude = ['old/']\n"),
        (
            "dinggao.allow.toml",
            "[[allow]]\npath = 'gone.txt'\nrule = 'pair/width'\nhash = '0123456789abcdef'\nreason = '会后补'\n",
        ),
    ]);
    let (gbk, _, _) = encoding_rs::GBK.encode("接待X人次，（见附件1)。\n");
    fs::write(folder.path().join("gbk.txt"), &gbk).expect("a file");
    fs::write(folder.path().join("broken.txt"), b"\xe5\xae\x8c\xe6\x88\xff\xe5\xae\x8c").expect("a file");
    let mut client = server(&folder);
    let id = check_folder(&mut client, &json!({}));
    let request = client.next("window/workDoneProgress/create");
    client.send(&json!({"jsonrpc": "2.0", "id": request["id"], "result": null}));
    let answer = client.answer(id)["result"].clone();
    assert_eq!(shown(&mut client, &uri_of(&folder, "a.txt")), ["placeholder/mask"]);
    assert_eq!(shown(&mut client, &uri_of(&folder, "deep/b.md")), ["sequence/missing", "placeholder/mask"]);
    assert_eq!(shown(&mut client, &uri_of(&folder, "gbk.txt")), ["placeholder/mask", "pair/width"]);
    assert_eq!(shown(&mut client, &uri_of(&folder, "dinggao.allow.toml")), ["suppression/unused"]);
    let unread = answer["unread"].as_array().expect("a list");
    assert_eq!(unread.len(), 1);
    assert_eq!(unread[0]["uri"], uri_of(&folder, "broken.txt"));

    let checked = Command::new(env!("CARGO_BIN_EXE_dinggao"))
        .args(["check", "--output-format", "json"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let report: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    for count in ["errors", "warnings", "infos"] {
        assert_eq!(answer[count], report["summary"][count], "{count}");
    }
    assert_eq!((&answer["files"], &answer["holes"]), (&json!(4), &json!(3)));
}

#[test]
fn what_is_shown_of_files_follows_them() {
    let folder = folder(&[("a.txt", UNFINISHED), ("b.txt", UNFINISHED), ("c.txt", UNFINISHED)]);
    let mut client = server(&folder);
    let uri = |name: &str| uri_of(&folder, name);
    // what is open counts as it is in the editor
    client.open(&uri("c.txt"), "plaintext", "全年完成接待三百人次。\n");
    let id = check_folder(&mut client, &Value::Null);
    assert_eq!(client.answer(id)["result"]["errors"], 2);
    for name in ["a.txt", "b.txt"] {
        assert_eq!(shown(&mut client, &uri(name)), ["placeholder/mask"], "{name}");
    }
    // a file that is closed shows what is in it
    client.notify("textDocument/didClose", &json!({"textDocument": {"uri": uri("c.txt")}}));
    assert_eq!(shown(&mut client, &uri("c.txt")), Vec::<String>::new());
    assert_eq!(shown(&mut client, &uri("c.txt")), ["placeholder/mask"]);
    write(folder.path(), "a.txt", "全年完成接待三百人次，培训×人，参观×人。\n");
    fs::remove_file(folder.path().join("b.txt")).expect("it is there");
    let changes = json!([{"uri": uri("a.txt"), "type": 2}, {"uri": uri("b.txt"), "type": 3}]);
    client.notify("workspace/didChangeWatchedFiles", &json!({"changes": changes}));
    assert_eq!(shown(&mut client, &uri("b.txt")), Vec::<String>::new());
    assert_eq!(shown(&mut client, &uri("a.txt")), ["placeholder/mask", "placeholder/mask"]);
    write(folder.path(), "a.txt", "全年完成接待三百人次。\n");
    let id = check_folder(&mut client, &json!({"uri": crate::client::uri(folder.path())}));
    assert_eq!(client.answer(id)["result"]["files"], 2);
    assert_eq!(shown(&mut client, &uri("a.txt")), Vec::<String>::new());
}

#[test]
fn a_long_check_tells_how_far_it_has_come_and_can_be_ended() {
    let folder = folder(&[]);
    for number in 0..600 {
        write(folder.path(), &format!("{number}.txt"), UNFINISHED);
    }
    let mut client = server(&folder);
    let params = json!({"command": "dinggao.checkFolder", "workDoneToken": "mine"});
    let id = client.request("workspace/executeCommand", &params);
    let mut kinds = Vec::new();
    while kinds.last().is_none_or(|kind| kind != "end") {
        let progress = client.next("$/progress");
        assert_eq!(progress["params"]["token"], "mine");
        kinds.push(progress["params"]["value"]["kind"].as_str().expect("a kind").to_owned());
    }
    assert_eq!((kinds[0].as_str(), kinds[1].as_str()), ("begin", "report"));
    assert_eq!(client.answer(id)["result"]["files"], 600);

    let id = client.request("workspace/executeCommand", &params);
    client.notify("$/cancelRequest", &json!({"id": id}));
    assert_eq!(client.answer(id)["error"]["code"], -32800);
    let id = client.request("workspace/executeCommand", &params);
    client.notify("window/workDoneProgress/cancel", &json!({"token": "mine"}));
    assert_eq!(client.answer(id)["error"]["code"], -32800);
}
