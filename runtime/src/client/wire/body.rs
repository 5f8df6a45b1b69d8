//! Collects the body of a response, up to a size limit.
//!
//! This module must not know what the body means.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// Maximum number of bytes that are reserved in advance for a body with an announced length. The buffer grows as more
/// arrives, so that an announcement alone cannot consume memory.
const MOST_ROOM: u64 = 16 * 1024 * 1024;

/// The part of a body that arrived, and why it ended.
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
    let mut body = Pieces::None;
    let end = loop {
        match response.chunk().await {
            Ok(None) => break End::Complete,
            Err(source) => break End::Broken(source),
            Ok(Some(mut chunk)) => {
                let room = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(body.len());
                let fits = chunk.len() <= room;
                chunk.truncate(room);
                body.add(chunk, usize::try_from(announced).unwrap_or(0));
                if !fits {
                    break End::TooLarge;
                }
            }
        }
    };
    Collected { body: body.joined(), end }
}

/// The pieces that have arrived. A body of one piece is not copied.
enum Pieces {
    None,
    One(Bytes),
    Many(BytesMut),
}

impl Pieces {
    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(piece) => piece.len(),
            Self::Many(pieces) => pieces.len(),
        }
    }

    fn add(&mut self, piece: Bytes, announced: usize) {
        match self {
            Self::None => *self = Self::One(piece),
            Self::One(first) => {
                let mut pieces = BytesMut::with_capacity(announced.max(first.len() + piece.len()));
                pieces.extend_from_slice(first);
                pieces.extend_from_slice(&piece);
                *self = Self::Many(pieces);
            }
            Self::Many(pieces) => pieces.extend_from_slice(&piece),
        }
    }

    fn joined(self) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::One(piece) => piece,
            Self::Many(pieces) => pieces.freeze(),
        }
    }
}
