//! Configuration, and what changes it.

use serde_json::{Value, json};

use crate::client::Client;
use crate::{UNFINISHED, everything, folder, rules, server, uri_of, write};

const QUIET: &str = "ignore = ['placeholder/mask']\n";

fn changed(client: &mut Client, uri: &str, kind: u32) {
    client.notify("workspace/didChangeWatchedFiles", &json!({"changes": [{"uri": uri, "type": kind}]}));
}

#[test]
fn a_changed_configuration_holds_at_once() {
    let folder = folder(&[]);
    let mut client = server(&folder);
    let registration = client.next("client/registerCapability");
    let watched = registration["params"]["registrations"][0]["method"].as_str();
    assert_eq!(watched, Some("workspace/didChangeWatchedFiles"));
    let uri = uri_of(&folder, "a.txt");
    assert_eq!(client.open(&uri, "plaintext", UNFINISHED).len(), 1);
    let config = uri_of(&folder, "dinggao.toml");
    write(folder.path(), "dinggao.toml", QUIET);
    changed(&mut client, &config, 1);
    assert_eq!(client.findings(&uri, 1), Vec::<Value>::new());
    // a broken one is told where it matters: nobody is to think that the draft is clean
    write(folder.path(), "dinggao.toml", "ignroe = []\n");
    changed(&mut client, &config, 2);
    let found = client.findings(&uri, 1);
    let message = found[0]["message"].as_str().expect("a message");
    assert!(message.starts_with("not checked: ") && message.contains("dinggao.toml:1"), "{message}");
    std::fs::remove_file(folder.path().join("dinggao.toml")).expect("it is there");
    changed(&mut client, &config, 3);
    assert_eq!(rules(&client.findings(&uri, 1)), ["placeholder/mask"]);
}

#[test]
fn a_client_that_watches_no_files_has_the_configuration_read_when_it_saves() {
    let folder = folder(&[]);
    let mut client = Client::introduced(folder.path(), &json!({}), &json!({"lang": "en"}));
    let uri = uri_of(&folder, "a.txt");
    assert_eq!(client.open(&uri, "plaintext", UNFINISHED).len(), 1);
    write(folder.path(), "dinggao.toml", QUIET);
    client.notify("textDocument/didSave", &json!({"textDocument": {"uri": uri}}));
    assert_eq!(client.findings(&uri, 1), Vec::<Value>::new());
}

#[test]
fn each_document_has_the_configuration_of_its_folder() {
    let folder = folder(&[
        ("quiet/dinggao.toml", QUIET),
        (
            "dinggao.toml",
            "exclude = ['old/']\n[[override]]\npaths = ['mild/']\nrule.placeholder.severity = 'info'\n",
        ),
    ]);
    let mut client = server(&folder);
    for (name, severities) in
        [("a.txt", vec![1]), ("quiet/a.txt", vec![]), ("mild/a.txt", vec![3]), ("old/a.txt", vec![])]
    {
        let found = client.open(&uri_of(&folder, name), "plaintext", UNFINISHED);
        let told: Vec<_> =
            found.iter().map(|finding| finding["severity"].as_i64().expect("a number")).collect();
        assert_eq!(told, severities, "{name}");
    }
}

#[test]
fn the_language_is_the_users() {
    let folder = folder(&[]);
    let language = |found: &[Value]| {
        let is_chinese = found[0]["message"].as_str().expect("a message").contains("还没有填");
        if is_chinese { "zh" } else { "en" }
    };
    let mut client = Client::start(folder.path());
    let params = json!({"capabilities": everything(), "locale": "zh-cn", "rootUri": null});
    client.ask("initialize", &params);
    let uri = uri_of(&folder, "a.txt");
    assert_eq!(language(&client.open(&uri, "plaintext", UNFINISHED)), "zh");
    for (settings, expected) in [
        (json!({"dinggao": {"lang": "en"}}), "en"),
        (json!({"lang": "zh"}), "zh"),
        (json!({"lang": "en", "values": ""}), "en"),
        (Value::Null, "zh"),
        (json!({"lang": "en", "values": null}), "en"),
        (json!({"lang": 3}), "zh"),
    ] {
        client.notify("workspace/didChangeConfiguration", &json!({"settings": settings}));
        assert_eq!(language(&client.findings(&uri, 1)), expected, "{settings}");
    }
    // what the folder says outweighs the client's locale
    write(folder.path(), "dinggao.toml", "lang = 'en'\n");
    let added =
        json!({"event": {"added": [{"uri": crate::client::uri(folder.path()), "name": "a"}], "removed": []}});
    client.notify("workspace/didChangeWorkspaceFolders", &added);
    assert_eq!(language(&client.findings(&uri, 1)), "en");
}
