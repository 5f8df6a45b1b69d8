//! Downloads a file from a link that is its own credential, such as a presigned URL.
//!
//! This module must not know an API, its key or its headers: none of them is sent. Only the host of a link is ever
//! displayed, because the whole link grants access to the file.

mod clients;
mod completeness;
mod disk;
mod link;
mod target;

use std::error::Error as StdError;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{StatusCode, header};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::client::addresses::NotPublic;
use crate::client::confidential::Confidential;
use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind};
use crate::decode::decode_json;
#[cfg(feature = "webhooks")]
use crate::decode::read_json_within;
#[cfg(feature = "webhooks")]
use crate::json::{ReadJson, ReadLimits};
use crate::operation::{Deprecation, Operation, Security};
use crate::progress::{Listener, Progress};
pub(crate) use clients::LinkClients;
use clients::Unavailable;
use completeness::Coding;
use disk::Destination;
use link::{Link, Reach};

/// Maximum time without data from the server: before its response, and between two pieces of the file.
const IDLE: Duration = Duration::from_secs(30);
/// Default size limit of a file, in bytes: 1 GiB.
const MOST_BYTES: u64 = 1 << 30;
/// Maximum number of redirects that are followed.
const MOST_REDIRECTS: usize = 5;
/// Maximum number of bytes of an error response that are kept.
const MOST_ERROR_BYTES: usize = 64 * 1024;

/// The operation that errors name.
static OPERATION: Operation = Operation {
    id: "download",
    method: "GET",
    path: "",
    summary: "Fetch a file from a link",
    deprecated: Deprecation::Current,
    accept: "",
    started: &[],
    security: Security::Default,
};

/// The download of a file from a link. Nothing is sent until one of `bytes`, `json`, `write_to` and `save_to` is
/// awaited.
///
/// The request contains neither the key nor the headers of the client. Links must be `https`, or lead to this machine.
#[derive(Clone)]
#[must_use = "a download does nothing until it is awaited"]
pub struct Download {
    clients: LinkClients,
    link: Result<Link, String>,
    reach: Reach,
    coding: Coding,
    most: u64,
    idle: Duration,
    limit: Option<Duration>,
    listener: Option<Listener>,
    /// The secrets of the client that the download belongs to: a link can lead to a server that knows them.
    confidential: Confidential,
}

impl Core {
    /// Returns a download from a link, without the key and the headers of this client.
    pub fn download(&self, link: &str) -> Download {
        let mut download =
            Download::with_clients(self.link_clients().clone(), link).max_bytes(self.max_response_bytes());
        download.confidential = self.confidential().clone();
        download
    }
}

impl Download {
    /// Returns a download with this HTTP client, or with a default one if there is none. A link that cannot be used is
    /// an error once the download is awaited.
    ///
    /// An HTTP client that follows redirects is not used, because it would request targets that have not been checked
    /// and send the link in `Referer`: build it with `redirect::Policy::none()`. Links to this machine without TLS are
    /// never fetched with it, because it may have a proxy.
    pub fn new(http: Option<reqwest::Client>, link: &str) -> Self {
        Self::with_clients(LinkClients::new(http, None), link)
    }

    fn with_clients(clients: LinkClients, link: &str) -> Self {
        let link = Link::parse(link);
        Self {
            clients,
            link,
            reach: Reach::Anywhere,
            coding: Coding::Identity,
            most: MOST_BYTES,
            idle: IDLE,
            limit: None,
            listener: None,
            confidential: Confidential::default(),
        }
    }

    /// Returns a download that fails with this reason once it is awaited.
    pub fn impossible(reason: impl Into<String>) -> Self {
        let mut download = Self::with_clients(LinkClients::default(), "");
        download.link = Err(reason.into());
        download
    }

