//! `fetch` as a maintainer runs it, from files and from a server on this machine: what is taken over, and that a
//! failure leaves spec/ as it was.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use crate::workspace::{PROFILE, Ran, VERSION, Workspace, document, unsound_document};

/// Answers every request on a port of its own with the same bytes until the test process ends.
fn serve(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/openapi.json", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            while head.next().is_some_and(|line| !line.is_empty()) {}
            // A client that has seen enough hangs up.
            let _ = stream.write_all(&answer);
        }
    });
    url
}

fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}").into_bytes()
}

fn fetch_file(workspace: &Workspace, text: &str) -> Ran {
    workspace.write("upstream.json", text);
    workspace.xtask(&["fetch", "--file", workspace.path("upstream.json").to_str().unwrap()])
}

fn lock(workspace: &Workspace) -> toml::Table {
    fs::read_to_string(workspace.path(&format!("spec/{VERSION}/lock.toml"))).unwrap().parse().unwrap()
}

#[test]
fn a_document_from_a_file_is_taken_over_once() {
    let workspace = Workspace::empty();
    let ran = fetch_file(&workspace, &document("Runs"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("new: spec/2026-02-09 (Runs): 1 operation, 2 schemas, 0 webhook events"), "{ran:?}");
    let lock = lock(&workspace);
    assert!(lock["file"].as_str().unwrap().ends_with("upstream.json"), "{lock:?}");
    assert_eq!((lock["operations"].as_integer(), lock["schemas"].as_integer()), (Some(1), Some(2)));
    assert_eq!(workspace.xtask(&["check"]).code, 0);

    let path = workspace.path(&format!("spec/{VERSION}/openapi.json"));
    let (files, touched) = (workspace.files(), fs::metadata(&path).unwrap().modified().unwrap());
    let ran = workspace.xtask(&["fetch", "--file", workspace.path("upstream.json").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("unchanged"), "{ran:?}");
    assert_eq!(workspace.files(), files);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), touched);
}

#[test]
fn a_changed_document_replaces_the_old_one_and_nothing_else() {
    let workspace = Workspace::empty();
    assert_eq!(fetch_file(&workspace, &document("Runs")).code, 0);
    let note = format!("spec/{VERSION}/NOTES.md");
    workspace.write(&note, "ours");
    let before = lock(&workspace);
    let ran = fetch_file(&workspace, &document("Runs, renamed"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("changed"), "{ran:?}");
    assert_ne!(lock(&workspace)["sha256"], before["sha256"]);
    assert_eq!(fs::read_to_string(workspace.path(&note)).unwrap(), "ours");
    assert_eq!(workspace.xtask(&["check"]).code, 0);
}

#[test]
fn a_document_edited_by_hand_is_put_back() {
    let workspace = Workspace::empty();
    assert_eq!(fetch_file(&workspace, &document("Runs")).code, 0);
    let path = format!("spec/{VERSION}/openapi.json");
    let right = fs::read(workspace.path(&path)).unwrap();
    workspace.write(&path, "{}");
    assert_eq!(fetch_file(&workspace, &document("Runs")).code, 0);
    assert_eq!(fs::read(workspace.path(&path)).unwrap(), right);
}

#[test]
fn the_lock_says_which_url_and_state_a_document_has() {
    let workspace = Workspace::empty();
    let url = serve(answer("200 OK", "Content-Type: application/json\r\nETag: \"v1\"\r\n", &document("Runs")));
    let ran = workspace.xtask(&["fetch", "--url", &url]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lock = lock(&workspace);
    assert_eq!(lock["url"].as_str(), Some(url.as_str()));
    assert_eq!(lock["etag"].as_str(), Some("\"v1\""));
    assert!(!lock.contains_key("file"));
}

#[test]
fn without_arguments_the_first_source_of_the_profile_is_asked() {
    let workspace = Workspace::empty();
    let ran = workspace.xtask(&["fetch"]);
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stderr.contains("document.sources"), "{ran:?}");

    let url = serve(answer("200 OK", "", &document("Runs")));
    workspace.write("spec/profile.toml", &format!("{PROFILE}sources = [\"{url}\", \"https://example.com/\"]\n"));
    let ran = workspace.xtask(&["fetch"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(lock(&workspace)["url"].as_str(), Some(url.as_str()));
}

#[test]
fn a_failure_says_what_was_received_and_leaves_the_folder_as_it_was() {
    let cut_off = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"openapi\"".to_vec();
    let mut too_long = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    too_long.resize(too_long.len() + 51 * 1024 * 1024, b' ');
    let html = "Content-Type: text/html\r\n";
    let other = serve(answer("200 OK", "", &document("Elsewhere")));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let cases = [
        (serve(answer("404 Not Found", html, "<h1>No such page</h1>")), "404 Not Found, text/html, 21 bytes"),
        (serve(answer("200 OK", html, "<!doctype html>\n<title>Docs</title>")), "<!doctype html> <title>Docs</title>"),
        (serve(answer("200 OK", "", "")), "0 bytes"),
        (serve(answer("302 Found", &format!("Location: {other}\r\n"), "")), "302 Found"),
        (serve(cut_off), "200 OK"),
        (serve(too_long), "200 OK"),
        (format!("http://{closed}/"), "127.0.0.1"),
        ("http://example.com/openapi.json".to_owned(), "only https"),
        ("https://user:secret@example.com/".to_owned(), "password"),
        (serve(answer("200 OK", "", &unsound_document())), "dangling-ref"),
    ];
    for (url, message) in cases {
        let workspace = Workspace::with_document();
        let before = workspace.files();
        let ran = workspace.xtask(&["fetch", "--url", &url]);
        assert_eq!(ran.code, 50, "{url}: {ran:?}");
        assert!(ran.stderr.contains(message), "{url}: {message}: {ran:?}");
        assert_eq!(workspace.files(), before, "{url}");
    }
    let workspace = Workspace::with_document();
    let ran = workspace.xtask(&["fetch", "--file", workspace.path("absent.json").to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (50, ""), "{ran:?}");
}
