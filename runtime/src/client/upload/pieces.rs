//! The content of a file as a request body: it reports progress, keeps to the announced length, and names the file in
//! errors.
//!
//! This module must not know forms or where the bytes come from.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::panic::PanicSlot;
use crate::multipart::PieceStream;
use crate::progress::{Listener, Progress};

type Cause = Box<dyn StdError + Send + Sync>;

/// Maximum size of a piece of a file that is read or sent at once, in bytes.
pub(super) const PIECE: usize = 64 * 1024;

/// A file in memory, in pieces.
pub(super) struct Slices(pub(super) Bytes);

impl Stream for Slices {
    type Item = Result<Bytes, Cause>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let length = self.0.len().min(PIECE);
        Poll::Ready((length > 0).then(|| Ok(self.0.split_to(length))))
    }
}

/// A stream whose errors, of any type, are boxed.
pub(super) struct WithBoxedError<S>(Pin<Box<S>>);

impl<S, E> WithBoxedError<S>
where
    S: Stream<Item = Result<Bytes, E>> + Send + Sync + 'static,
    E: Into<Cause> + 'static,
{
    /// Returns the stream as a source of pieces.
    pub(super) fn boxed(stream: S) -> PieceStream {
        Box::pin(Self(Box::pin(stream)))
    }
}

impl<S: Stream<Item = Result<Bytes, E>>, E: Into<Cause>> Stream for WithBoxedError<S> {
    type Item = Result<Bytes, Cause>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context).map_err(Into::into)
    }
}

/// The body of a part.
pub(super) struct Pieces {
    source: PieceStream,
    sent: u64,
    total: Option<u64>,
    listener: Option<Listener>,
    /// The path or name of the file.
    name: String,
    panics: PanicSlot,
}

impl Pieces {
    /// Returns the body with the bytes of a source. `total` is the length that the request announces; no more than that
    /// is sent.
    pub(super) fn new(
        source: PieceStream,
        total: Option<u64>,
        listener: Option<Listener>,
        name: String,
        panics: PanicSlot,
    ) -> Self {
        Self { source, sent: 0, total, listener, name, panics }
    }

    /// Returns the announced length.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    fn fail(&self, cause: impl Into<Cause>) -> Unreadable {
        Unreadable { name: self.name.clone(), cause: cause.into() }
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, Unreadable>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let panics = self.panics.clone();
        match panics.catch(|| self.next(context)) {
            Ok(next) => next,
            Err(panicked) => Poll::Ready(Some(Err(self.fail(panicked)))),
        }
    }
}

impl Pieces {
    /// Returns the next piece. The source and the listener may be code of the user.
    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Unreadable>>> {
        let left = self.total.map(|total| total - self.sent);
        if left == Some(0) {
            return Poll::Ready(None);
        }
        let mut piece = match std::task::ready!(self.source.as_mut().poll_next(context)) {
            Some(Ok(piece)) => piece,
            Some(Err(cause)) => return Poll::Ready(Some(Err(self.fail(cause)))),
            None if left.is_some() => return Poll::Ready(Some(Err(self.fail("it became shorter while it was sent")))),
            None => return Poll::Ready(None),
        };
        // The file may have grown since: the announced length applies.
        if let Some(left) = left {
            piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        }
        self.sent += piece.len() as u64;
        if let Some(listener) = &self.listener {
            listener.report(Progress { done: self.sent, total: self.total });
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

/// The error of a file that could not be read to its end while it was sent.
#[derive(Debug)]
pub(crate) struct Unreadable {
    name: String,
    cause: Cause,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read the file {}", self.name)
    }
}

impl StdError for Unreadable {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause: &(dyn StdError + 'static) = self.cause.as_ref();
        Some(cause)
    }
}

/// Finds the failed file among the causes of an interrupted request.
pub(crate) fn find_read_failure<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Unreadable> {
    std::iter::successors(Some(error), |error| (*error).source()).find_map(|error| error.downcast_ref())
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::{Arc, Mutex};

    use super::*;

    async fn drain(mut pieces: Pieces) -> Result<Vec<u8>, Unreadable> {
        let mut all = Vec::new();
        while let Some(piece) = poll_fn(|context| Pin::new(&mut pieces).poll_next(context)).await {
            all.extend_from_slice(&piece?);
        }
        Ok(all)
    }

    #[tokio::test]
    async fn announced_length_is_kept() {
        for (content, total, expected) in [
            ("abc", Some(3), Ok("abc")),
            ("abc", None, Ok("abc")),
            ("abcdef", Some(3), Ok("abc")),
            ("", Some(0), Ok("")),
            ("ab", Some(3), Err("it became shorter while it was sent")),
        ] {
            let source = Box::pin(Slices(Bytes::from_static(content.as_bytes())));
            let result = drain(Pieces::new(source, total, None, "a.pdf".to_owned(), PanicSlot::default())).await;
            match expected {
                Ok(text) => assert_eq!(result.unwrap(), text.as_bytes()),
                Err(cause) => {
                    let error = result.unwrap_err();
                    assert_eq!(error.to_string(), "cannot read the file a.pdf");
                    assert_eq!(error.source().unwrap().to_string(), cause);
                }
            }
        }
    }

    #[tokio::test]
    async fn progress_counts_to_the_end() {
        let reported = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&reported);
        let listener = Listener::new(move |progress| record.lock().unwrap().push((progress.done, progress.total)));
        let content = Bytes::from(vec![7; PIECE * 2 + 1]);
        let (length, source) = (content.len() as u64, Box::pin(Slices(content)));
        drain(Pieces::new(source, Some(length), Some(listener), String::new(), PanicSlot::default())).await.unwrap();
        let piece = PIECE as u64;
        assert_eq!(*reported.lock().unwrap(), [piece, piece * 2, length].map(|done| (done, Some(length))));
    }
}
