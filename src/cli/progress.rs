//! Long runs: how far it has come, and how to end it early.

use std::io::{self, IsTerminal};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that is over before this shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// The exit status of a program that Ctrl-C has ended, as shells know it.
const INTERRUPTED: i32 = 130;

/// How far a run has come.
pub(super) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    total: usize,
    done: AtomicUsize,
}

impl Progress {
    /// A run over `total` files, of which each counts as often as it is read. Nothing is shown where standard error is no terminal.
    pub(super) fn new(total: usize) -> Self {
        Self { bar: ProgressBar::hidden(), begun: Instant::now(), total, done: AtomicUsize::new(0) }
    }

    /// Shows that so many files more are done.
    pub(super) fn advance(&self, files: usize) {
        let done = self.done.fetch_add(files, Ordering::Relaxed) + files;
        if self.bar.is_hidden() {
            if self.begun.elapsed() < PATIENCE || !io::stderr().is_terminal() {
                return;
            }
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}") {
                self.bar.set_style(style);
            }
            self.bar.set_length(self.total as u64);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(done as u64);
    }

    /// Clears the bar away while `write` writes, so that the two do not run into each other on one terminal.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Whether the user has asked to end the run.
static ENDED: AtomicBool = AtomicBool::new(false);

/// Lets Ctrl-C end the run with what has been found so far; a second one ends it at once.
pub(super) fn listen() {
    // without a handler, the first one ends the program at once
    let _ = ctrlc::set_handler(|| {
        if ENDED.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED);
        }
    });
}

/// Whether the user has asked to end the run.
pub(super) fn is_ended() -> bool {
    ENDED.load(Ordering::Relaxed)
}
