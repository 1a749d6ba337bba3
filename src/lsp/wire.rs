//! JSON-RPC messages: those that come in are taken apart, those that go out are put together.

use std::borrow::Cow;

pub use gen_lsp_types::json_rpc::Id;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A message of the client.
#[derive(Clone, Debug)]
pub enum Message {
    /// It waits for an answer.
    Request {
        /// What the answer is to be called.
        id: Id,
        /// What is asked for.
        method: String,
        /// With what.
        params: Params,
    },
    /// It does not.
    Notification {
        /// What has happened.
        method: String,
        /// With what.
        params: Params,
    },
    /// The answer to a request of the server.
    Response {
        /// Which request.
        id: Id,
        /// What is answered; null if the client could not do it.
        result: Params,
    },
}

/// What a message brings, not read yet.
#[derive(Clone, Debug, Default)]
pub struct Params(Option<Box<RawValue>>);

impl Params {
    /// Reads it.
    ///
    /// # Errors
    /// If it is not of the form that `T` has.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        let text = self.0.as_ref().map_or("null", |raw| raw.get());
        // editors whose text is UTF-16 can send half a character; all else is worth a second look only after a failure
        serde_json::from_str(text).or_else(|error| match whole_characters(text) {
            Cow::Owned(mended) => serde_json::from_str(&mended),
            Cow::Borrowed(_) => Err(error),
        })
    }
}

/// Why a message or a request cannot be served.
#[derive(Clone, Debug)]
pub struct Failure {
    /// A number of the specification.
    pub code: i32,
    /// Words for people.
    pub message: String,
}

impl Failure {
    /// The message is no JSON.
    pub const PARSE_ERROR: i32 = -32700;
    /// It is JSON, but no request, or none for now.
    pub const INVALID_REQUEST: i32 = -32600;
    /// Nobody knows the method.
    pub const METHOD_NOT_FOUND: i32 = -32601;
    /// What it brings is not what the method needs.
    pub const INVALID_PARAMS: i32 = -32602;
    /// `initialize` has not been sent yet.
    pub const NOT_INITIALIZED: i32 = -32002;
    /// The client does not want the answer any more.
    pub const CANCELLED: i32 = -32800;
    /// The document is not what it was when the request was made.
    pub const CONTENT_MODIFIED: i32 = -32801;
    /// The request was fine, and what it asked for failed.
    pub const REQUEST_FAILED: i32 = -32803;

    /// A failure.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "present")]
    id: Option<Id>,
    method: Option<String>,
    params: Option<Box<RawValue>>,
    result: Option<Box<RawValue>>,
    error: Option<IgnoredAny>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Id>, D::Error> {
    Id::deserialize(deserializer).map(Some)
}

impl Message {
    /// Reads a message.
    ///
    /// # Errors
    /// If the bytes are not JSON, or not a message.
    pub fn read(body: &[u8]) -> Result<Self, Failure> {
        let envelope: Envelope = serde_json::from_slice(body).map_err(|error| {
            let code = if error.is_data() { Failure::INVALID_REQUEST } else { Failure::PARSE_ERROR };
            Failure::new(code, error.to_string())
        })?;
        let is_answer = envelope.result.is_some() || envelope.error.is_some();
        match (envelope.method, envelope.id) {
            (Some(method), Some(id)) => Ok(Self::Request { id, method, params: Params(envelope.params) }),
            (Some(method), None) => Ok(Self::Notification { method, params: Params(envelope.params) }),
            // an answer of null is hard to tell from none, and as good
            (None, Some(id)) if is_answer || id != Id::Null => {
                Ok(Self::Response { id, result: Params(envelope.result) })
            }
            (None, _) => Err(Failure::new(Failure::INVALID_REQUEST, "neither a request nor an answer")),
        }
    }
}

/// The body of a notification.
pub(super) fn notification(method: &str, params: &impl Serialize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Notification<'a, P> {
        jsonrpc: &'static str,
        method: &'a str,
        params: &'a P,
    }
    body(&Notification { jsonrpc: "2.0", method, params })
}

/// The body of a request.
pub(super) fn request(id: i64, method: &str, params: &impl Serialize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Request<'a, P> {
        jsonrpc: &'static str,
        id: i64,
        method: &'a str,
        params: &'a P,
    }
    body(&Request { jsonrpc: "2.0", id, method, params })
}

