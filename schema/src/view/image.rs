//! Images of pages, as parts of an HTML page. Must not know what is on them.

use base64::prelude::*;

/// The image of a page of a document: PNG, JPEG, GIF or WebP.
#[derive(Clone, PartialEq)]
pub struct PageImage {
    pub(super) number: u32,
    pub(super) file_id: Option<String>,
    pub(super) size: Option<(f64, f64)>,
    bytes: Vec<u8>,
}

impl PageImage {
    /// Makes the image of a page, counted from 1, of a file's content. An image of another format is left out when it is shown.
    #[must_use]
    pub fn new(number: u32, content: impl Into<Vec<u8>>) -> Self {
        Self { number, file_id: None, size: None, bytes: content.into() }
    }

    /// Sets the file that the page is of; needed if several files are cited.
    #[must_use]
    pub fn of_file(mut self, id: impl Into<String>) -> Self {
        self.file_id = Some(id.into());
        self
    }

    /// Sets the size of the page in points; needed if citations do not mention it, which is so for runs with legacy settings.
    #[must_use]
    pub fn with_size(mut self, width: f64, height: f64) -> Self {
        self.size = Some((width, height));
        self
    }

    /// Returns the image as a URL without a reference to anything; `None` if its format is not known.
    pub(super) fn data_url(&self) -> Option<String> {
        let media_type = media_type(&self.bytes)?;
        Some(format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(&self.bytes)))
    }
}

impl std::fmt::Debug for PageImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageImage")
            .field("number", &self.number)
            .field("file_id", &self.file_id)
            .field("size", &self.size)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_base_64_with_padding() {
        let rows = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
            ("\u{3ff}\u{3bf}?", "z7/Ovz8="),
        ];
        for (bytes, text) in rows {
            assert_eq!(BASE64_STANDARD.encode(bytes), text, "{bytes:?}");
        }
    }

    #[test]
    fn only_images_become_urls() {
        let url = |content: &[u8]| PageImage::new(1, content).data_url();
        assert_eq!(url(b"\x89PNG").as_deref(), Some("data:image/png;base64,iVBORw=="));
        assert_eq!(url(b"\xff\xd8\xff").as_deref(), Some("data:image/jpeg;base64,/9j/"));
        assert_eq!(url(b"GIF8").as_deref(), Some("data:image/gif;base64,R0lGOA=="));
        assert!(url(b"RIFF0000WEBP").is_some_and(|url| url.starts_with("data:image/webp;")));
        assert_eq!([url(b"<svg onload=alert(1)>"), url(b"%PDF-1.7"), url(b"")], [None, None, None]);
    }
}
