//! What can be done about a finding.

use std::fs;

use serde_json::{Value, json};

use crate::client::Client;
use crate::{UNFINISHED, folder, place, range, rules, server, uri_of, write};

/// The actions for a range of a document.
fn actions(client: &mut Client, uri: &str, range: &Value, only: Option<&str>) -> Vec<Value> {
    let mut context = json!({"diagnostics": []});
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": context});
    client.ask("textDocument/codeAction", &params).as_array().expect("a list").clone()
}

fn action<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    let found = actions.iter().find(|action| action["title"] == title);
    found.unwrap_or_else(|| panic!("no {title}: {actions:?}"))
}

/// The edits of an action: the version that they are for, and each range and text.
fn edits(holder: &Value) -> (i64, Vec<(Value, String)>) {
    let change = &holder["edit"]["documentChanges"][0];
    let edits = change["edits"].as_array().expect("a list").iter();
    let edits =
        edits.map(|edit| (edit["range"].clone(), edit["newText"].as_str().expect("a text").to_owned()));
    (change["textDocument"]["version"].as_i64().expect("a version"), edits.collect())
}

fn execute(client: &mut Client, command: &str, argument: &Value) -> i64 {
    client.request("workspace/executeCommand", &json!({"command": command, "arguments": [argument]}))
}

#[test]
fn a_safe_fix_is_offered_first() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    let found = client.open(&uri, "plaintext", "（见附件1)\n（见附件2)\n");
    assert_eq!(rules(&found), ["pair/width", "pair/width"]);
    assert_eq!(found[0]["data"], json!({"fix": "safe"}));
    let offered = actions(&mut client, &uri, &range((0, 5), (0, 5)), None);
    let fix = action(&offered, "Replace `)` with `）`");
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(fix["diagnostics"], json!([found[0]]));
    assert_eq!(edits(fix), (1, vec![(range((0, 5), (0, 6)), "）".to_owned())]));
    let all = edits(action(&offered, "Fix all that is safe to fix"));
    let both = [range((0, 5), (0, 6)), range((1, 5), (1, 6))].map(|range| (range, "）".to_owned()));
    assert_eq!(all, (1, both.to_vec()));
    let kinds =
        |offered: Vec<Value>| -> Vec<Value> { offered.iter().map(|action| action["kind"].clone()).collect() };
    let source = actions(&mut client, &uri, &range((0, 0), (0, 0)), Some("source.fixAll"));
    assert_eq!(kinds(source), ["source.fixAll.dinggao"]);
    let none = actions(&mut client, &uri, &range((0, 0), (0, 0)), Some("refactor"));
    assert_eq!(kinds(none), Vec::<Value>::new());
}

#[test]
fn a_comment_leaves_a_finding_alone_in_markdown() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.md");
    client.open(&uri, "markdown", "# 总结\r\n\r\n- 接待X人次。  \r\n");
    let offered = actions(&mut client, &uri, &range((2, 4), (2, 4)), Some("quickfix"));
    let comment = action(&offered, "Ignore placeholder/mask on this line (inserts a comment)");
    let text = " <!-- dinggao: ignore placeholder/mask -- checked -->".to_owned();
    assert_eq!(edits(comment), (1, vec![(range((2, 8), (2, 8)), text.clone())]));
    client.change(&uri, 2, &json!([{"range": range((2, 8), (2, 8)), "text": text}]));
    assert_eq!(client.findings(&uri, 2), Vec::<Value>::new());
}

