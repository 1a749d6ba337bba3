//! Messages as bytes: a header that says how long the body is, and the body.

use std::io::{self, BufRead, Read, Stdout, Write};

/// So long is no header.
const MAX_HEADER: u64 = 4096;

/// Reads the body of the next message; `None` at the end, even if that comes in the midst of a message.
///
/// # Errors
/// If there is no header where one should be: from there on nothing can be told apart.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input.by_ref().take(MAX_HEADER).read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return if line.len() as u64 == MAX_HEADER { Err(malformed(&line)) } else { Ok(None) };
        }
        let line = line.trim_ascii();
        match (line.is_empty(), length) {
            (true, Some(length)) => return body(input, length),
            (true, None) => return Err(malformed(line)),
            (false, _) => {}
        }
        let colon = line.iter().position(|&byte| byte == b':').ok_or_else(|| malformed(line))?;
        if line[..colon].eq_ignore_ascii_case(b"Content-Length") {
            let value = str::from_utf8(line[colon + 1..].trim_ascii()).ok();
            length = Some(value.and_then(|value| value.parse().ok()).ok_or_else(|| malformed(line))?);
        }
    }
}

fn body(input: &mut impl BufRead, length: u64) -> io::Result<Option<Vec<u8>>> {
    // grows with what comes, not with what is announced
    let mut body = Vec::new();
    let read = input.by_ref().take(length).read_to_end(&mut body)?;
    Ok((read as u64 == length).then_some(body))
}

fn malformed(line: &[u8]) -> io::Error {
    let line: String = String::from_utf8_lossy(line).chars().take(40).collect();
    io::Error::new(io::ErrorKind::InvalidData, format!("no header of a message: {line:?}"))
}

/// Standard output.
pub(super) struct Output {
    stdout: Stdout,
    message: Vec<u8>,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { stdout: io::stdout(), message: Vec::new() }
    }

    /// Sends a message.
    pub(super) fn write(&mut self, body: &[u8]) -> io::Result<()> {
        self.message.clear();
        write!(self.message, "Content-Length: {}\r\n\r\n", body.len())?;
        self.message.extend_from_slice(body);
        let mut stdout = self.stdout.lock();
        stdout.write_all(&self.message)?;
        stdout.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut input: &[u8]) -> Result<Vec<String>, String> {
        let mut bodies = Vec::new();
        while let Some(body) = read(&mut input).map_err(|error| error.to_string())? {
            bodies.push(String::from_utf8(body).expect("UTF-8"));
        }
        Ok(bodies)
    }

    #[test]
    fn bodies_are_as_long_as_their_headers_say() {
        let input = b"Content-Length: 2\r\n\r\n{}content-type: x\r\nCONTENT-LENGTH:3\r\n\r\n[1]";
        assert_eq!(all(input).as_deref(), Ok(&["{}".to_owned(), "[1]".to_owned()][..]));
        assert_eq!(all(b"Content-Length: 9\r\n\r\n{}"), Ok(vec![]));
        assert_eq!(all(b"Content-Le"), Ok(vec![]));
    }

    #[test]
    fn what_has_no_header_is_an_error() {
        let long = "x".repeat(5000);
        for input in ["hello\r\n\r\n", "\r\n{}", "Content-Length: many\r\n\r\n{}", &long] {
            assert!(all(input.as_bytes()).is_err(), "{input}");
        }
    }
}
