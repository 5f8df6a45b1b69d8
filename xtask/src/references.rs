//! Reads the files that a document refers to, as far as they may be read: those in its folder, or of its origin. What is in them is the
//! generator's concern.

use std::path::{Path, PathBuf};

use generator::bundle::{Bundle, Unread, bundle_document};
use generator::profile::FetchLimits;

use crate::download::{self, Deadline, Download, Limits, Redirects, Request, WallClock, origin};

/// Where the files of a document may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach<'a> {
    /// In the folder of the document, and in these folders.
    Folders(&'a [PathBuf]),
    /// On the server of the document.
    Origin(&'a Limits),
}

/// Bundles a document with the files that it refers to; `location` is its path or URL. Returns `None` if it refers to none.
pub(crate) fn bundle(document: &[u8], location: &str, reach: Reach<'_>) -> Option<Bundle> {
    match reach {
        Reach::Folders(allowed) => {
            let reader = FileReader::new(location, allowed);
            bundle_document(document, location, &mut |file| reader.read(file))
        }
        Reach::Origin(limits) => {
            let deadline = Deadline::after(limits.time * 2);
            let mut reader = UrlReader { origin: origin(location), limits, left: limits.bytes, deadline };
            bundle_document(document, location, &mut |url| reader.read(url))
        }
    }
}

/// Like [`bundle`], for the argument of a command: a path, or a URL with the default limits.
pub(crate) fn bundle_argument(document: &[u8], location: &str, allowed: &[PathBuf]) -> Option<Bundle> {
    if location.contains("://") {
        bundle(document, location, Reach::Origin(&Limits::from(&FetchLimits::default())))
    } else {
        bundle(document, location, Reach::Folders(allowed))
    }
}

/// Reads files in folders.
struct FileReader {
    /// The folders, without symbolic links.
    folders: Vec<PathBuf>,
    limits: Limits,
}

impl FileReader {
    fn new(document: &str, allowed: &[PathBuf]) -> Self {
        let own =
            Path::new(document).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folders = std::iter::once(own).chain(allowed.iter().map(PathBuf::as_path));
        // A folder that does not exist contains nothing.
        let folders = folders.filter_map(|folder| folder.canonicalize().ok()).collect();
        Self { folders, limits: Limits::from(&FetchLimits::default()) }
    }

    fn read(&self, location: &str) -> Result<Vec<u8>, Unread> {
        let unread = |reason: String, help: &str| Unread { reason, help: help.to_owned() };
        if location.contains("://") {
            let help = "put the file beside the document, or give the URL of the document";
            return Err(unread("a document on this machine does not lead to the network".to_owned(), help));
        }
        let cannot_read = |error: std::io::Error| {
            unread(format!("cannot read `{location}`: {error}"), "correct the reference, or add the file")
        };
        // Links are followed before the folder is compared.
        let path = Path::new(location).canonicalize().map_err(cannot_read)?;
        if !self.folders.iter().any(|folder| path.starts_with(folder)) {
            let help = "allow a folder with --allow-outside DIR, or move the file";
            return Err(unread(format!("`{location}` is outside of the folder of the document"), help));
        }
        if !path.is_file() {
            return Err(unread(format!("`{location}` is not a file"), "refer to a file"));
        }
        let received = download::read_file(&path, &self.limits);
        received.map(|received| received.bytes).map_err(|error| {
            unread(format!("cannot read `{location}`: {}", error.reason), "correct the reference, or the file")
        })
    }
}

/// Downloads files from one server.
struct UrlReader<'a> {
    /// `None` if the URL of the document is not valid.
    origin: Option<String>,
    limits: &'a Limits,
    /// Bytes that may still be downloaded, for all files together.
    left: u64,
    /// When no further file is requested.
    deadline: Deadline,
}

impl UrlReader<'_> {
    fn read(&mut self, url: &str) -> Result<Vec<u8>, Unread> {
        let unread = |reason: String, help: &str| Unread { reason, help: help.to_owned() };
        let help = "download the documents into one folder and use that";
        let own = self.origin.as_deref().unwrap_or("of the document");
        if origin(url).is_none_or(|origin| origin != own) {
            return Err(unread(format!("`{url}` is not of the origin {own}"), help));
        }
        let Some(limits) = self.deadline.limits(self.limits, self.limits.attempts) else {
            return Err(unread(format!("`{url}` is not requested, because the other files took too long"), help));
        };
        // A redirect could lead to another server.
        let limits = Limits { redirects: 0, bytes: self.left, ..limits };
        let request = Request { url, known: None, redirects: Redirects::SameOrigin };
        let (download, _) = download::get(request, &limits, &mut WallClock)
            .map_err(|error| unread(format!("cannot download `{url}`: {}", error.reason), "correct the reference"))?;
        match download {
            Download::Received(received) => {
                let bytes = received.bytes;
                self.left = self.left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                Ok(bytes)
            }
            Download::NotModified => Err(unread(format!("`{url}`: the server sent nothing"), "try again")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_origin_of_the_document_are_requested() {
        let limits = Limits::from(&FetchLimits::default());
        let rows = [
            ("https://a.example/x.yaml", "https://b.example/y.yaml"),
            ("https://a.example/x.yaml", "http://a.example/y.yaml"),
            ("https://a.example/x.yaml", "https://a.example:444/y.yaml"),
            ("https://a.example/x.yaml", "https://a.example@b.example/y.yaml"),
            ("https://a.example/x.yaml", "file:///etc/passwd"),
            ("not a URL", "https://a.example/y.yaml"),
            ("not a URL", "nor this"),
        ];
        for (document, file) in rows {
            let deadline = Deadline::after(limits.time);
            let mut reader = UrlReader { origin: origin(document), limits: &limits, left: limits.bytes, deadline };
            let reason = reader.read(file).unwrap_err().reason;
            assert!(reason.contains("is not of the origin"), "{document} {file}: {reason}");
        }
        // A name and a password in front of the host are no part of the origin; such a URL is not requested.
        let own = origin("https://b.example/x.yaml");
        let deadline = Deadline::after(limits.time);
        let mut reader = UrlReader { origin: own, limits: &limits, left: limits.bytes, deadline };
        let reason = reader.read("https://a.example@b.example/y.yaml").unwrap_err().reason;
        assert!(reason.contains("user name or password"), "{reason}");
    }
}
