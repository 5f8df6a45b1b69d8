//! Keeps downloaded pages below `target/`, so that a run that was interrupted continues where it was, and an unchanged page is not
//! sent again. Downloads nothing; a store that cannot be written is as good as none.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::download::State;
use crate::layout::Layout;
use crate::lock::sha256_hex;

/// Age up to which an interrupted run is continued.
const CONTINUED: Duration = Duration::from_secs(60 * 60);
/// Name of the file that exists while a run does.
const RUN: &str = "run";

/// The pages of one index.
#[derive(Debug)]
pub(super) struct PageStore {
    folder: PathBuf,
    /// The start of the run, in nanoseconds since 1970.
    run: u64,
}

/// A page that was downloaded before.
#[derive(Debug)]
pub(super) struct StoredPage {
    /// Its text.
    pub(super) text: String,
    /// Its validators.
    pub(super) state: State,
    /// Whether it was downloaded or confirmed by the run that is being continued.
    pub(super) is_current: bool,
}

/// What is known about a page besides its text.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    url: String,
    etag: Option<String>,
    last_modified: Option<String>,
    sha256: String,
    run: u64,
}

impl PageStore {
    /// Opens the store of an index, and continues a run that was interrupted.
    pub(super) fn open(layout: &Layout, index: &str) -> Self {
        let key: String = sha256_hex(index.as_bytes()).chars().take(16).collect();
        let folder = layout.root().join("target").join("fetch-pages").join(key);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let started = fs::read_to_string(folder.join(RUN)).ok().and_then(|text| text.trim().parse().ok());
        let continued = started.filter(|start: &u64| now.saturating_sub(Duration::from_nanos(*start)) < CONTINUED);
        let store = Self { folder, run: continued.unwrap_or(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)) };
        if continued.is_none() {
            store.write(RUN, store.run.to_string().as_bytes());
        }
        store
    }

    /// Returns a page, if it is here and whole.
    pub(super) fn read(&self, url: &str) -> Option<StoredPage> {
        let record: Record = serde_json::from_slice(&fs::read(self.path(url, "json")).ok()?).ok()?;
        let text = fs::read_to_string(self.path(url, "md")).ok()?;
        let is_whole = record.url == url && record.sha256 == sha256_hex(text.as_bytes());
        let state = State { etag: record.etag, last_modified: record.last_modified };
        is_whole.then_some(StoredPage { text, state, is_current: record.run == self.run })
    }

    /// Keeps a page.
    pub(super) fn keep(&self, url: &str, text: &str, state: &State) {
        let record = Record {
            url: url.to_owned(),
            etag: state.etag.clone(),
            last_modified: state.last_modified.clone(),
            sha256: sha256_hex(text.as_bytes()),
            run: self.run,
        };
        let Ok(record) = serde_json::to_vec(&record) else { return };
        self.write(&name(url, "md"), text.as_bytes());
        self.write(&name(url, "json"), &record);
    }

    /// Marks the run as complete: the next one asks for every page again.
    pub(super) fn finish(&self) {
        // A file that stays only means that the next run takes pages of this one.
        let _gone = fs::remove_file(self.folder.join(RUN));
    }

    fn path(&self, url: &str, extension: &str) -> PathBuf {
        self.folder.join(name(url, extension))
    }

    /// Writes a file as a whole or not at all.
    fn write(&self, name: &str, bytes: &[u8]) {
        let replace = |folder: &Path| {
            fs::create_dir_all(folder)?;
            let staged = folder.join(format!(".{name}"));
            fs::write(&staged, bytes)?;
            fs::rename(staged, folder.join(name))
        };
        // Without it the page is downloaded again.
        let _lost = replace(&self.folder);
    }
}

fn name(url: &str, extension: &str) -> String {
    let key: String = sha256_hex(url.as_bytes()).chars().take(32).collect();
    format!("{key}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_is_current_until_its_run_is_finished_and_damaged_ones_are_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path().to_owned());
        let state = State { etag: Some("\"1\"".to_owned()), last_modified: None };
        let store = PageStore::open(&layout, "https://d.example/llms.txt");
        store.keep("a", "text", &state);
        let continued = PageStore::open(&layout, "https://d.example/llms.txt");
        let page = continued.read("a").unwrap();
        assert_eq!((page.text.as_str(), page.state, page.is_current), ("text", state, true));
        assert!(PageStore::open(&layout, "https://d.example/other.txt").read("a").is_none());

        fs::write(continued.path("a", "md"), "other").unwrap();
        assert!(continued.read("a").is_none());
        store.keep("a", "text", &State::default());
        store.finish();
        let next = PageStore { run: store.run + 1, ..PageStore::open(&layout, "https://d.example/llms.txt") };
        assert!(!next.read("a").unwrap().is_current);
    }
}
