//! Progress of a download: a bar on a terminal, nothing elsewhere.

use std::io::{self, IsTerminal, Write};

/// Characters of a whole bar.
const WIDTH: u64 = 30;
/// Bytes between two updates.
const STEP: u64 = 256 * 1024;

/// A bar that grows with what was received.
#[derive(Debug)]
pub(super) struct Meter {
    total: Option<u64>,
    shown: u64,
    is_on: bool,
}

impl Meter {
    /// Creates a bar for a number of bytes; it is shown only on a terminal.
    pub(super) fn new(total: Option<u64>) -> Self {
        Self { total, shown: 0, is_on: io::stderr().is_terminal() }
    }

    /// Creates a bar that is never shown.
    pub(super) fn quiet() -> Self {
        Self { total: None, shown: 0, is_on: false }
    }

    /// Updates the number of bytes received.
    pub(super) fn show(&mut self, bytes: u64) {
        if self.is_on && bytes >= self.shown + STEP {
            self.shown = bytes;
            write(&format!("\r\x1b[K{}", bar(bytes, self.total)));
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.shown > 0 {
            write("\r\x1b[K");
        }
    }
}

/// A bar that grows with the number of pages.
#[derive(Debug)]
pub(crate) struct Progress {
    total: usize,
    is_on: bool,
}

impl Progress {
    /// Creates a bar for a number of pages; it is shown only on a terminal.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, is_on: io::stderr().is_terminal() }
    }

    /// Updates the number of pages that are done.
    pub(crate) fn show(&self, done: usize) {
        if self.is_on {
            write(&format!("\r\x1b[K{}", page_bar(done, self.total)));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_on {
            write("\r\x1b[K");
        }
    }
}

fn page_bar(done: usize, total: usize) -> String {
    let width = usize::try_from(WIDTH).unwrap_or_default();
    let filled = done.saturating_mul(width).checked_div(total).unwrap_or(width).min(width);
    format!("fetch [{}{}] {done} of {total} pages", "#".repeat(filled), " ".repeat(width - filled))
}

/// A line on a terminal that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Note {
    is_on: bool,
}

impl Note {
    /// Shows a line, if standard error is a terminal.
    pub(super) fn new(text: &str) -> Self {
        let is_on = io::stderr().is_terminal();
        if is_on {
            write(text);
        }
        Self { is_on }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        if self.is_on {
            write("\r\x1b[K");
        }
    }
}

fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    // Progress that cannot be shown is not an error.
    let _closed = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

fn bar(bytes: u64, total: Option<u64>) -> String {
    let tenths = |bytes: u64| bytes.saturating_mul(10) / (1024 * 1024);
    let size = |bytes: u64| format!("{}.{} MiB", tenths(bytes) / 10, tenths(bytes) % 10);
    match total {
        Some(total) => {
            let filled = bytes.saturating_mul(WIDTH).checked_div(total).unwrap_or(WIDTH).min(WIDTH);
            let signs = |sign: &str, count: u64| sign.repeat(usize::try_from(count).unwrap_or_default());
            format!("fetch [{}{}] {} of {}", signs("#", filled), signs(" ", WIDTH - filled), size(bytes), size(total))
        }
        None => format!("fetch {}", size(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_shows_how_much_of_how_much() {
        let mib = 1024 * 1024;
        assert_eq!(bar(mib * 3 / 2, None), "fetch 1.5 MiB");
        assert_eq!(bar(mib, Some(2 * mib)), format!("fetch [{}{}] 1.0 MiB of 2.0 MiB", "#".repeat(15), " ".repeat(15)));
        assert!(bar(5, Some(0)).contains(&"#".repeat(30)));
        assert_eq!(page_bar(1, 2), format!("fetch [{}{}] 1 of 2 pages", "#".repeat(15), " ".repeat(15)));
        assert!(page_bar(0, 0).contains(&"#".repeat(30)));
    }
}
