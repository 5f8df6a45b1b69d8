//! Determines the API version of a document, and whether it is the requested one.

use std::fmt;

use generator::published::{Evidence, Identity, date_in, version_in_url};

use crate::layout::ApiVersion;

/// How the version of a document is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VersionSource {
    /// The document states it.
    Stated(Evidence),
    /// It is part of the URL of the document.
    Url,
    /// It is part of the name in the listing that led to it.
    Label,
    /// Nothing contradicts the requested version.
    Assumed,
}

impl fmt::Display for VersionSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Stated(Evidence::Info) => "as stated in info.version",
            Self::Stated(Evidence::Header) => "as stated by its version header",
            Self::Stated(Evidence::Title) => "as stated in its title",
            Self::Url => "as stated in its URL",
            Self::Label => "as stated in the listing that names it",
            Self::Assumed => "as requested; the document does not state it",
        })
    }
}

/// How a document was published.
#[derive(Clone, Copy, Debug)]
pub(super) struct Published<'a> {
    /// Its URL; empty for a file.
    pub(super) url: &'a str,
    /// Its name in the listing that led to it.
    pub(super) label: Option<&'a str>,
}

/// Why the version of a document is not the right one.
#[derive(Debug)]
pub(super) struct WrongVersion {
    /// What is wrong.
    pub(super) reason: String,
    /// The version, if it is another one than the requested one.
    pub(super) found: Option<String>,
}

/// Determines the version of a document.
///
/// # Errors
///
/// The version is not the requested one, is unknown, or cannot be used as the name of a folder.
pub(super) fn determine_version(
    identity: &Identity,
    place: Published<'_>,
    wanted: Option<&ApiVersion>,
) -> Result<(ApiVersion, VersionSource), WrongVersion> {
    let wrong = |reason: String| WrongVersion { reason, found: None };
    let Some((stated, version_source)) = find_stated_version(identity, place, wanted) else {
        let wanted = wanted.cloned().map(|wanted| (wanted, VersionSource::Assumed));
        return wanted.ok_or_else(|| wrong("it does not state its version; set it with --api-version".to_owned()));
    };
    match wanted {
        Some(wanted) if wanted.as_str() != stated => Err(WrongVersion {
            reason: format!(
                "it is version {stated}, {version_source}, and not {wanted}; fetch it beside the others with --api-version {stated}"
            ),
            found: Some(stated),
        }),
        Some(_) | None => ApiVersion::new(&stated)
            .map(|version| (version, version_source))
            .ok_or_else(|| wrong(format!("the API version {stated:?} cannot be the name of a folder"))),
    }
}

/// Returns the most significant version that is stated. Where API versions are dates, a version of another kind counts revisions of the
/// document, not of the API.
fn find_stated_version(
    identity: &Identity,
    place: Published<'_>,
    wanted: Option<&ApiVersion>,
) -> Option<(String, VersionSource)> {
    let is_dated = |version: &str| version_in_url(version).is_some();
    let counts = |version: &&String| wanted.is_none_or(|wanted| !is_dated(wanted.as_str())) || is_dated(version);
    let stated = identity.versions.iter().map(|(evidence, version)| (version, VersionSource::Stated(*evidence)));
    // Without a requested version, a date is more significant than another kind, wherever it is stated.
    let all: Vec<(&String, VersionSource)> = stated.filter(|(version, _)| counts(version)).collect();
    let dated = || all.iter().find(|(version, _)| is_dated(version));
    let best = if wanted.is_none() { dated().or_else(|| all.first()) } else { all.first() };
    let best = best.map(|(version, version_source)| ((*version).clone(), *version_source));
    let in_url = || version_in_url(place.url).map(|version| (version.to_owned(), VersionSource::Url));
    let in_label = || place.label.and_then(date_in).map(|version| (version, VersionSource::Label));
    best.or_else(in_url).or_else(in_label)
}

#[cfg(test)]
mod tests {
    use generator::published::read_identity;
    use serde_json::json;

    use super::*;

    struct Row {
        info: &'static str,
        title: &'static str,
        header: &'static str,
        url: &'static str,
        wanted: Option<&'static str>,
        expected: &'static str,
    }

    const PLAIN: &str = "https://d.example/openapi.json";
    const DATED: &str = "https://d.example/2025-04-21/openapi.json";
    /// A document that does not state its version, as most exports.
    const BASE: Row =
        Row { info: "1.0.0", title: "", header: "", url: PLAIN, wanted: Some("2026-02-09"), expected: "" };

    #[test]
    fn version_comes_from_the_document_its_address_or_who_asked() {
        let document = |info: &str, title: &str, header: &str| {
            json!({"info": {"title": title, "version": info}, "paths": {"/a": {"get": {"parameters": [
                {"name": "x-version", "in": "header", "schema": {"default": header}}]}}}})
        };
        let rows = [
            Row { info: "2026-02-09", expected: "2026-02-09, as stated in info.version", ..BASE },
            Row { header: "2026-02-09", expected: "2026-02-09, as stated by its version header", ..BASE },
            Row { info: "3.7", header: "2026-02-09", expected: "2026-02-09, as stated by its version header", ..BASE },
            Row { title: "2026_02_09_docs", expected: "2026-02-09, as stated in its title", ..BASE },
            Row { url: DATED, wanted: Some("2025-04-21"), expected: "2025-04-21, as stated in its URL", ..BASE },
            Row { expected: "2026-02-09, as requested", ..BASE },
            Row { info: "3.7", expected: "2026-02-09, as requested", ..BASE },
            Row { info: "3.7", wanted: Some("3.7"), expected: "3.7, as stated in info.version", ..BASE },
            Row { info: "3.7", wanted: None, expected: "3.7, as stated in info.version", ..BASE },
            Row {
                info: "3.7",
                header: "2026-02-09",
                wanted: None,
                expected: "2026-02-09, as stated by its version header",
                ..BASE
            },
            Row {
                info: "2026-02-09",
                wanted: Some("2025-04-21"),
                expected: "it is version 2026-02-09, as stated in info.version, and not 2025-04-21",
                ..BASE
            },
            Row { url: DATED, expected: "it is version 2025-04-21, as stated in its URL", ..BASE },
            Row { info: "3.8", wanted: Some("3.7"), expected: "it is version 3.8", ..BASE },
            Row { wanted: None, expected: "it does not state its version", ..BASE },
            Row {
                info: "../x",
                wanted: None,
                expected: "the API version \"../x\" cannot be the name of a folder",
                ..BASE
            },
        ];
        for Row { info, title, header, url, wanted, expected } in rows {
            let document = document(info, title, header);
            let mut identity = read_identity(&document, None);
            identity.versions.retain(|_, version| !version.is_empty());
            let wanted = wanted.and_then(ApiVersion::new);
            let printed = match determine_version(&identity, Published { url, label: None }, wanted.as_ref()) {
                Ok((version, version_source)) => format!("{version}, {version_source}"),
                Err(wrong) => wrong.reason,
            };
            assert!(!expected.is_empty() && printed.starts_with(expected), "{expected}: {printed}");
        }
    }
}
