//! Opens and reads a file on disk for sending, so that a file that does not respond blocks nothing else.
//!
//! This module must not know forms. Everything but a named pipe is opened and read on a dedicated thread.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::pieces::{PIECE, WithBoxedError};
use crate::client::disk_thread::{DiskThread, Pending};
use crate::multipart::PieceStream;

/// An open file.
pub(super) enum DiskFile {
    /// The whole content.
    Whole(Bytes),
    /// The content in pieces.
    Pieces {
        source: PieceStream,
        /// The length, if it is known in advance.
        length: Option<u64>,
    },
    /// A pipe or a device, which can be read only once.
    Once(PieceStream),
}

/// What the thread found at a path.
enum Found {
    Whole(Bytes),
    Rest { first: Bytes, file: Arc<File>, length: Option<u64> },
    Device(Arc<File>),
    Pipe,
}

/// Opens the file at a path.
///
/// # Errors
///
/// Returns an error if the file cannot be read or is a directory.
pub(super) async fn open(path: &Path) -> io::Result<DiskFile> {
    let (disk, opened) = (DiskThread::start()?, path.to_owned());
    Ok(match disk.run(move || find(&opened)).await? {
        Found::Whole(content) => DiskFile::Whole(content),
        Found::Rest { first, file, length } => {
            DiskFile::Pieces { source: WithBoxedError::boxed(Reading::new(disk, file, first)), length }
        }
        Found::Device(file) => DiskFile::Once(WithBoxedError::boxed(Reading::new(disk, file, Bytes::new()))),
        Found::Pipe => DiskFile::Once(pipe::open(path)?),
    })
}

/// Inspects a path and reads the beginning of the file. The reported size is checked where possible, because files
/// whose content is generated on reading, such as those below `/proc`, report size 0.
fn find(path: &Path) -> io::Result<Found> {
    // Opening a pipe blocks until there is a writer.
    if pipe::is_pipe(&std::fs::metadata(path)?) {
        return Ok(Found::Pipe);
    }
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory, not a file"));
    }
    if !about.is_file() {
        return Ok(Found::Device(Arc::new(file)));
    }
    let first = first_piece(&file, &about)?;
    if first.len() <= PIECE {
        return Ok(Found::Whole(first));
    }
    let length = Some(about.len()).filter(|length| *length >= first.len() as u64);
    Ok(Found::Rest { first, file: Arc::new(file), length })
}

/// Reads up to one byte more than a piece, so that a file of exactly one piece is recognized as complete.
fn first_piece(file: &File, about: &Metadata) -> io::Result<Bytes> {
    let most = PIECE as u64 + 1;
    let room = usize::try_from(about.len().saturating_add(1).min(most)).unwrap_or(PIECE);
    let mut first = Vec::with_capacity(room);
    file.take(most).read_to_end(&mut first)?;
    Ok(first.into())
}

/// The pieces of a file, with one piece read ahead.
struct Reading {
    disk: DiskThread,
    file: Arc<File>,
    first: Bytes,
    next: Option<Pending<Bytes>>,
}

impl Reading {
    fn new(disk: DiskThread, file: Arc<File>, first: Bytes) -> Self {
        Self { disk, file, first, next: None }
    }

    fn read(&self) -> Pending<Bytes> {
        let file = Arc::clone(&self.file);
        self.disk.run(move || {
            let mut piece = BytesMut::zeroed(PIECE);
            loop {
                match (&*file).read(&mut piece) {
                    Ok(length) => {
                        piece.truncate(length);
                        return Ok(piece.freeze());
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        })
    }
}

impl Stream for Reading {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut next = match self.next.take() {
            Some(next) => next,
            None => self.read(),
        };
        if !self.first.is_empty() {
            self.next = Some(next);
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.first))));
        }
        let Poll::Ready(piece) = Pin::new(&mut next).poll(context) else {
            self.next = Some(next);
            return Poll::Pending;
        };
        if piece.as_ref().is_ok_and(|piece| !piece.is_empty()) {
            self.next = Some(self.read());
        }
        Poll::Ready(piece.map(|piece| (!piece.is_empty()).then_some(piece)).transpose())
    }
}

/// Named pipes: they are opened without waiting for a writer, and then read asynchronously, like a connection.
#[cfg(unix)]
mod pipe {
    use std::fs::Metadata;
    use std::io;
    use std::os::unix::fs::FileTypeExt;
    use std::path::Path;

    use tokio::net::unix::pipe::OpenOptions;
    use tokio_util::io::ReaderStream;

    use super::{PIECE, PieceStream, WithBoxedError};

    pub(super) fn is_pipe(about: &Metadata) -> bool {
        about.file_type().is_fifo()
    }

    pub(super) fn open(path: &Path) -> io::Result<PieceStream> {
        Ok(WithBoxedError::boxed(ReaderStream::with_capacity(OpenOptions::new().open_receiver(path)?, PIECE)))
    }
}

/// Other systems have no named pipes in the file system.
#[cfg(not(unix))]
mod pipe {
    use std::fs::Metadata;
    use std::io;
    use std::path::Path;

    use super::PieceStream;

    pub(super) fn is_pipe(_: &Metadata) -> bool {
        false
    }

    pub(super) fn open(_: &Path) -> io::Result<PieceStream> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
