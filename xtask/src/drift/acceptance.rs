//! Changes that a maintainer accepted, with a reason, in the folder of the version. Knows nothing of how changes are found.

use std::fs;
use std::time::SystemTime;

use generator::drift::Drift;
use serde::{Deserialize, Serialize};

use crate::input;
use crate::layout::{ApiVersion, Layout};
use crate::outcome::{Failure, Outcome, Problem, ProblemCode};

const FILE: &str = "accepted.toml";
const HEADER: &str =
    "# Changes of the document that were accepted, by fingerprint. Written by `cargo xtask drift --accept`.\n\n";

/// Everything that was accepted.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Acceptances {
    #[serde(default)]
    accepted: Vec<Acceptance>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    fingerprint: String,
    reason: String,
    /// The last day on which it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl Acceptances {
    /// Reads what was accepted; nothing if there is no file.
    pub(super) fn read(layout: &Layout, version: &ApiVersion) -> Result<Self, Failure> {
        let path = layout.version(version).join(FILE);
        let text = input::optional_text(layout, &path)?.unwrap_or_default();
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            let problem = Problem::new(ProblemCode::LockUnreadable, layout.display(&path), error.message());
            Failure::Input(problem.expected("[[accepted]] tables with fingerprint, reason and until"))
        })
    }

    /// Marks the changes that are accepted today.
    pub(super) fn apply(&self, drift: &mut Drift) {
        let today = today();
        for acceptance in &self.accepted {
            if acceptance.until.as_ref().is_none_or(|until| *until >= today) {
                drift.accept(&acceptance.fingerprint, &acceptance.reason, acceptance.until.as_deref());
            }
        }
    }
}

/// Accepts a change: its fingerprint, the reason, and the last day on which it holds.
pub(super) fn accept(
    layout: &Layout,
    version: &ApiVersion,
    (fingerprint, reason, until): (&str, &str, Option<&str>),
) -> Result<Outcome, Failure> {
    let mut acceptances = Acceptances::read(layout, version)?;
    acceptances.accepted.retain(|known| known.fingerprint != fingerprint);
    let (fingerprint, reason) = (fingerprint.to_owned(), reason.to_owned());
    let message = format!("accepted {fingerprint}\n");
    acceptances.accepted.push(Acceptance { fingerprint, reason, until: until.map(str::to_owned) });
    acceptances.accepted.sort_by(|one, other| one.fingerprint.cmp(&other.fingerprint));
    let path = layout.version(version).join(FILE);
    let text = toml::to_string(&acceptances).unwrap_or_default();
    fs::write(&path, format!("{HEADER}{text}")).map_err(Failure::io("write", &path))?;
    Ok(Outcome::done(message))
}

/// Returns the date of today in UTC.
fn today() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string().chars().take(10).collect()
}
