//! Locations of files as text: relative references are resolved as RFC 3986 says, for paths as for URLs. Must not know whether a file
//! exists.

use crate::pointer::percent_decode;

/// Resolves a reference without a fragment against the location of the file that contains it. Paths are decoded, URLs stay encoded.
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    match split_origin(base) {
        Some((origin, path)) => match reference.strip_prefix("//") {
            Some(_) => format!("{}:{reference}", base.split(':').next().unwrap_or_default()),
            None => format!("{origin}{}", join(path.split(['?', '#']).next().unwrap_or_default(), reference)),
        },
        None => join(base, &percent_decode(&reference.replace('\\', "/"))),
    }
}

/// Returns whether a reference begins with a scheme. A single letter is a drive.
pub(crate) fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    })
}

/// Splits a URL into scheme with authority, and path.
fn split_origin(url: &str) -> Option<(&str, &str)> {
    let start = url.find("://").filter(|_| has_scheme(url))? + "://".len();
    let end = url.get(start..)?.find('/').map_or(url.len(), |slash| start + slash);
    Some(url.split_at(end))
}

/// Joins a path with a reference, without `.` and `..` where they can be resolved.
fn join(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let whole = match (reference.starts_with('/'), folder, base.starts_with('/')) {
        (true, _, _) => reference.to_owned(),
        (false, "", false) => reference.to_owned(),
        (false, folder, _) => format!("{folder}/{reference}"),
    };
    let is_absolute = whole.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if is_absolute => {}
            step => kept.push(step),
        }
    }
    format!("{}{}", if is_absolute { "/" } else { "" }, kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_like_urls() {
        let rows = [
            ("api/openapi.yaml", "schemas/pet.yaml", "api/schemas/pet.yaml"),
            ("api/openapi.yaml", "./a/../b.yaml", "api/b.yaml"),
            ("api/schemas/pet.yaml", "../../other/x.yaml", "other/x.yaml"),
            ("openapi.yaml", "../x.yaml", "../x.yaml"),
            ("/a/b/openapi.yaml", "../../../x.yaml", "/x.yaml"),
            ("/openapi.yaml", "x.yaml", "/x.yaml"),
            ("api/openapi.yaml", "/etc/passwd", "/etc/passwd"),
            ("api/openapi.yaml", "my%20schemas/a%2Bb.yaml", "api/my schemas/a+b.yaml"),
            ("api/openapi.yaml", "schemas\\pet.yaml", "api/schemas/pet.yaml"),
            ("api/openapi.yaml", "https://a.example/x.yaml", "https://a.example/x.yaml"),
            ("https://a.example/v1/openapi.yaml?x=/y", "schemas/a%20b.yaml", "https://a.example/v1/schemas/a%20b.yaml"),
            ("https://a.example/v1/openapi.yaml", "/x.yaml", "https://a.example/x.yaml"),
            ("https://a.example/v1/openapi.yaml", "//b.example/x.yaml", "https://b.example/x.yaml"),
            ("https://a.example/openapi.yaml", "../../x.yaml", "https://a.example/x.yaml"),
        ];
        for (base, reference, expected) in rows {
            assert_eq!(resolve(base, reference), expected, "{reference} in {base}");
        }
    }
}
