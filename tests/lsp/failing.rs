//! What the server does when the client does not do what it should.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, framed, notification};
use crate::{UNFINISHED, folder, place, server, uri_of};

#[test]
fn nothing_is_served_before_the_introduction() {
    let folder = folder(&[]);
    let mut client = Client::start(folder.path());
    assert_eq!(client.failure("textDocument/hover", &json!({})), -32002);
    assert_eq!(client.failure("shutdown", &Value::Null), -32002);
    // a notification has no answer
    client.notify("textDocument/didOpen", &json!({}));
    client.introduce(folder.path(), &json!({}), &Value::Null);
    assert_eq!(client.failure("initialize", &json!({"capabilities": {}})), -32600);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_bad_message_is_refused_and_the_next_is_served() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    for (body, code) in
        [("{\"jsonrpc\"", -32700), ("\u{0}", -32700), ("[]", -32600), ("{\"jsonrpc\": \"2.0\"}", -32600)]
    {
        client.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        let answer = client.find(|message| message.get("error").is_some());
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &Value::Null), "{body}");
    }
    client.send_bytes(b"Content-Length: 2\r\n\r\n\xff\xfe");
    assert_eq!(client.find(|message| message.get("error").is_some())["error"]["code"], -32700);
    assert_eq!(client.failure("textDocument/rename", &json!({})), -32601);
    assert_eq!(client.failure("textDocument/hover", &json!({"position": 3})), -32602);
    assert_eq!(client.failure("textDocument/hover", &Value::Null), -32602);
    assert_eq!(client.failure("workspace/executeCommand", &json!({"command": "dinggao.nothing"})), -32602);
    assert_eq!(client.failure("workspace/executeCommand", &json!({"command": "dinggao.allow"})), -32602);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_document_that_is_not_open_is_unknown() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    let document = json!({"textDocument": {"uri": uri}, "position": place(0, 0)});
    assert_eq!(client.failure("textDocument/hover", &document), -32602);
    assert_eq!(client.failure("dinggao/holes", &document), -32602);
    client.replace(&uri, 2, "X");
    let log = client.next("window/logMessage");
    assert!(log["params"]["message"].as_str().is_some_and(|text| text.contains("is not open")), "{log}");
    client.notify("textDocument/didChange", &json!({"textDocument": 1}));
    client.next("window/logMessage");
    assert_eq!(client.open(&uri, "plaintext", UNFINISHED).len(), 1);
}

#[test]
fn a_question_can_be_taken_back() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    let document =
        json!({"uri": uri, "languageId": "plaintext", "version": 1, "text": UNFINISHED.repeat(2000)});
    let question = json!({"textDocument": {"uri": uri}, "position": place(0, 6)});
    let mut messages = framed(&notification("textDocument/didOpen", &json!({"textDocument": document})));
    for id in ["a", "b"] {
        let request = json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": question});
        messages.extend(framed(&request));
    }
    messages.extend(framed(&notification("$/cancelRequest", &json!({"id": "a"}))));
    messages.extend(framed(&notification("$/cancelRequest", &json!({"id": "unknown"}))));
    client.send_bytes(&messages);
    assert_eq!(client.find(|message| message["id"] == "a")["error"]["code"], -32800);
    assert!(client.find(|message| message["id"] == "b")["result"].is_object());
}

#[test]
fn a_question_about_a_place_does_not_outlive_the_text() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", UNFINISHED);
    let document = json!({"uri": uri, "version": 2});
    let mut messages = Vec::new();
    let text = UNFINISHED.repeat(2000);
    let changes = json!({"textDocument": document, "contentChanges": [{"text": text}]});
    messages.extend(framed(&notification("textDocument/didChange", &changes)));
    let question = json!({"textDocument": {"uri": uri}, "position": place(9, 6)});
    for (id, method) in [("hover", "textDocument/hover"), ("holes", "dinggao/holes")] {
        messages.extend(framed(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": question})));
    }
    let document = json!({"uri": uri, "version": 3});
    let changes = json!({"textDocument": document, "contentChanges": [{"text": UNFINISHED}]});
    messages.extend(framed(&notification("textDocument/didChange", &changes)));
    client.send_bytes(&messages);
    assert_eq!(client.find(|message| message["id"] == "hover")["error"]["code"], -32801);
    assert_eq!(client.find(|message| message["id"] == "holes")["result"]["version"], 3);
}

#[test]
fn nothing_is_served_after_the_shutdown() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    client.ask("shutdown", &Value::Null);
    assert_eq!(client.failure("textDocument/hover", &json!({})), -32600);
    client.notify("exit", &Value::Null);
    assert_eq!(client.wait(), 0);
}

#[test]
fn who_leaves_without_a_word_leaves_no_server_behind() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    client.notify("exit", &Value::Null);
    assert_eq!(client.wait(), 1, "exit without shutdown");

    let mut client = server(&folder);
    client.open(&uri_of(&folder, "a.txt"), "plaintext", UNFINISHED);
    client.hang_up();
    let begun = Instant::now();
    assert_eq!(client.wait(), 1, "end of input");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(client.stderr(), "");

    let mut client = Client::start(folder.path());
    client.send_bytes(b"Content-Length: 100\r\n\r\n{");
    client.hang_up();
    assert_eq!(client.wait(), 1, "end in the midst of a message");
    assert_eq!(client.stderr(), "");
}

#[test]
fn what_is_no_protocol_ends_the_server() {
    let folder = folder(&[]);
    for input in ["全年完成接待X人次。\n", "\r\n", "Content-Length: x\r\n\r\n{}"] {
        let mut client = Client::start(folder.path());
        client.send_bytes(input.as_bytes());
        assert_eq!(client.receive()["error"]["code"], -32700, "{input}");
        assert_eq!(client.wait(), 2, "{input}");
        let stderr = client.stderr();
        assert!(stderr.starts_with("error: standard input is not the Language Server Protocol"), "{stderr}");
    }
}
