//! Where words go: findings to standard output, all else to standard error.

use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use clap::ColorChoice;

use super::args::GlobalArgs;
use crate::diagnostic::Lang;
use crate::report::{Style, visible};

/// The width of a report that does not go to a terminal, in columns.
const DEFAULT_WIDTH: usize = 100;

/// How many bytes are gathered before they are written.
pub(super) const BUFFER: usize = 1 << 16;

/// The language and the looks of everything that is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Console {
    pub(super) lang: Lang,
    pub(super) color: bool,
}

impl Console {
    pub(super) fn new(args: &GlobalArgs) -> Self {
        Self { lang: args.lang.unwrap_or_else(locale), color: wants_color(args.color) }
    }

    /// How a report on standard output should look.
    pub(super) fn style(self) -> Style {
        Style { lang: self.lang, color: self.color, width: width() }
    }

    /// How a report in a file should look.
    pub(super) fn plain_style(self) -> Style {
        Style { lang: self.lang, color: false, width: DEFAULT_WIDTH }
    }

    /// Says on standard error what should be known.
    pub(super) fn note(self, message: &str) {
        let word = self.lang.pick("提示：", "note: ");
        let _ = writeln!(io::stderr(), "{word}{}", visible(message));
    }

    /// Says on standard error what went wrong.
    pub(super) fn error(self, message: &str) {
        let word = self.lang.pick("错误：", "error: ");
        // if even this cannot be written, there is nobody left to tell
        let _ = writeln!(io::stderr(), "{word}{}", visible(message));
    }
}

/// Says on standard error what has been done.
pub(super) fn done(message: &str) {
    // if even this cannot be written, there is nobody left to tell
    let _ = writeln!(io::stderr(), "{}", visible(message));
}

/// The language of the first of the variables that is set, in the order that POSIX gives them.
fn locale() -> Lang {
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|variable| env::var(variable).ok())
        .find(|value| !value.is_empty());
    name.and_then(|name| name.parse().ok()).unwrap_or(Lang::En)
}

/// `--color` first, then `NO_COLOR`, `CLICOLOR_FORCE` and what the terminal can do.
fn wants_color(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    }
}

fn width() -> usize {
    if !io::stdout().is_terminal() {
        return DEFAULT_WIDTH;
    }
    terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| width.0.into())
}

/// Standard output. A reader that has gone away (`| head`) is no error: what is left to say goes nowhere.
pub(super) struct Output {
    stdout: BufWriter<io::Stdout>,
    closed: bool,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { stdout: BufWriter::with_capacity(BUFFER, io::stdout()), closed: false }
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// When they cannot be written, other than for want of a reader.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.unless_closed(|stdout| stdout.write_all(bytes))
    }

    /// Sees to it that everything written so far has arrived.
    ///
    /// # Errors
    /// As for [`Output::write`].
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.unless_closed(Write::flush)
    }

    fn unless_closed(
        &mut self,
        act: impl FnOnce(&mut BufWriter<io::Stdout>) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        match act(&mut self.stdout) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result,
        }
    }
}

/// Says something on standard error, where it is not taken for what was asked for.
pub(super) fn say(words: &[u8]) {
    // as for `Console::error`
    let _ = io::stderr().write_all(words);
}

/// Writes a whole text to standard output.
///
/// # Errors
/// As for [`Output::write`].
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut output = Output::new();
    output.write(text.as_bytes())?;
    output.flush()
}

/// Prints what clap has to say, which is help that was asked for or an error.
pub(super) fn print_clap(answer: &clap::Error) -> ExitCode {
    let printed = answer.print().and_then(|()| io::stdout().flush());
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => u8::try_from(answer.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}
