//! Progress of a long run: a bar on a terminal, one line per step elsewhere. Knows nothing about the steps.

use std::io::{self, IsTerminal, Write};

/// Width of the bar in characters.
const WIDTH: usize = 30;

/// A run with a known number of steps.
#[derive(Debug)]
pub(super) struct Progress {
    what: &'static str,
    done: usize,
    total: usize,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Bar,
    Lines,
}

impl Progress {
    /// Starts a run.
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        let form = if io::stderr().is_terminal() { Form::Bar } else { Form::Lines };
        Self { what, done: 0, total, form }
    }

    /// Marks a step as done.
    pub(super) fn step(&mut self, summary: &str) {
        self.done += 1;
        let text = match self.form {
            Form::Bar => {
                let end = if self.done >= self.total { "\r\x1b[K" } else { "" };
                let bar = bar(self.done, self.total);
                let summary: String = summary.chars().take(60).collect();
                format!("\r\x1b[K{} [{bar}] {}/{} {summary}{end}", self.what, self.done, self.total)
            }
            Form::Lines => format!("{} {}/{} {summary}\n", self.what, self.done, self.total),
        };
        let mut stderr = io::stderr().lock();
        // It is not an error if the output is closed.
        let _closed = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

fn bar(done: usize, total: usize) -> String {
    let filled = (done * WIDTH).checked_div(total).unwrap_or(WIDTH).min(WIDTH);
    "#".repeat(filled) + &" ".repeat(WIDTH - filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_is_as_full_as_the_run_is_done() {
        for (done, total, filled) in [(0, 60, 0), (30, 60, 15), (60, 60, 30), (3, 2, 30), (0, 0, 30)] {
            let bar = bar(done, total);
            assert_eq!((bar.matches('#').count(), bar.len()), (filled, WIDTH), "{done}/{total}");
        }
    }
}
