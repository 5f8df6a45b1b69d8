//! How far a `sync` came, in a file below `target/`: the steps that are done, and the state of the inputs that they were done with.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::input::ClientVersions;
use crate::layout::{DOCUMENT, Layout};
use crate::lock::sha256_hex;
use crate::outcome::Failure;

/// The folder of `sync`.
const FOLDER: &str = "target/sync";
const FILE: &str = "state.toml";

/// How far it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct State {
    /// Digest of the documents and of what was decided about them.
    inputs: String,
    /// The steps that are done.
    done: Vec<String>,
}

impl State {
    /// Reads how far the last run came. What was done with other inputs counts for nothing.
    pub(super) fn read(layout: &Layout) -> Self {
        let text = fs::read_to_string(path(layout)).unwrap_or_default();
        let state: Self = toml::from_str(&text).unwrap_or_default();
        let inputs = inputs(layout);
        if state.inputs == inputs { state } else { Self { inputs, done: Vec::new() } }
    }

    /// Returns whether a step is done.
    pub(super) fn is_done(&self, step: &str) -> bool {
        self.done.iter().any(|done| done == step)
    }

    /// Notes that a step is done.
    pub(super) fn finish(&mut self, layout: &Layout, step: &str) -> Result<(), Failure> {
        let now = inputs(layout);
        self.inputs = now;
        self.done.push(step.to_owned());
        let text = toml::to_string(self).unwrap_or_default();
        write(layout, FILE, &text)
    }

    /// Forgets everything: all steps are done.
    pub(super) fn clear(layout: &Layout) {
        let _gone = fs::remove_file(path(layout));
    }
}

fn path(layout: &Layout) -> PathBuf {
    layout.place(FOLDER).join(FILE)
}

/// Writes a file of `sync`, whole or not at all.
pub(super) fn write(layout: &Layout, name: &str, text: &str) -> Result<(), Failure> {
    let folder = layout.place(FOLDER);
    fs::create_dir_all(&folder).map_err(Failure::io("create", &folder))?;
    let (path, new) = (folder.join(name), folder.join(format!("{name}.new")));
    fs::write(&new, text).map_err(Failure::io("write", &new))?;
    fs::rename(&new, &path).map_err(Failure::io("write", &path))
}

/// Returns the digest of the documents and overlays.
fn inputs(layout: &Layout) -> String {
    let versions = ClientVersions::read(layout).map(|versions| versions.all).unwrap_or_default();
    let mut all = fs::read(layout.profile()).unwrap_or_default();
    for version in versions {
        all.extend(fs::read(layout.version(&version).join(DOCUMENT)).unwrap_or_default());
        all.extend(fs::read(layout.overlay(&version)).unwrap_or_default());
    }
    sha256_hex(&all)
}