/// The body of an answer.
pub(super) fn answer(id: &Id, result: &impl Serialize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Answer<'a, R> {
        jsonrpc: &'static str,
        id: &'a Id,
        result: &'a R,
    }
    body(&Answer { jsonrpc: "2.0", id, result })
}

/// The body of an answer that says why there is none. A message that could not be read has no id: [`Id::Null`].
pub fn refusal(id: &Id, failure: &Failure) -> Vec<u8> {
    #[derive(Serialize)]
    struct Refusal<'a> {
        jsonrpc: &'static str,
        id: &'a Id,
        error: Error<'a>,
    }
    #[derive(Serialize)]
    struct Error<'a> {
        code: i32,
        message: &'a str,
    }
    body(&Refusal { jsonrpc: "2.0", id, error: Error { code: failure.code, message: &failure.message } })
}

fn body(message: &impl Serialize) -> Vec<u8> {
    let mut body = Vec::new();
    let written = serde_json::to_writer(&mut body, message);
    debug_assert!(written.is_ok(), "what is sent has nothing in it that JSON cannot say");
    body
}

/// JSON in which every escaped half of a character that stands alone has become U+FFFD, which is as long in UTF-16: the
/// places of the text stay the same as those of the client.
fn whole_characters(json: &str) -> Cow<'_, str> {
    let (mut mended, mut done, mut at) = (String::new(), 0, 0);
    while let Some(found) = json[at..].find('\\').map(|found| at + found) {
        at = found + if json[found..].starts_with("\\u") { 6 } else { 2 };
        match (escaped(json, found), escaped(json, found + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 6,
            (Some(0xd800..=0xdfff), _) => {
                mended.extend([&json[done..found], "\\ufffd"]);
                done = at;
            }
            _ => {}
        }
        // a backslash may stand before what is longer than a byte in what is no JSON
        at = crate::text::ceil_boundary(json, at);
    }
    if done == 0 { Cow::Borrowed(json) } else { Cow::Owned(mended + &json[done..]) }
}

/// The code unit whose escape `\uXXXX` stands at an offset.
fn escaped(json: &str, at: usize) -> Option<u32> {
    let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(body: &str) -> i32 {
        Message::read(body.as_bytes()).expect_err(body).code
    }

    #[test]
    fn what_is_no_message_is_told_apart() {
        assert_eq!(failure("{"), Failure::PARSE_ERROR);
        assert_eq!(failure("nonsense"), Failure::PARSE_ERROR);
        assert_eq!(failure("[]"), Failure::INVALID_REQUEST);
        assert_eq!(failure("{}"), Failure::INVALID_REQUEST);
        assert_eq!(failure(r#"{"id": {}, "method": "shutdown"}"#), Failure::INVALID_REQUEST);
    }

    #[test]
    fn the_three_kinds_of_messages_are_read() {
        let read = |body: &str| Message::read(body.as_bytes()).expect(body);
        assert!(matches!(
            read(r#"{"id": "a", "method": "shutdown"}"#),
            Message::Request { id: Id::String(_), .. }
        ));
        assert!(matches!(read(r#"{"method": "exit", "params": null}"#), Message::Notification { .. }));
        assert!(matches!(read(r#"{"id": 1, "result": null}"#), Message::Response { .. }));
        assert!(matches!(read(r#"{"id": 1, "error": {"code": 1}}"#), Message::Response { .. }));
    }

    #[test]
    fn half_a_character_counts_as_one_unit() {
        let read = |json: &str| {
            let body = format!(r#"{{"method": "m", "params": {json}}}"#);
            let Ok(Message::Notification { params, .. }) = Message::read(body.as_bytes()) else {
                return "no message".to_owned();
            };
            params.read::<String>().unwrap_or_else(|error| error.to_string())
        };
        assert_eq!(read(r#""甲\ud83d乙""#), "甲\u{fffd}乙");
        assert_eq!(read(r#""\ude00\ud83d\ud83d\ude00""#), "\u{fffd}\u{fffd}😀");
        assert_eq!(read(r#""\\ud83d\ud83d""#), "\\ud83d\u{fffd}");
    }
}
