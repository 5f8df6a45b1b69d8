//! A server on this machine that plays a documentation site, also on its bad days. Knows HTTP as far as that needs it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends these bytes and hangs up.
    Bytes(Vec<u8>),
    /// Sends a head, then so many bytes of a body until the client hangs up.
    Endless(Vec<u8>, u64),
    /// Sends these bytes, then nothing until the client hangs up.
    Stuck(Vec<u8>),
}

/// A server that runs until the test process ends.
pub(crate) struct Server {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Responds to each request by its path and the number of requests for it so far.
    pub(crate) fn start(response: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, response) = (Arc::clone(&seen), Arc::new(response));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (log, response) = (Arc::clone(&log), Arc::clone(&response));
                thread::spawn(move || serve(stream, &log, &*response));
            }
        });
        Self { address, seen }
    }

    /// Sends the same response to every request.
    pub(crate) fn always(bytes: Vec<u8>) -> Self {
        Self::start(move |_, _| Reply::Bytes(bytes.clone()))
    }

    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of all requests so far, in order.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// The paths of all requests so far, in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().iter().map(|head| path_of(head).to_owned()).collect()
    }
}

fn path_of(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<String>>, response: &dyn Fn(&str, usize) -> Reply) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|count| count > 2) {}
    if head.is_empty() {
        return;
    }
    let path = path_of(&head).to_owned();
    let before = {
        let mut log = log.lock().unwrap();
        let before = log.iter().filter(|head| path_of(head) == path).count();
        log.push(head);
        before
    };
    // A client that has seen enough hangs up, which is no failure of the server.
    let _ = match response(&path, before) {
        Reply::Bytes(bytes) => stream.write_all(&bytes),
        Reply::Endless(bytes, count) => endless(&mut stream, &bytes, count),
        Reply::Stuck(bytes) => stream.write_all(&bytes).and_then(|()| reader.read_line(&mut String::new()).map(|_| ())),
    };
}

fn endless(stream: &mut TcpStream, head: &[u8], count: u64) -> std::io::Result<()> {
    stream.write_all(head)?;
    let chunk = [b' '; 64 * 1024];
    let mut left = count;
    while left > 0 {
        let part = left.min(chunk.len() as u64);
        stream.write_all(&chunk[..usize::try_from(part).unwrap()])?;
        left -= part;
    }
    Ok(())
}

/// A whole response; `headers` are lines that each end in CRLF.
pub(crate) fn response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}
