//! Which URLs that a response names may be requested. Requests nothing.
//!
//! A run stays on the scheme, host and port of its source. Only a catalog or listing there may name documents on other hosts.

use std::collections::BTreeMap;

use super::plan::Source;
use crate::download::{check_link, origin, resolve};

/// Who names a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// A listing or a catalog.
    Listing,
    /// An index, a header or a web page.
    Mention,
}

/// Resolves a URL that the response at `base` names.
///
/// # Errors
///
/// Why it is not requested.
pub(super) fn follow(source: &Source, base: &str, reference: &str, naming: Naming) -> Result<String, &'static str> {
    let url = resolve(base, reference.trim());
    check_link(base, &url)?;
    let root = source.root.as_deref();
    let stays = origin(&url).as_deref() == root;
    let is_from_root = origin(base).as_deref() == root;
    match naming {
        Naming::Listing | Naming::Mention if stays => Ok(url),
        Naming::Listing if is_from_root => Ok(url),
        Naming::Listing => Err("another host, named by a response that is not from the host of the source"),
        Naming::Mention => Err("another host, which only a catalog or listing may name; --url requests it"),
    }
}

/// URLs that are not requested, by the reason.
#[derive(Clone, Debug, Default)]
pub(super) struct Refused(BTreeMap<&'static str, (usize, String)>);

impl Refused {
    /// Adds a URL.
    pub(super) fn add(&mut self, reason: &'static str, url: &str) {
        let shown: String = url.chars().take(100).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect();
        // A password is no secret of ours, but need not be repeated.
        let shown = match (shown.find("://"), shown.rfind('@')) {
            (Some(start), Some(end)) if start < end => {
                format!("{}://…{}", shown.get(..start).unwrap_or_default(), shown.get(end..).unwrap_or_default())
            }
            (_, _) => shown,
        };
        self.0.entry(reason).or_insert((0, shown)).0 += 1;
    }

    /// Returns whether every URL may be requested.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(reason, (count, first))| match count {
                1 => format!("{first} is not requested: {reason}"),
                count => format!("{first} and {} more are not requested: {reason}", count - 1),
            })
            .collect();
        formatter.write_str(&parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Expected, Place, Reason};
    use super::*;

    struct Row {
        base: &'static str,
        reference: &'static str,
        naming: Naming,
        allowed: bool,
    }

    #[test]
    fn only_a_listing_at_the_source_may_name_other_hosts() {
        let source = Source::first(Place::Url("https://d.example/x".to_owned()), Expected::Document, Reason::Profile);
        let (own, other) = ("https://d.example/a", "https://o.example/a");
        let rows = [
            Row { base: own, reference: "/openapi.json", naming: Naming::Mention, allowed: true },
            Row { base: own, reference: "https://o.example/b", naming: Naming::Mention, allowed: false },
            Row { base: own, reference: "https://o.example/b", naming: Naming::Listing, allowed: true },
            Row { base: own, reference: "https://d.example:8443/b", naming: Naming::Mention, allowed: false },
            Row { base: other, reference: "/b", naming: Naming::Listing, allowed: false },
            Row { base: other, reference: "https://p.example/b", naming: Naming::Listing, allowed: false },
            Row { base: other, reference: "https://d.example/b", naming: Naming::Listing, allowed: true },
            Row { base: own, reference: "http://o.example/b", naming: Naming::Listing, allowed: false },
            Row { base: own, reference: "file:///etc/passwd", naming: Naming::Listing, allowed: false },
            Row { base: own, reference: "https://user:secret@d.example/b", naming: Naming::Listing, allowed: false },
        ];
        for Row { base, reference, naming, allowed } in rows {
            assert_eq!(follow(&source, base, reference, naming).is_ok(), allowed, "{base} {reference} {naming:?}");
        }
    }

    #[test]
    fn refused_urls_are_counted_and_shown_without_passwords() {
        let mut refused = Refused::default();
        refused.add("no", "https://user:secret@d.example/\u{1b}[2J");
        refused.add("no", "file:///x");
        assert_eq!(refused.to_string(), "https://…@d.example/?[2J and 1 more are not requested: no");
    }
}
