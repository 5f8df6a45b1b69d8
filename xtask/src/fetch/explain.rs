//! `fetch --explain`: prints what a run would do, in its order, and why. Requests nothing and writes nothing.

use std::fmt::Write as _;

use serde::Serialize;

use super::plan::{Expected, Goal, Place, Plan, Source};
use super::previous::Previous;
use crate::cli::FetchArgs;
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome, counted};

/// A source as `--json` prints it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    source: String,
    expected: &'static str,
    why: String,
    then: &'static str,
    conditional: bool,
}

/// A plan as `--json` prints it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained<'a> {
    api_version: Option<&'a str>,
    all_versions: bool,
    sources: Vec<Step>,
}

/// Describes a plan.
pub(super) fn describe_plan(layout: &Layout, plan: &Plan, arguments: &FetchArgs) -> Result<Outcome, Failure> {
    let header = plan.profile.document.version_header.as_deref();
    let previous = plan.wanted.as_ref().map(|version| Previous::read(layout, version, header)).transpose()?;
    let step = |source: &Source| Step {
        source: source.place.name(),
        expected: source.expected.describe(),
        why: source.reason.to_string(),
        then: consequence(source.expected),
        conditional: match &source.place {
            Place::Url(url) => previous.as_ref().is_some_and(|previous| previous.state_at(url).is_some()),
            Place::File(_) => false,
        },
    };
    let explained = Explained {
        api_version: plan.wanted.as_ref().map(|version| version.as_str()),
        all_versions: plan.goal == Goal::EachVersion,
        sources: plan.sources.iter().map(step).collect(),
    };
    if arguments.json {
        let text = serde_json::to_string_pretty(&explained);
        let text = text.map_err(|error| Failure::io("write", "the plan")(error.into()))?;
        return Ok(Outcome::done(text + "\n"));
    }
    Ok(Outcome::done(render(plan, &explained)))
}

fn render(plan: &Plan, explained: &Explained<'_>) -> String {
    let version = match (plan.goal, explained.api_version) {
        (Goal::EachVersion, _) => "each version that is found".to_owned(),
        (Goal::One, Some(version)) => format!("version {version}"),
        (Goal::One, None) => "the version that the document states".to_owned(),
    };
    let mut text = format!("fetch of {version}; {}, in this order:\n", counted(explained.sources.len(), "source"));
    for (index, step) in explained.sources.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:>3}. {}\n       expected: {}; {}\n       why: {}",
            index + 1,
            step.source,
            step.expected,
            step.then,
            step.why
        );
        if step.conditional {
            text.push_str(
                "       conditional: the snapshot came from here, so an unchanged document is not sent again\n",
            );
        }
    }
    let _ = writeln!(
        text,
        "The search ends with the first document of this API and version that is sound. Up to {} each; redirects and \
         links stay on the host of the source, except for documents that a catalog or listing there names.",
        counted(usize::try_from(plan.limits.attempts).unwrap_or(usize::MAX), "attempt")
    );
    text
}

/// What a run does with the content of a source.
fn consequence(expected: Expected) -> &'static str {
    match expected {
        Expected::Anything => "whatever it is, it is recognized by its content",
        Expected::Document => {
            "if it is a listing of several APIs, each is requested, with ?api=<id> or by its URL, and the one that fits is adopted"
        }
        Expected::Catalog => "each document that it names is requested, and the one that fits is adopted",
        Expected::Index => "the documents and the indexes of versions that it names come next",
        Expected::Pages => "pages with schemas are merged to a document",
        Expected::PageIndex => "its pages are requested one by one and merged",
    }
}
