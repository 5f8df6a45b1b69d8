//! Uploads of files that do not respond, are made up as they are read, or come with code that panics.
//!
//! Time is real here, because that of files is.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use sdk_runtime::codegen::{CoreBuilder, Form};
use sdk_runtime::{ErrorKind, FilePart, RequestOptions};
use tokio::io::{AsyncRead, ReadBuf};

use crate::builder;
use crate::server::{Reply, Server};
use crate::uploads::{content, upload_with};

const LIMIT: Duration = Duration::from_millis(400);
/// How much later than its limit a call may end, on a busy machine.
const LATE: Duration = Duration::from_secs(1);

async fn server() -> Server {
    Server::start(vec![Reply::json(200, "{}")]).await.unwrap()
}

#[cfg(unix)]
fn pipe(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("pipe.pdf");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Files that can be opened, or not even that, and never have content.
#[cfg(unix)]
fn silent_files(folder: &tempfile::TempDir) -> Vec<PathBuf> {
    let mut files = vec![pipe(folder)];
    // Nobody writes to the other end of this terminal.
    files.extend([PathBuf::from("/dev/ptmx")].into_iter().filter(|path| std::fs::File::open(path).is_ok()));
    files
}

#[cfg(unix)]
#[tokio::test]
async fn time_limits_hold_for_a_file_that_does_not_respond() {
    let folder = tempfile::tempdir().unwrap();
    type Change = fn(CoreBuilder) -> CoreBuilder;
    let limits: [(Change, RequestOptions); 4] = [
        (|client| client.timeout(LIMIT), RequestOptions::new()),
        (|client| client.total_timeout(LIMIT), RequestOptions::new()),
        (|client| client, RequestOptions::new().timeout(LIMIT)),
        (|client| client, RequestOptions::new().total_timeout(LIMIT)),
    ];
    for path in silent_files(&folder) {
        for (change, options) in &limits {
            let server = server().await;
            let core = change(builder(&server)).build().unwrap();
            let (begun, form) = (Instant::now(), Form::new().file("file", path.as_path()));
            let error = upload_with(core, form, options.clone()).await.unwrap_err();
            let took = begun.elapsed();
            assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
            assert!(took >= LIMIT && took < LIMIT + LATE, "{took:?} {}", path.display());
        }
    }
}

#[cfg(unix)]
#[test]
fn runtime_ends_although_a_file_does_not_respond() {
    let folder = tempfile::tempdir().unwrap();
    for path in silent_files(&folder) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = server().await;
            let form = Form::new().file("file", path.as_path());
            let core = builder(&server).build().unwrap();
            let sending = upload_with(core, form, RequestOptions::new());
            assert!(tokio::time::timeout(LIMIT, sending).await.is_err());
        });
        let begun = Instant::now();
        drop(runtime);
        assert!(begun.elapsed() < LATE, "{}", path.display());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn content_of_a_pipe_is_sent_whenever_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = pipe(&folder);
    let server = server().await;
    let writer = std::thread::spawn({
        let path = path.clone();
        move || {
            std::thread::sleep(Duration::from_millis(200));
            let mut pipe = std::fs::OpenOptions::new().write(true).open(path).unwrap();
            for _ in 0..3 {
                io::Write::write_all(&mut pipe, b"content ").unwrap();
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    });
    let form = Form::new().file("file", path.as_path());
    upload_with(builder(&server).build().unwrap(), form, RequestOptions::new()).await.unwrap();
    writer.join().unwrap();
    assert!(content(&server.seen()[0]).contains("content content content "));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn files_that_are_made_up_as_they_are_read_are_sent_with_their_content() {
    // One of size 0, and one of a page with a few bytes of content.
    for path in ["/proc/self/status", "/proc/cpuinfo", "/sys/kernel/mm/transparent_hugepage/enabled"].map(Path::new) {
        let Ok(expected) = std::fs::read_to_string(path) else { continue };
        let server = server().await;
        upload_with(builder(&server).build().unwrap(), Form::new().file("file", path), RequestOptions::new())
            .await
            .unwrap();
        let sent = content(&server.seen()[0]);
        let first = expected.lines().next().unwrap();
        assert!(!first.is_empty() && sent.contains(first), "{sent}");
        assert_eq!(server.seen()[0].all("content-length").len(), 1);
    }
}

#[tokio::test]
async fn files_of_every_size_around_a_piece_arrive_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    for size in [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 300_000] {
        let server = server().await;
        std::fs::write(&path, "x".repeat(size)).unwrap();
        upload_with(builder(&server).build().unwrap(), Form::new().file("file", path.as_path()), RequestOptions::new())
            .await
            .unwrap();
        let seen = server.seen();
        assert_eq!(content(&seen[0]).matches('x').count(), size + "application/octet-stream".matches('x').count());
        assert_eq!(seen[0].all("content-length"), [seen[0].body.len().to_string()]);
    }
}

/// A reader that panics.
struct Panicking;

impl AsyncRead for Panicking {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        panic!("expected by this test")
    }
}

#[tokio::test]
async fn panic_while_a_file_is_sent_reaches_the_caller() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    std::fs::write(&path, vec![b'x'; 300_000]).unwrap();
    let panicking = |file: FilePart| file.progress(|_| panic!("expected by this test"));
    for file in [
        panicking(FilePart::from_path(&path)),
        panicking(FilePart::bytes("a", "content")),
        panicking(FilePart::reader("a", io::Cursor::new("content"))),
        FilePart::reader("a", Panicking),
    ] {
        let server = server().await;
        let form = Form::new().file("file", file);
        let panic = tokio::spawn(upload_with(builder(&server).build().unwrap(), form, RequestOptions::new()))
            .await
            .unwrap_err();
        assert_eq!(panic.into_panic().downcast_ref::<&str>(), Some(&"expected by this test"));
        assert!(server.seen().len() <= 1);
    }
}
