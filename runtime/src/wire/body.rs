//! Collects the body of an answer, up to a limit.
//!
//! It must not know what the body means.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// Room made beforehand for a body whose length is announced, in bytes. More is made as it arrives, so that an announcement
/// alone takes no memory.
const MOST_ROOM: u64 = 16 * 1024 * 1024;

/// A body as far as it came, and why it ended.
pub(super) struct Collected {
    pub(super) body: Bytes,
    pub(super) end: End,
}

/// Why a body ended.
pub(super) enum End {
    Complete,
    TooLarge,
    Broken(reqwest::Error),
}

/// Reads a body of at most `most` bytes.
pub(super) async fn collect(response: &mut Response, most: u64) -> Collected {
    let announced = response.content_length().unwrap_or(0).min(most).min(MOST_ROOM);
    let mut body = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0));
    let end = loop {
        match response.chunk().await {
            Ok(None) => break End::Complete,
            Err(source) => break End::Broken(source),
            Ok(Some(chunk)) => {
                let room = most.saturating_sub(body.len() as u64);
                if chunk.len() as u64 > room {
                    body.extend_from_slice(&chunk[..usize::try_from(room).unwrap_or(chunk.len())]);
                    break End::TooLarge;
                }
                body.extend_from_slice(&chunk);
            }
        }
    };
    Collected { body: body.freeze(), end }
}
