//! What is shown of a document.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, framed, notification, uri};
use crate::{UNFINISHED, everything, folder, place, range, rules, server, uri_of};

#[test]
fn findings_follow_the_text() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    let found = client.open(&uri, "plaintext", UNFINISHED);
    assert_eq!(rules(&found), ["placeholder/mask"]);
    assert_eq!(found[0]["range"], range((0, 6), (0, 7)));
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&json!(1), &json!("dinggao")));
    let status = client.next("dinggao/status")["params"].clone();
    let expected = json!({"uri": uri, "version": 1, "errors": 1, "warnings": 0, "infos": 0, "holes": 1});
    assert_eq!(status, expected);

    client.change(&uri, 2, &json!([{"range": range((0, 6), (0, 7)), "text": "三百"}]));
    assert_eq!(client.findings(&uri, 2), Vec::<Value>::new());
    assert_eq!(client.next("dinggao/status")["params"]["holes"], 0);

    client.notify("textDocument/didClose", &json!({"textDocument": {"uri": uri}}));
    assert_eq!(
        client.next("textDocument/publishDiagnostics")["params"],
        json!({"uri": uri, "diagnostics": []})
    );
    assert_eq!(client.leave(), 0);
}

#[test]
fn places_are_counted_as_the_client_counts() {
    // the X is behind a line end of each kind, and behind characters of one to four bytes
    let text = "a\r\nb\rc\n全é😀X人次。";
    for (offered, chosen, column) in [
        (json!(["utf-8", "utf-16"]), "utf-8", 9),
        (json!(["utf-32"]), "utf-32", 3),
        (json!(["ucs-2", "utf-16"]), "utf-16", 4),
        (Value::Null, "utf-16", 4),
    ] {
        let folder = folder(&[]);
        let mut client = Client::start(folder.path());
        let capabilities = json!({"general": {"positionEncodings": offered}});
        let answer = client.introduce(folder.path(), &capabilities, &Value::Null);
        assert_eq!(answer["capabilities"]["positionEncoding"], chosen);
        assert_eq!(answer["serverInfo"]["name"], "dinggao");
        let uri = uri_of(&folder, "a.txt");
        let found = client.open(&uri, "plaintext", text);
        assert_eq!(found[0]["range"], range((3, column), (3, column + 1)), "{chosen}");
        client.change(&uri, 2, &json!([{"range": range((3, column), (3, column + 1)), "text": "三"}]));
        assert_eq!(client.findings(&uri, 2), Vec::<Value>::new(), "{chosen}");
    }
}

#[test]
fn only_the_newest_version_is_shown() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", UNFINISHED);
    let changes = |version: i32| {
        let text =
            format!("全年完成接待{}人次。\n", "X".repeat(usize::try_from(version % 2).expect("0 or 1")));
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        framed(&notification("textDocument/didChange", &params))
    };
    let burst: Vec<u8> = (2..=50).flat_map(changes).collect();
    client.send_bytes(&burst);
    let mut versions = Vec::new();
    while versions.last() != Some(&50) {
        let shown = client.next("textDocument/publishDiagnostics")["params"].clone();
        let version = shown["version"].as_i64().expect("a version");
        let count = shown["diagnostics"].as_array().map_or(0, Vec::len);
        assert_eq!(count, usize::try_from(version % 2).expect("0 or 1"), "version {version}");
        versions.push(version);
    }
    assert!(versions.is_sorted(), "{versions:?}");
}

#[test]
fn a_finding_names_what_belongs_to_it_and_its_rule_is_explained() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    let found = client.open(&uri, "plaintext", "一是健全制度。三是强化监督。");
    assert_eq!(rules(&found), ["sequence/missing"]);
    let related = &found[0]["relatedInformation"][0];
    assert_eq!(related["location"], json!({"uri": uri, "range": range((0, 0), (0, 2))}));
    let link = found[0]["codeDescription"]["href"].as_str().expect("a link");
    let page = fs::read_to_string(link.strip_prefix("file://").expect("a file")).expect("the page");
    assert!(page.starts_with("# sequence/missing\n"), "{page}");
    let folder_of_pages =
        link.strip_suffix("/sequence/missing.md").and_then(|link| link.strip_prefix("file://"));
    let folder_of_pages = folder_of_pages.expect("a folder").to_owned();
    assert_eq!(client.leave(), 0);
    assert!(!fs::exists(folder_of_pages).expect("it can be asked"), "the server clears up behind itself");
}

