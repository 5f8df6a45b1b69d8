//! Large files pass through without being held in memory. One test in a process of its own, so that nothing else counts.
//!
//! It must not know any vendor.

#[cfg(test)]
mod tests {
    use sdk_runtime::Download;
    use sdk_runtime::{FilePart, codegen::Form};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// Size of each file, in bytes.
    const SIZE: u64 = 256 * 1024 * 1024;
    /// What the process may need in all, in bytes.
    const MOST: u64 = 64 * 1024 * 1024;

    /// The most memory the process has had, in bytes; none where the system does not tell.
    fn peak() -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
    }

    /// Counts what arrives of a body with one file, up to the mark at the end of a form.
    async fn swallow(stream: &mut TcpStream) -> u64 {
        let (mut buffer, mut tail, mut count) = (vec![0; 64 * 1024], Vec::new(), 0);
        while !tail.ends_with(b"--\r\n") && !tail.ends_with(b"--\r\n\r\n0\r\n\r\n") {
            let read = stream.read(&mut buffer).await.unwrap();
            assert_ne!(read, 0, "the body breaks off after {count} bytes");
            count += read as u64;
            tail.extend_from_slice(&buffer[..read]);
            tail.drain(..tail.len().saturating_sub(16));
        }
        count
    }

    #[tokio::test]
    async fn uploads_and_downloads_need_little_memory() {
        let folder = tempfile::tempdir().unwrap();
        let (source, target) = (folder.path().join("source.bin"), folder.path().join("target.bin"));
        std::fs::File::create(&source).unwrap().set_len(SIZE).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let uploaded = swallow(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            let (mut stream, _) = listener.accept().await.unwrap();
            assert_ne!(stream.read(&mut [0; 4096]).await.unwrap(), 0);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            let piece = vec![0; 64 * 1024];
            for _ in 0..SIZE / 65_536 {
                stream.write_all(&piece).await.unwrap();
            }
            uploaded
        });
        let form = Form::new().file("file", FilePart::from_path(&source)).into_reqwest().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        assert!(http.post(&url).multipart(form).send().await.unwrap().status().is_success());
        assert_eq!(Download::new(None, &url).save_to(&target).await.unwrap(), SIZE);
        assert!(server.await.unwrap() > SIZE);
        if let Some(peak) = peak() {
            assert!(peak < MOST, "{peak} bytes were needed");
        }
    }
}
