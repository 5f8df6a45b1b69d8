//! What a download may replace on disk, what it replaces it with, and what it leaves behind.
//!
//! It must not know where a download goes.

use std::path::Path;
use std::time::Duration;

use sdk_runtime::{Download, ErrorKind};

use crate::server::{Ending, Server};

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

async fn responding(response: &str) -> Server {
    Server::start(&[response], Ending::Close).await.unwrap()
}

fn download(server: &Server) -> Download {
    Download::new(None, &format!("{}/file.pdf", server.url()))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn only_a_whole_file_replaces_the_old_one() {
    for (head, kind) in [
        ("206 Partial Content\r\ncontent-range: bytes 0-4/9", ErrorKind::Status),
        ("206 Partial Content", ErrorKind::Status),
        ("201 Created", ErrorKind::Status),
        ("202 Accepted", ErrorKind::Status),
        ("203 Non-Authoritative Information", ErrorKind::Status),
        ("204 No Content", ErrorKind::Status),
        ("205 Reset Content", ErrorKind::Status),
        ("226 IM Used", ErrorKind::Status),
        ("299 Fine", ErrorKind::Status),
        ("200 OK\r\ncontent-range: bytes 0-4/9", ErrorKind::Decode),
        ("200 OK\r\ncontent-type: multipart/byteranges; boundary=x", ErrorKind::Decode),
        ("200 OK\r\ncontent-encoding: gzip", ErrorKind::Decode),
        ("200 OK\r\ncontent-encoding: aws-chunked", ErrorKind::Decode),
    ] {
        let length = if head.starts_with("204") { "" } else { "\r\ncontent-length: 5" };
        let response = format!("HTTP/1.1 {head}{length}\r\n\r\nhello");
        let (server, folder) = (responding(&response).await, tempfile::tempdir().unwrap());
        let target = folder.path().join("file.pdf");
        std::fs::write(&target, "old").unwrap();
        let error = download(&server).save_to(&target).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{head}: {error}");
        assert_eq!(std::fs::read(&target).unwrap(), b"old", "{head}");
        assert_eq!(names(folder.path()), ["file.pdf"]);
        assert_eq!(download(&server).bytes().await.unwrap_err().kind(), kind, "{head}");
        assert_eq!(download(&server).write_to(&mut Vec::new()).await.unwrap_err().kind(), kind, "{head}");
    }
    let (server, folder) = (
        responding("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello").await,
        tempfile::tempdir().unwrap(),
    );
    let target = folder.path().join("file.gz");
    assert_eq!(download(&server).keep_encoding().save_to(&target).await.unwrap(), 5);
    assert_eq!(std::fs::read(&target).unwrap(), b"hello");
    let (server, folder) =
        (responding("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await, tempfile::tempdir().unwrap());
    assert_eq!(download(&server).save_to(folder.path().join("empty")).await.unwrap(), 0);
}

#[tokio::test]
async fn download_dropped_at_any_moment_leaves_no_file() {
    let server = responding(HELLO).await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("file.pdf");
    for round in 0..300 {
        let saving = tokio::spawn(download(&server).save_to(target.clone()));
        tokio::time::sleep(Duration::from_micros(round * 10)).await;
        saving.abort();
        let _ = saving.await;
    }
    // What was being created then is removed as soon as it exists.
    for _ in 0..100 {
        if names(folder.path()).iter().all(|name| name == "file.pdf") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let left = names(folder.path());
    assert!(left.iter().all(|name| name == "file.pdf"), "{left:?}");
    assert!(!target.exists() || std::fs::read(&target).unwrap() == b"hello");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
    }

    async fn download_error(target: &Path) -> String {
        let server = responding(HELLO).await;
        let limited = tokio::time::timeout(Duration::from_secs(5), download(&server).save_to(target));
        let error = limited.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Output, "{error}");
        assert!(server.heads().is_empty(), "it is refused before anything is requested");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        format!("{error}: {cause}")
    }

    #[tokio::test]
    async fn pipes_sockets_and_devices_are_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, socket, device) =
            (folder.path().join("pipe"), folder.path().join("socket"), folder.path().join("null"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let _listener = UnixListener::bind(&socket).unwrap();
        symlink("/dev/null", &device).unwrap();
        for target in [&pipe, &socket, &device, Path::new("/dev/null")] {
            let error = download_error(target).await;
            assert!(error.contains("only a regular file is replaced"), "{error}");
        }
        assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert!(std::fs::metadata(&socket).unwrap().file_type().is_socket());
        assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        assert_eq!(names(folder.path()).len(), 3);
    }

    #[tokio::test]
    async fn mode_of_a_file_is_kept() {
        for kept in [0o600, 0o640, 0o755, 0o666] {
            let (server, folder) = (responding(HELLO).await, tempfile::tempdir().unwrap());
            let target = folder.path().join("file.pdf");
            std::fs::write(&target, "old").unwrap();
            std::fs::set_permissions(&target, std::fs::Permissions::from_mode(kept)).unwrap();
            download(&server).save_to(&target).await.unwrap();
            assert_eq!((std::fs::read(&target).unwrap(), mode(&target)), (b"hello".to_vec(), kept));
        }
    }

    #[tokio::test]
    async fn read_only_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("file.pdf");
        std::fs::write(&target, "old").unwrap();
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o444)).unwrap();
        assert!(download_error(&target).await.contains("read-only"));
        assert_eq!((std::fs::read(&target).unwrap(), mode(&target)), (b"old".to_vec(), 0o444));
    }

    #[tokio::test]
    async fn symbolic_link_stays_and_what_it_points_to_is_replaced() {
        let (server, folder) = (responding(HELLO).await, tempfile::tempdir().unwrap());
        let (other, target) = (tempfile::tempdir().unwrap(), folder.path().join("file.pdf"));
        let real = other.path().join("real.pdf");
        std::fs::write(&real, "old").unwrap();
        symlink(&real, &target).unwrap();
        download(&server).save_to(&target).await.unwrap();
        assert!(std::fs::symlink_metadata(&target).unwrap().is_symlink());
        assert_eq!(std::fs::read(&real).unwrap(), b"hello");
        assert_eq!((names(folder.path()).len(), names(other.path()).len()), (1, 1));
        for (name, to) in [("nowhere", "absent"), ("round", "round")] {
            let target = folder.path().join(name);
            symlink(to, &target).unwrap();
            assert!(download_error(&target).await.contains("symbolic link that cannot be followed"));
        }
    }
}
