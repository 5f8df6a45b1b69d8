//! A server on loopback that sends the same response to every request and keeps connections open. It stays on the first core, and what
//! is measured on the last one: where a scheduler puts the two changes the time of a request more than any client could.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock};
use std::thread;

use core_affinity::CoreId;

static CORES: LazyLock<Vec<CoreId>> = LazyLock::new(|| core_affinity::get_core_ids().unwrap_or_default());

/// Starts it; it lives as long as the process.
///
/// # Errors
///
/// No port is free.
pub fn start(body: Vec<u8>) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let response: Arc<[u8]> = [head.into_bytes(), body].concat().into();
    // Told here: a thread knows only those cores that the one which started it may use.
    let first = CORES.first();
    thread::spawn(move || {
        stay_on(first);
        for stream in listener.incoming().flatten() {
            let response = Arc::clone(&response);
            thread::spawn(move || serve(&stream, &response));
        }
    });
    Ok(address)
}

/// Keeps this thread on the last core.
pub fn stay_on_the_last_core() {
    stay_on(CORES.last());
}

/// Where a thread cannot be kept on a core, it stays where it is put.
fn stay_on(core: Option<&CoreId>) {
    if let Some(core) = core {
        core_affinity::set_for_current(*core);
    }
}

/// Responds to the requests of one connection until it ends.
fn serve(stream: &TcpStream, response: &[u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some(length) = read_head(&mut reader)? {
        std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
        writer.write_all(response)?;
    }
    Ok(())
}

/// Length of the body of the next request; none at the end of the connection.
fn read_head(reader: &mut impl BufRead) -> std::io::Result<Option<u64>> {
    let mut length = 0;
    let mut line = String::new();
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
            None if line.trim_end().is_empty() => return Ok(Some(length)),
            None => {}
        }
    }
}
