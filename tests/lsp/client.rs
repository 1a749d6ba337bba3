//! A client of the real program: JSON-RPC over its standard input and output.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// A server that says nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client and its server.
pub(crate) struct Client {
    pub(crate) child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Messages that nobody has asked for yet.
    kept: VecDeque<Value>,
    last_id: i64,
}

impl Client {
    /// Starts a server in a folder, to which nothing has been said yet.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dinggao"));
        command.args(["lsp", "--stdio"]).current_dir(folder).stderr(Stdio::piped());
        for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(variable);
        }
        Self::spawn(&mut command)
    }

    /// Starts any language server.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(body) = read(&mut stdout) {
                let message = serde_json::from_slice(&body).expect("the server speaks JSON");
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, messages, kept: VecDeque::new(), last_id: 0 }
    }

    /// Starts a server and introduces itself with these capabilities and options.
    pub(crate) fn introduced(folder: &Path, capabilities: &Value, options: &Value) -> Self {
        let mut client = Self::start(folder);
        client.introduce(folder, capabilities, options);
        client
    }

    /// Says hello, and returns what the server answers.
    pub(crate) fn introduce(&mut self, folder: &Path, capabilities: &Value, options: &Value) -> Value {
        let params = json!({
            "processId": null, "rootUri": uri(folder), "capabilities": capabilities,
            "initializationOptions": options,
        });
        let answer = self.ask("initialize", &params);
        self.notify("initialized", &json!({}));
        answer
    }

    /// Sends bytes as they are.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("the pipe is open");
        stdin.write_all(bytes).and_then(|()| stdin.flush()).expect("the server reads");
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &Value) {
        self.send_bytes(&framed(message));
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) {
        self.send(&notification(method, params));
    }

    /// Sends a request and does not wait for the answer.
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> i64 {
        self.last_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}));
        self.last_id
    }

    /// The answer to a request: the whole message.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        self.find(|message| message.get("method").is_none() && message["id"] == id)
    }

    /// Asks and waits for the result.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        let id = self.request(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Asks and waits for the code of the error.
    pub(crate) fn failure(&mut self, method: &str, params: &Value) -> i64 {
        let id = self.request(method, params);
        let answer = self.answer(id);
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer}"))
    }

    /// The next notification or request of this name, with all that came before it left for later.
    pub(crate) fn next(&mut self, method: &str) -> Value {
        self.find(|message| message["method"] == method)
    }

    /// The next message that is meant, from those that have come and those that will.
    pub(crate) fn find(&mut self, is_meant: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&is_meant) {
            return self.kept.remove(at).expect("it is there");
        }
        loop {
            let message = self.receive();
            if is_meant(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    /// The next message, whatever it is.
    pub(crate) fn receive(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("the server says something")
    }

    /// Opens a document, and returns what is found in it.
    pub(crate) fn open(&mut self, uri: &str, language: &str, text: &str) -> Vec<Value> {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": document}));
        self.findings(uri, 1)
    }

    /// Replaces the text of a document.
    pub(crate) fn replace(&mut self, uri: &str, version: i32, text: &str) {
        self.change(uri, version, &json!([{"text": text}]));
    }

    /// Changes a document.
    pub(crate) fn change(&mut self, uri: &str, version: i32, changes: &Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": changes}));
    }

    /// What is shown for a version of a document, once it is.
    pub(crate) fn findings(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let shown = self.find(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        });
        shown["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    /// Says good-bye, and returns the exit status.
    pub(crate) fn leave(mut self) -> i32 {
        self.ask("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        self.wait()
    }

    /// Closes the pipe to the server.
    pub(crate) fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// The exit status of a server that ends.
    pub(crate) fn wait(&mut self) -> i32 {
        for _ in 0..PATIENCE.as_millis() / 10 {
            if let Some(status) = self.child.try_wait().expect("the server can be asked") {
                return status.code().expect("the server was not killed");
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not end");
    }

    /// What the server, which has ended, wrote on standard error.
    pub(crate) fn stderr(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut text).expect("UTF-8");
        text
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn notification(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

/// A message with its header.
pub(crate) fn framed(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The body of the next message of a server.
fn read(stdout: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    Some(body)
}

/// The URI of a file that has a plain name.
pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
