//! A server on loopback that only writes prepared bytes and keeps connections open.
//!
//! It must not know who sends the requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// Chooses the response to a request by its first line.
pub type Respond = dyn Fn(&str) -> Arc<[u8]> + Send + Sync;

/// Prepares a response with a body of JSON.
pub fn response(body: &[u8]) -> Arc<[u8]> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat().into()
}

/// Prints the address and serves for as long as the process lives.
///
/// # Errors
///
/// No port is free.
pub fn serve(respond: Arc<Respond>) -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    for stream in listener.incoming().flatten() {
        let respond = Arc::clone(&respond);
        thread::spawn(move || serve_connection(&stream, &*respond));
    }
    Ok(())
}

/// Responds to the requests of one connection until it ends.
fn serve_connection(stream: &TcpStream, respond: &Respond) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some((first, length)) = read_head(&mut reader)? {
        std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
        writer.write_all(&respond(&first))?;
    }
    Ok(())
}

/// First line of the next request and length of its body; `None` at the end of the connection.
fn read_head(reader: &mut impl BufRead) -> std::io::Result<Option<(String, u64)>> {
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or(0);
            }
            Some(_) => {}
            None if line.trim_end().is_empty() => return Ok(Some((first, length))),
            None => {}
        }
    }
}
