//! Downloads from a real server: what is asked for, where the bytes go, and what an error gives away.
//!
//! It must not know any vendor; the links are made up.

#[cfg(test)]
mod files;
#[cfg(test)]
mod hops;
mod server;

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use sdk_runtime::{Download, Error, ErrorKind};
    use tokio::io::AsyncWriteExt;
    use tokio::sync::Notify;

    use crate::server::{Ending, Server};

    /// What no error may show: the secret part of each link.
    const SECRET: &str = "hunter2";

    const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

    fn download(server: &Server) -> Download {
        Download::new(None, &format!("{}/file.pdf?sig={SECRET}", server.url()))
    }

    async fn serve(responses: &[&str]) -> Server {
        Server::start(responses, Ending::Close).await.unwrap()
    }

    fn shown(error: &Error) -> String {
        let source = std::error::Error::source(error);
        format!("{error} {error:?} {error:#?} {} {source:?}", error.to_json())
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[tokio::test]
    async fn file_arrives_in_memory_in_a_writer_as_json_and_on_disk() {
        let server = serve(&[HELLO, HELLO, HELLO, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[1,2]"]).await;
        assert_eq!(download(&server).bytes().await.unwrap(), "hello");
        let mut written = Vec::new();
        assert_eq!(download(&server).write_to(&mut written).await.unwrap(), 5);
        assert_eq!(written, b"hello");
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("file.pdf");
        assert_eq!(download(&server).save_to(&target).await.unwrap(), 5);
        assert_eq!(std::fs::read(&target).unwrap(), b"hello");
        assert_eq!(names(folder.path()), ["file.pdf"]);
        assert_eq!(download(&server).json::<Vec<u8>>().await.unwrap(), [1, 2]);
        for head in server.heads() {
            assert!(head.starts_with(&format!("GET /file.pdf?sig={SECRET} HTTP/1.1")), "{head}");
            assert!(!head.to_lowercase().contains("authorization"), "{head}");
        }
    }

    #[tokio::test]
    async fn whatever_goes_wrong_the_old_file_stays_and_the_link_is_not_shown() {
        let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{}", "x".repeat(2000));
        let unannounced = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat(2000));
        let elsewhere =
            format!("HTTP/1.1 302 Found\r\nlocation: http://example.com/{SECRET}\r\ncontent-length: 0\r\n\r\n");
        for (response, kind, part) in [
            ("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", ErrorKind::Status, "may have expired"),
            ("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n", ErrorKind::Status, "gave no file"),
            ("HTTP/1.1 304 Same\r\n\r\n", ErrorKind::Status, "304"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello", ErrorKind::Transport, "broke"),
            ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", ErrorKind::Transport, "broke"),
            ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n", ErrorKind::Transport, "broke"),
            ("", ErrorKind::Transport, "broke"),
            (&long, ErrorKind::ResponseTooLarge, "larger than 1000 bytes"),
            (&unannounced, ErrorKind::ResponseTooLarge, "larger than 1000 bytes"),
            (&elsewhere, ErrorKind::InvalidRequest, "not encrypted"),
            ("HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n", ErrorKind::Status, "302"),
        ] {
            let server = serve(&[response]).await;
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("file.pdf");
            std::fs::write(&target, "old").unwrap();
            let error = download(&server).max_bytes(1000).save_to(&target).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{response}: {error}");
            let shown = shown(&error);
            assert!(shown.contains(part) && shown.contains("127.0.0.1"), "{response}: {shown}");
            assert!(!shown.contains(SECRET) && !shown.contains("file.pdf"), "{shown}");
            assert_eq!(
                (names(folder.path()), std::fs::read(&target).unwrap()),
                (vec!["file.pdf".to_owned()], b"old".to_vec())
            );
        }
    }

    #[tokio::test]
    async fn body_of_an_error_response_is_kept() {
        let server = serve(&["HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nx-id: 7\r\n\r\nno"]).await;
        let error = download(&server).bytes().await.unwrap_err();
        assert!(error.is_forbidden() && error.hint().is_none());
        assert_eq!(
            (error.body().unwrap().as_ref(), &error.headers().unwrap()["x-id"]),
            (&b"no"[..], &"7".parse().unwrap())
        );
    }

    #[tokio::test]
    async fn redirects_are_followed_on_this_machine_but_not_for_ever() {
        let round = format!("HTTP/1.1 307 Again\r\nlocation: /next?sig={SECRET}\r\ncontent-length: 0\r\n\r\n");
        let server = serve(&[&round, HELLO]).await;
        assert_eq!(download(&server).bytes().await.unwrap(), "hello");
        assert!(server.heads()[1].starts_with("GET /next?sig="));
        let server = serve(&[&round]).await;
        let error = download(&server).bytes().await.unwrap_err();
        assert!(
            error.to_string().contains("redirected more than 5 times") && !shown(&error).contains(SECRET),
            "{error}"
        );
        assert_eq!(server.heads().len(), 6);
    }

    #[tokio::test]
    async fn link_that_cannot_be_used_is_an_error_before_anything_is_asked() {
        for link in [format!("ftp://example.com/{SECRET}"), format!("http://example.com/?{SECRET}"), SECRET.to_owned()]
        {
            let download = Download::new(None, &link);
            assert!(!format!("{download:?}").contains(SECRET));
            let error = download.bytes().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(!shown(&error).contains(SECRET), "{error}");
        }
        let error = Download::impossible("there is no link").bytes().await.unwrap_err();
        assert_eq!(error.to_string(), "download: there is no link");
    }

    #[tokio::test]
    async fn missing_connection_differs_from_a_broken_one() {
        let server = serve(&[HELLO]).await;
        let gone = download(&server);
        server.stop().await;
        let error = gone.bytes().await.unwrap_err();
        assert!(error.is_connect() && !shown(&error).contains(SECRET), "{error}");
    }

    #[tokio::test]
    async fn progress_is_reported_and_a_silent_server_times_out() {
        let server = Server::start(&["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"], Ending::Hold).await.unwrap();
        let (reported, arrived) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let (record, signal) = (Arc::clone(&reported), Arc::clone(&arrived));
        let download = download(&server).progress(move |progress| {
            record.lock().unwrap().push((progress.done, progress.total));
            signal.notify_one();
        });
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.pdf");
        let saving = tokio::spawn({
            let target = target.clone();
            async move { download.idle_timeout(Duration::from_secs(30)).save_to(target).await }
        });
        arrived.notified().await;
        // What was written so far is not there under its name.
        assert!(!target.exists());
        // The rest of the 30 seconds passes at once.
        tokio::time::pause();
        let error = saving.await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Timeout, "127.0.0.1 sent nothing for 30s"));
        assert_eq!(*reported.lock().unwrap(), [(5, Some(9))]);
        assert!(names(folder.path()).is_empty());
    }

    #[tokio::test]
    async fn limit_of_the_whole_ends_a_download_that_is_not_silent() {
        let server = Server::start(&["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"], Ending::Hold).await.unwrap();
        let arrived = Arc::new(Notify::new());
        let signal = Arc::clone(&arrived);
        let download = download(&server).timeout(Duration::from_secs(10)).progress(move |_| signal.notify_one());
        let fetching = tokio::spawn(download.bytes());
        arrived.notified().await;
        tokio::time::pause();
        let error = fetching.await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Timeout, "the file did not arrive within 10s"));
    }

    #[tokio::test]
    async fn download_that_is_dropped_leaves_nothing() {
        let server = Server::start(&["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"], Ending::Hold).await.unwrap();
        let arrived = Arc::new(Notify::new());
        let signal = Arc::clone(&arrived);
        let folder = tempfile::tempdir().unwrap();
        let saving = download(&server).progress(move |_| signal.notify_one()).save_to(folder.path().join("a.pdf"));
        let saving = tokio::spawn(saving);
        arrived.notified().await;
        saving.abort();
        assert!(saving.await.unwrap_err().is_cancelled());
        assert!(names(folder.path()).is_empty());
    }

    #[tokio::test]
    async fn what_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().unwrap();
        for target in [folder.path().to_owned(), folder.path().join("absent").join("a.pdf")] {
            let server = serve(&[HELLO]).await;
            let error = download(&server).save_to(&target).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Output);
            assert!(error.to_string().contains(&target.display().to_string()), "{error}");
        }
        let (mut writer, reader) = tokio::io::duplex(1);
        drop(reader);
        let server = serve(&[HELLO]).await;
        let error = download(&server).write_to(&mut writer).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Output, false));
        assert!(writer.write_all(b"x").await.is_err());
    }
}