    /// Rejects links and redirects to private, local and metadata addresses; use it for links from untrusted sources.
    /// This machine is allowed if the link itself names it. A proxy resolves names itself, so behind one, only IP
    /// addresses in links are rejected.
    pub fn public_only(mut self) -> Self {
        self.reach = Reach::PublicOnly;
        self
    }

    /// Accepts a file that the server keeps compressed, as object stores do with a file that was stored with a
    /// `Content-Encoding`: what is received is the compressed file, and nothing is decompressed. By default, such a file
    /// is an error.
    pub fn keep_encoding(mut self) -> Self {
        self.coding = Coding::Any;
        self
    }

    /// Sets the size limit of the file, in bytes. The default is that of the client for responses; 1 GiB for `new`.
    pub fn max_bytes(mut self, most: u64) -> Self {
        self.most = most;
        self
    }

    /// Sets the maximum time without data from the server. The default is 30 seconds.
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Sets the time limit of the whole download. There is none by default.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets a function that is called with the number of bytes received so far. It is called between pieces of the
    /// file, so it should return quickly.
    pub fn progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Listener::new(listener));
        self
    }

    /// Downloads the file into memory.
    ///
    /// # Errors
    ///
    /// Returns an error if the link cannot be used, the server cannot be reached or responds with an error, or the file
    /// is too large or incomplete.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        let (limit, confidential) = (self.limit, self.confidential.clone());
        let fetched = async {
            let mut incoming = self.open().await?;
            let mut all = BytesMut::new();
            while let Some(piece) = incoming.next().await? {
                all.extend_from_slice(&piece);
            }
            Ok(all.freeze())
        };
        within(limit, fetched).await.map_err(|error| error.conceal(&confidential))
    }

    /// Downloads a JSON file and decodes it.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes); also if the file is not JSON that matches the type.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        let confidential = self.confidential.clone();
        let bytes = self.bytes().await?;
        decode_json(&bytes).map_err(|problem| {
            error(ErrorKind::Decode, format!("unexpected content at {problem}")).conceal(&confidential)
        })
    }

    /// Downloads a JSON file and decodes it. The result may take so many times as much memory as the file.
    #[cfg(feature = "webhooks")]
    pub(crate) async fn read<T: ReadJson>(self, times: usize) -> Result<T, Error> {
        let confidential = self.confidential.clone();
        let bytes = self.bytes().await?;
        read_json_within(&bytes, ReadLimits::of_text(bytes.len(), times)).map_err(|problem| {
            error(ErrorKind::Decode, format!("unexpected content at {problem}")).conceal(&confidential)
        })
    }

    /// Downloads the file into a writer and returns the number of bytes. Data that arrived before an error has been
    /// written.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes); also if the writer fails.
    pub async fn write_to(self, writer: &mut (impl AsyncWrite + Unpin + ?Sized)) -> Result<u64, Error> {
        let (limit, confidential) = (self.limit, self.confidential.clone());
        let fetched = async {
            let mut incoming = self.open().await?;
            while let Some(piece) = incoming.next().await? {
                writer.write_all(&piece).await.map_err(Self::write_error)?;
            }
            writer.flush().await.map_err(Self::write_error)?;
            Ok(incoming.done)
        };
        within(limit, fetched).await.map_err(|error| error.conceal(&confidential))
    }

    /// Downloads the file to disk and returns the number of bytes. The file is written under a temporary name in the
    /// same directory, and moved into place only once it is complete and synced to disk: on any error, an existing file
    /// is left untouched.
    ///
    /// Only a regular file with write permission is replaced, and the new one keeps its mode; a directory, a pipe, a
    /// socket, a device or a read-only file is an error before anything is requested. A symbolic link remains, and its
    /// target is replaced.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes); also if the file cannot be written.
    pub async fn save_to(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref().to_owned();
        let (limit, confidential) = (self.limit, self.confidential.clone());
        let unwritable = |source| {
            error(ErrorKind::Output, format!("the file {} cannot be written", path.display())).with_source(source)
        };
        let fetched = async {
            let destination = Destination::inspect(&path).await.map_err(unwritable)?;
            let mut incoming = self.open().await?;
            let mut draft = destination.draft().await.map_err(unwritable)?;
            while let Some(piece) = incoming.next().await? {
                draft.write(piece).await.map_err(unwritable)?;
            }
            draft.commit().await.map_err(unwritable)?;
            Ok(incoming.done)
        };
        within(limit, fetched).await.map_err(|error| error.conceal(&confidential))
    }

    /// Returns the error for a writer that failed.
    pub(crate) fn write_error(source: std::io::Error) -> Error {
        error(ErrorKind::Output, "the file cannot be written".to_owned()).with_source(source)
    }

    /// Requests the file, follows redirects, and waits for the head of the response.
    async fn open(self) -> Result<Incoming, Error> {
        let mut link = self.link.map_err(|reason| error(ErrorKind::InvalidRequest, reason))?;
        link.check_reach(self.reach, None).map_err(|problem| not_public(&link, &problem))?;
        for _ in 0..=MOST_REDIRECTS {
            // The time for building a client does not count as idle time of the server.
            let http = client_for(&self.clients, &link, self.reach).await?;
            let response = match tokio::time::timeout(self.idle, request(&http, &link).send()).await {
                Ok(response) => response.map_err(|source| broken(&link, source))?,
                Err(_) => return Err(silent(&link, self.idle)),
            };
            match redirect(&response) {
                Some(target) => {
                    let next = link.follow(target).map_err(|reason| error(ErrorKind::InvalidRequest, reason))?;
                    next.check_reach(self.reach, Some(&link)).map_err(|problem| not_public(&next, &problem))?;
                    link = next;
                }
                None if response.status() != StatusCode::OK => return Err(refused(response, &link, self.idle).await),
                None => {
                    let complete = completeness::check(response.headers(), self.coding);
                    complete.map_err(|problem| incomplete(&response, &link, &problem))?;
                    return Incoming::new(response, link, self.most, self.idle, self.listener);
                }
            }
        }
        let host = link.host();
        Err(error(ErrorKind::Transport, format!("{host} redirected more than {MOST_REDIRECTS} times")))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("link", &self.link)
            .field("max_bytes", &self.most)
            .field("idle_timeout", &self.idle)
            .field("timeout", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Returns a request for the file as it is stored. Without the header, any compression is acceptable.
fn request(http: &reqwest::Client, link: &Link) -> reqwest::RequestBuilder {
    http.get(link.url()).header(header::ACCEPT_ENCODING, "identity")
}

/// Returns the HTTP client for one hop.
async fn client_for(clients: &LinkClients, link: &Link, reach: Reach) -> Result<reqwest::Client, Error> {
    clients.client_for(link, reach).await.map_err(|problem| match problem {
        Unavailable::Refused(problem) => not_public(link, &problem),
        Unavailable::Broken(error) => error.during(&OPERATION),
    })
}

/// Returns the target of a redirect.
fn redirect(response: &reqwest::Response) -> Option<&str> {
    match response.status().as_u16() {
        301 | 302 | 303 | 307 | 308 => response.headers().get(header::LOCATION)?.to_str().ok(),
        _ => None,
    }
}

/// A file that is arriving.
struct Incoming {
    response: reqwest::Response,
    link: Link,
    most: u64,
    idle: Duration,
    listener: Option<Listener>,
    done: u64,
    total: Option<u64>,
}

impl Incoming {
    fn new(
        response: reqwest::Response,
        link: Link,
        most: u64,
        idle: Duration,
        listener: Option<Listener>,
    ) -> Result<Self, Error> {
        // Nothing decodes the body, so this is the number of bytes that will arrive.
        let total = response.content_length();
        let incoming = Self { response, link, most, idle, listener, done: 0, total };
        match total {
            Some(total) if total > most => Err(incoming.too_large()),
            Some(_) | None => Ok(incoming),
        }
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = match tokio::time::timeout(self.idle, self.response.chunk()).await {
            Ok(piece) => piece.map_err(|source| broken(&self.link, source))?,
            Err(_) => return Err(silent(&self.link, self.idle)),
        };
        let Some(piece) = piece else { return Ok(None) };
        self.done += piece.len() as u64;
        if self.done > self.most {
            return Err(self.too_large());
        }
        if let Some(listener) = &self.listener {
            listener.report(Progress { done: self.done, total: self.total });
        }
        Ok(Some(piece))
    }

    fn too_large(&self) -> Error {
        let message = format!("the file on {} is larger than {} bytes", self.link.host(), self.most);
        error(ErrorKind::ResponseTooLarge, message)
    }
}

async fn within<T>(limit: Option<Duration>, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let Some(limit) = limit else { return work.await };
    match tokio::time::timeout(limit, work).await {
        Ok(result) => result,
        Err(_) => Err(error(ErrorKind::Timeout, format!("the file did not arrive within {limit:?}"))),
    }
}

fn error(kind: ErrorKind, message: String) -> Error {
    Error::plain(kind, Some(&OPERATION), message)
}

/// Builds the error for an error response, with the beginning of its body.
async fn refused(mut response: reqwest::Response, link: &Link, idle: Duration) -> Error {
    let mut body = BytesMut::new();
    // The limit applies to the whole body, because the status matters more.
    let _ = tokio::time::timeout(idle, collect_error_body(&mut response, &mut body)).await;
    let status = response.status();
    let advice = match status.as_u16() {
        400 | 401 | 403 | 404 | 410 => "; the link may have expired: ask the API for a new one",
        200..=299 => "; only the status 200 is a whole file",
        _ => "",
    };
    let message = format!("{} gave no file{advice}", link.host());
    let received = (status, response.headers().clone(), body.freeze());
    Error::download_failed(&OPERATION, ErrorKind::Status, message, received)
}

/// Builds the error for a successful response that is not the whole file.
fn incomplete(response: &reqwest::Response, link: &Link, problem: &str) -> Error {
    let message = format!("{} gave no whole file: {problem}", link.host());
    let (status, headers) = (response.status(), response.headers().clone());
    Error::download_failed(&OPERATION, ErrorKind::Decode, message, (status, headers, Bytes::new()))
}

fn not_public(link: &Link, problem: &NotPublic) -> Error {
    let message = format!("the link to {} is not used: {problem}, which was asked for", link.host());
    error(ErrorKind::InvalidRequest, message)
}

async fn collect_error_body(response: &mut reqwest::Response, body: &mut BytesMut) {
    while let Ok(Some(piece)) = response.chunk().await {
        let room = MOST_ERROR_BYTES - body.len();
        body.extend_from_slice(&piece[..piece.len().min(room)]);
        if body.len() == MOST_ERROR_BYTES {
            break;
        }
    }
}

fn silent(link: &Link, idle: Duration) -> Error {
    error(ErrorKind::Timeout, format!("{} sent nothing for {idle:?}", link.host()))
}

/// Builds the error for a failed transfer. The URL is removed, because it is the credential.
fn broken(link: &Link, source: reqwest::Error) -> Error {
    let host = link.host();
    let mut causes = std::iter::successors(Some(&source as &(dyn StdError + 'static)), |cause| (*cause).source());
    if let Some(problem) = causes.find_map(|cause| cause.downcast_ref::<NotPublic>()) {
        return not_public(link, problem);
    }
    let (kind, message) = match (source.is_connect(), source.is_timeout()) {
        (true, _) => (ErrorKind::Connect, format!("cannot connect to {host}")),
        (false, true) => (ErrorKind::Timeout, format!("{host} took too long")),
        (false, false) => (ErrorKind::Transport, format!("the connection to {host} broke")),
    };
    error(kind, message).with_source(source.without_url())
}
