//! Serves a site on the loopback interface, with `ETag`, conditional requests and gzip. Knows HTTP as far as that needs it.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use super::{Resource, Resources, Site};

/// A site that runs until the process ends.
#[derive(Debug)]
pub struct Running {
    origin: String,
    seen: Arc<Mutex<Vec<String>>>,
    thread: JoinHandle<()>,
}

impl Running {
    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Returns the paths of all requests so far, in order.
    pub fn paths(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().filter_map(|head| head.split(' ').nth(1)).map(str::to_owned).collect()
    }

    /// Returns the heads of all requests so far, in order.
    pub fn heads(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits as long as the site runs.
    pub fn wait(self) {
        // A thread that panicked has reported why.
        let _ended = self.thread.join();
    }
}

/// A site whose resources are made when the first is requested.
struct Prepared {
    site: Site,
    resources: OnceLock<(Resources, Resource)>,
}

impl Prepared {
    fn find(&self, path: &str, origin: &str) -> Resource {
        let (resources, missing) =
            self.resources.get_or_init(|| (self.site.resources(origin), self.site.missing(origin)));
        // An unknown query does not matter.
        let known = resources.get(path).or_else(|| resources.get(path.split('?').next().unwrap_or_default()));
        known.unwrap_or(missing).clone()
    }
}

/// Serves sites, each below its base path. The first one also gets requests that belong to none.
///
/// # Errors
///
/// The port is in use.
pub fn serve(sites: Vec<Site>, port: u16) -> io::Result<Running> {
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let origin = format!("http://{}", listener.local_addr()?);
    let prepared: Vec<Prepared> = sites.into_iter().map(|site| Prepared { site, resources: OnceLock::new() }).collect();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, prepared, own) = (Arc::clone(&seen), Arc::new(prepared), origin.clone());
    let thread = thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (log, prepared, origin) = (Arc::clone(&log), Arc::clone(&prepared), own.clone());
            thread::spawn(move || {
                let find = |path: &str| {
                    let named =
                        prepared.iter().filter(|prepared| path.starts_with(&format!("{}/", prepared.site.base)));
                    let site = named.max_by_key(|prepared| prepared.site.base.len()).or_else(|| prepared.first());
                    site.map(|site| site.find(path, &origin))
                };
                // A client that has seen enough hangs up.
                let _closed = respond(stream, &log, find);
            });
        }
    });
    Ok(Running { origin, seen, thread })
}

fn respond(mut stream: TcpStream, log: &Mutex<Vec<String>>, find: impl Fn(&str) -> Option<Resource>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    log.lock().unwrap_or_else(PoisonError::into_inner).push(head.clone());
    let Some(resource) = find(&path) else { return Ok(()) };
    let header = |name: &str| {
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    let tag = format!("\"{:016x}\"", digest(resource.body.as_bytes()));
    if header("if-none-match") == Some(tag.as_str()) && resource.status.starts_with("200") {
        return write!(stream, "HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n");
    }
    let accepts_gzip = header("accept-encoding").is_some_and(|value| value.contains("gzip"));
    let (body, encoding) = if accepts_gzip {
        (compress(resource.body.as_bytes())?, "Content-Encoding: gzip\r\n")
    } else {
        (resource.body.into_bytes(), "")
    };
    write!(
        stream,
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nETag: {tag}\r\nVary: Accept-Encoding\r\n{encoding}{}Connection: \
         close\r\n\r\n",
        resource.status,
        resource.media_type,
        body.len(),
        resource.headers
    )?;
    stream.write_all(&body)
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// FNV-1a, which suffices to distinguish the resources of one site.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
