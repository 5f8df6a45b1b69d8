//! Templates of paths: which of them are one URL.

/// Removes the names of parameters from a path: renaming them does not change the URL.
pub(crate) fn remove_names(path: &str) -> String {
    let part = |part: &str| match (part.find('{'), part.rfind('}')) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{{}}{}", part.get(..start).unwrap_or_default(), part.get(end + 1..).unwrap_or_default())
        }
        (_, _) => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
