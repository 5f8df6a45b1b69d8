//! The SHA-256 of a file that is to be uploaded, so that equal content can be recognized.
//!
//! It must not know what the fingerprint is used for.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};

use super::pieces::PIECE;
use crate::client::disk_thread::DiskThread;
use crate::client::error::{Error, ErrorKind};
use crate::multipart::{FilePart, PieceStream, Source};

impl FilePart {
    /// Reads the file and returns its SHA-256, and a file that can be uploaded. A file on disk is read in pieces; a stream or
    /// reader, which can be read only once, is kept in memory.
    ///
    /// # Errors
    ///
    /// Returns an error that names the file if it cannot be read.
    pub async fn into_fingerprinted(mut self) -> Result<(Self, [u8; 32]), Error> {
        let name = match &self.source {
            Source::Path(path) => path.display().to_string(),
            Source::Bytes(_) | Source::Stream(_) => self.file_name.clone(),
        };
        let (source, digest) = digest_source(self.source).await.map_err(|problem| {
            let error = Error::plain(ErrorKind::InvalidRequest, None, format!("cannot read the file {name}"));
            error.with_source(problem)
        })?;
        self.source = source;
        Ok((self, digest))
    }
}

async fn digest_source(source: Source) -> io::Result<(Source, [u8; 32])> {
    let bytes = match source {
        Source::Path(path) => {
            let read = path.clone();
            let digest = DiskThread::start()?.run(move || digest_file(read)).await?;
            return Ok((Source::Path(path), digest));
        }
        Source::Bytes(bytes) => bytes,
        Source::Stream(stream) => collect(stream).await?,
    };
    let digest = Sha256::digest(&bytes).into();
    Ok((Source::Bytes(bytes), digest))
}

fn digest_file(path: PathBuf) -> io::Result<[u8; 32]> {
    let (mut file, mut digest, mut piece) = (File::open(path)?, Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(digest.finalize().into()),
            Ok(length) => digest.update(&piece[..length]),
            Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
            Err(problem) => return Err(problem),
        }
    }
}

async fn collect(mut stream: PieceStream) -> io::Result<Bytes> {
    let mut content = BytesMut::new();
    while let Some(piece) = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await {
        content.extend_from_slice(&piece.map_err(io::Error::other)?);
    }
    Ok(content.freeze())
}
