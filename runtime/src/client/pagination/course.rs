//! The course of an iteration over pages, whatever is on them.
//!
//! Nothing in it depends on the types of a call, so that it is compiled once. It must not know how a page is requested.

use std::collections::HashSet;
use std::fmt;

use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind};
use crate::operation::Operation;

/// The maximum length of a page token that is shown, in characters.
const LONGEST_TOKEN: usize = 200;
/// The number of consecutive pages without items that ends a list. Otherwise a server that always returns another token
/// would cause an endless loop.
const MAX_EMPTY_PAGES: u32 = 1000;

/// Where an iteration is.
pub(super) struct Course {
    operation: &'static Operation,
    progress: Progress,
    used: HashSet<String>,
    /// The number of consecutive pages without items.
    empty: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// There is another page.
    More,
    /// The token of the next page was used before.
    Repeated,
    /// Too many pages in a row had no items.
    Empty,
    /// An error ended the iteration.
    Failed,
    /// There are no more pages.
    Complete,
}

/// What comes next.
pub(super) enum Step {
    /// A page is requested.
    Request,
    /// An error is returned.
    Fail(Error),
    /// Nothing more.
    Stop,
}

impl Course {
    /// Returns the course that begins with the page that has this token.
    pub(super) fn starting_at(operation: &'static Operation, token: Option<&str>) -> Self {
        let mut used = HashSet::new();
        used.extend(token.map(str::to_owned));
        Self { operation, progress: Progress::More, used, empty: 0 }
    }

    /// Whether there are no more pages.
    pub(super) fn is_complete(&self) -> bool {
        self.progress == Progress::Complete
    }

    /// Returns what comes next, given the token of the next page.
    pub(super) fn next_step(&mut self, token: Option<&str>, core: &Core) -> Step {
        let error = match self.progress {
            Progress::More => return Step::Request,
            Progress::Failed | Progress::Complete => return Step::Stop,
            Progress::Repeated => {
                let token = token.unwrap_or_default();
                let message =
                    format!("the server gave the page token {token:?} for the second time: the list would never end");
                self.error(message).conceal(core.confidential())
            }
            Progress::Empty => self
                .error(format!("{MAX_EMPTY_PAGES} pages in a row have no items, and each has a token of a next page")),
        };
        self.progress = Progress::Failed;
        Step::Fail(error)
    }

    fn error(&self, message: String) -> Error {
        Error::plain(ErrorKind::RepeatedToken, Some(self.operation), message)
    }

    pub(super) fn fail(&mut self) {
        self.progress = Progress::Failed;
    }

    /// Turns to the page after one with this token of the next page, and returns the token to request it with.
    pub(super) fn turn(&mut self, next: Option<&str>) -> Option<String> {
        // Some servers send an empty token with the last page.
        let Some(token) = next.filter(|token| !token.is_empty()) else {
            self.progress = Progress::Complete;
            return None;
        };
        if !self.used.insert(token.to_owned()) {
            self.progress = Progress::Repeated;
        }
        Some(token.to_owned())
    }

    /// Records the number of items of the last page.
    pub(super) fn record_items(&mut self, count: usize) {
        self.empty = if count == 0 { self.empty + 1 } else { 0 };
        if self.empty >= MAX_EMPTY_PAGES && self.progress == Progress::More {
            self.progress = Progress::Empty;
        }
    }

    /// Describes the pages that it is of.
    pub(super) fn describe(&self, token: Option<&str>, core: &Core, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation.id)
            .field("page_token", &token.map(|token| core.confidential().shown(token, LONGEST_TOKEN)))
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