#[test]
fn a_client_that_shows_less_is_sent_less() {
    let folder = folder(&[]);
    let mut client = Client::introduced(folder.path(), &json!({}), &json!({"lang": "en"}));
    let uri = uri_of(&folder, "a.txt");
    let found = client.open(&uri, "plaintext", "一是健全制度。三是强化监督，完成X项。");
    for finding in &found {
        for key in ["relatedInformation", "codeDescription", "data"] {
            assert!(finding.get(key).is_none(), "{finding}");
        }
    }
    let position = json!({"textDocument": {"uri": uri}, "position": place(0, 17)});
    let hover = client.ask("textDocument/hover", &position);
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let symbols = client.ask("textDocument/documentSymbol", &json!({"textDocument": {"uri": uri}}));
    assert_eq!(symbols[0]["location"]["uri"], uri);
}

#[test]
fn hovering_explains() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", UNFINISHED);
    let hover = |at| json!({"textDocument": {"uri": uri}, "position": at});
    let told = client.ask("textDocument/hover", &hover(place(0, 6)));
    let text = told["contents"]["value"].as_str().expect("a text");
    assert!(text.contains("a number belongs here") && text.contains("placeholder/mask"), "{text}");
    assert_eq!(told["range"], range((0, 6), (0, 7)));
    assert_eq!(client.ask("textDocument/hover", &hover(place(0, 2))), Value::Null);
}

#[test]
fn holes_are_listed_in_their_order() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let uri = uri_of(&folder, "a.txt");
    client.open(&uri, "plaintext", "联系人：\n全年完成接待X人次，培训×人。\n");
    let document = json!({"textDocument": {"uri": uri}});
    let told = client.ask("dinggao/holes", &document);
    assert_eq!(told["version"], 1);
    let holes = told["holes"].as_array().expect("a list");
    let keys: Vec<&str> = holes.iter().map(|hole| hole["key"].as_str().expect("a key")).collect();
    assert_eq!(keys, ["联系人", "接待人次", "培训数"]);
    assert_eq!(holes[1]["range"], range((1, 6), (1, 7)));
    // what is filled in stands behind the label
    assert_eq!((&holes[0]["range"], &holes[0]["fill"]), (&range((0, 0), (0, 4)), &range((0, 4), (0, 4))));
    assert_eq!((&holes[1]["rule"], &holes[1]["type"]), (&json!("placeholder/mask"), &json!("count")));
    let symbols = client.ask("textDocument/documentSymbol", &document);
    let names: Vec<&str> = symbols
        .as_array()
        .expect("a list")
        .iter()
        .map(|symbol| symbol["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, keys);
    assert_eq!(symbols[1]["selectionRange"], range((1, 6), (1, 7)));
}

#[test]
fn what_has_never_been_saved_is_read_as_the_client_says() {
    let folder = folder(&[]);
    let mut client = Client::introduced(folder.path(), &everything(), &json!({"lang": "en"}));
    let text = "```\n接待X人次\n```\n";
    assert_eq!(rules(&client.open("untitled:Untitled-1", "plaintext", text)), ["placeholder/mask"]);
    assert_eq!(client.open("untitled:Untitled-2", "markdown", text), Vec::<Value>::new());
    // the name of a file says it as for check
    assert_eq!(client.open(&uri_of(&folder, "a.md"), "plaintext", text), Vec::<Value>::new());
    assert_eq!(rules(&client.open(&uri_of(&folder, "a.txt"), "markdown", text)), ["placeholder/mask"]);
    assert_eq!(client.open(&uri(&folder.path().join("draft")), "markdown", text), Vec::<Value>::new());
}