#[test]
fn a_finding_is_allowed_for_the_reason_that_is_chosen() {
    let folder = folder(&[("a.txt", UNFINISHED)]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", UNFINISHED);
    let offered = actions(&mut client, &uri, &range((0, 6), (0, 7)), None);
    let command = &action(&offered, "Allow this placeholder/mask, with a reason…")["command"];
    assert_eq!(command["command"], "dinggao.allow");
    let argument = &command["arguments"][0];
    assert_eq!(*argument, json!({"uri": uri, "rule": "placeholder/mask", "range": range((0, 6), (0, 7))}));

    // to choose nothing does nothing
    let id = execute(&mut client, "dinggao.allow", argument);
    let question = client.next("window/showMessageRequest");
    assert_eq!(question["params"]["actions"].as_array().map(Vec::len), Some(3));
    client.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": null}));
    assert_eq!(client.answer(id)["result"], Value::Null);
    assert!(!folder.path().join("dinggao.allow.toml").exists());

    let id = execute(&mut client, "dinggao.allow", argument);
    let question = client.next("window/showMessageRequest");
    let reason = &question["params"]["actions"][1];
    client.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": reason}));
    assert_eq!(client.answer(id)["result"], Value::Null);
    assert_eq!(client.findings(&uri, 1), Vec::<Value>::new());
    let written = fs::read_to_string(folder.path().join("dinggao.allow.toml")).expect("the file");
    assert!(written.contains("path = \"a.txt\"\nrule = \"placeholder/mask\"\n"), "{written}");
    assert!(written.contains(&format!("reason = {}", reason["title"])), "{written}");

    let id = execute(&mut client, "dinggao.allow", argument);
    assert_eq!(client.answer(id)["error"]["code"], -32803, "it is allowed already");
}

#[test]
fn a_reason_can_come_along() {
    let folder = folder(&[("a.txt", UNFINISHED)]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", UNFINISHED);
    let mut argument =
        json!({"uri": uri, "rule": "placeholder/mask", "range": range((0, 6), (0, 7)), "reason": "会后补"});
    let id = execute(&mut client, "dinggao.allow", &argument);
    assert_eq!(client.answer(id)["result"], Value::Null);
    assert_eq!(client.findings(&uri, 1), Vec::<Value>::new());
    // what is in no file cannot be named in one
    argument["uri"] = json!("untitled:1");
    client.open("untitled:1", "plaintext", UNFINISHED);
    let id = execute(&mut client, "dinggao.allow", &argument);
    let error = &client.answer(id)["error"]["message"];
    assert_eq!(*error, "save the draft before allowing anything in it");
}

#[test]
fn values_are_filled_in() {
    let values = "'接待人次' = 300\n'培训数' = '很多'\n'旧键' = 1\n";
    let folder = folder(&[("values.toml", values)]);
    let mut client = server(&folder);
    client.notify(
        "workspace/didChangeConfiguration",
        &json!({"settings": {"dinggao": {"lang": "en", "values": "values.toml"}}}),
    );
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", "全年完成接待X人次，培训X人。\n");
    let document = json!({"textDocument": {"uri": uri}, "position": place(0, 7)});
    let items = client.ask("textDocument/completion", &document);
    let edit = json!({"range": range((0, 6), (0, 7)), "newText": "300"});
    assert_eq!(items.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&items[0]["label"], &items[0]["detail"], &items[0]["textEdit"]),
        (&json!("300"), &json!("接待人次"), &edit)
    );
    let elsewhere = json!({"textDocument": {"uri": uri}, "position": place(0, 2)});
    assert_eq!(client.ask("textDocument/completion", &elsewhere), json!([]));
    let offered = actions(&mut client, &uri, &range((0, 6), (0, 6)), None);
    let fill = action(&offered, "Fill in `300` (接待人次)");
    assert_eq!(edits(fill), (1, vec![(range((0, 6), (0, 7)), "300".to_owned())]));

    // what does not fit is left
    let id = execute(&mut client, "dinggao.fillAll", &json!({"uri": uri}));
    let request = client.next("workspace/applyEdit");
    assert_eq!(edits(&request["params"]), (1, vec![(range((0, 6), (0, 7)), "300".to_owned())]));
    client.send(&json!({"jsonrpc": "2.0", "id": request["id"], "result": {"applied": true}}));
    assert_eq!(client.answer(id)["result"], json!({"filled": 1, "left": 1}));

    // the file is read anew each time
    write(folder.path(), "values.toml", "'接待人次' = 301\n");
    assert_eq!(client.ask("textDocument/completion", &document)[0]["label"], "301");
    write(folder.path(), "values.toml", "'接待人次' = \n");
    let id = execute(&mut client, "dinggao.fillAll", &json!({"uri": uri}));
    let error = client.answer(id)["error"].clone();
    assert_eq!(error["code"], -32803);
    assert!(error["message"].as_str().is_some_and(|text| text.contains("values.toml:1")), "{error}");
}

#[test]
fn the_values_file_beside_a_draft_needs_no_setting() {
    let rows = [("a.txt", UNFINISHED), ("a.txt.values.toml", "'接待人次' = 300\n")];
    let folder = folder(&rows);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", UNFINISHED);
    let document = json!({"textDocument": {"uri": uri}, "position": place(0, 6)});
    assert_eq!(client.ask("textDocument/completion", &document)[0]["label"], "300");
}
