//! `fetch` and the sources of the profile: their order, why one is passed over, and a server with bad days.

use std::fs;
use std::net::TcpListener;

use crate::server::{Reply, Server, response};
use crate::workspace::{PROFILE, Ran, VERSION, Workspace, document, run_with};

/// Bounds that are soon reached, and pauses that are none.
const LIMITS: &str = "\n[document.limits]\nmax_bytes = 1000000\nseconds = 0.5\nredirects = 3\nattempts = 3\npause_seconds = 0.0\n\
    longest_pause_seconds = 0.0\n";

fn good() -> Vec<u8> {
    response("200 OK", "Content-Type: application/json\r\n", document("Runs"))
}

/// A workspace whose profile names sources by kind and URL.
fn workspace(sources: &[(&str, String)]) -> Workspace {
    let workspace = Workspace::with_document();
    let sources =
        sources.iter().map(|(kind, url)| format!("\n[[document.sources]]\nkind = \"{kind}\"\nurl = \"{url}\"\n"));
    workspace.write("spec/profile.toml", &format!("{PROFILE}{LIMITS}{}", sources.collect::<String>()));
    workspace
}

fn fetched(workspace: &Workspace, arguments: &[&str]) -> Ran {
    workspace.xtask(&[&["fetch"], arguments].concat())
}

#[test]
fn sources_are_tried_in_order_and_it_is_said_why_one_is_passed_over() {
    let server = Server::start(|path, _| {
        Reply::Bytes(match path {
            "/openapi.json" => response("404 Not Found", "Content-Type: text/html\r\n", "<h1>No such page</h1>"),
            "/openapi.yaml" => {
                response("200 OK", "Content-Type: application/yaml\r\n", "<!doctype html>\n<title>Docs</title>")
            }
            "/llms.txt" => response(
                "200 OK",
                "",
                "# Acme\n\n## Versions\n- [v2026-02-09](/2026-02-09/llms.txt) (default)\n- [old](/2025/llms.txt)\n",
            ),
            "/2026-02-09/llms.txt" => response(
                "200 OK",
                "",
                "# Acme\n\n## OpenAPI Specification\n- [JSON](/openapi.json)\n- [YAML](../whole.yaml)\n",
            ),
            _ => response("200 OK", "", document("Whole")),
        })
    });
    let sources = [
        ("openapi", "/openapi.json"),
        ("openapi", "/openapi.yaml"),
        ("index", "/llms.txt"),
        ("llms-full", "/llms-full.txt"),
    ];
    let workspace = workspace(&sources.map(|(kind, path)| (kind, server.url(path))));
    let ran = fetched(&workspace, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("changed: spec/2026-02-09 (Whole)"), "{ran:?}");
    let paths = ["/openapi.json", "/openapi.yaml", "/llms.txt", "/2026-02-09/llms.txt", "/whole.yaml"];
    assert_eq!(server.paths(), paths);
    let notes = [
        "/openapi.json: 404 Not Found, text/html, 21 bytes, beginning with \"<h1>No such page</h1>\"",
        "/openapi.yaml: this is a web page (HTML) and not a document; received 200 OK, application/yaml",
        "/llms.txt: an index, which names http://127.0.0.1",
    ];
    for note in notes {
        assert!(ran.stderr.contains(note), "{note}: {ran:?}");
    }
}

/// The document beside the list of versions is that of the default one.
#[test]
fn index_of_another_version_leads_to_its_document() {
    let old = document("Runs").replace(VERSION, "2025-04-21");
    let server = Server::start(move |path, _| {
        let index = "# Acme\n\n## Versions\n- [v2026-02-09](/llms.txt) (default)\n- [v2025-04-21](/2025-04-21/llms.txt)\n\n\
                     ## OpenAPI Specification\n- [JSON](/openapi.json)\n";
        Reply::Bytes(match path {
            "/llms.txt" => response("200 OK", "", index),
            "/2025-04-21/llms.txt" => {
                response("200 OK", "", "# Acme\n\n## OpenAPI Specification\n- [JSON](openapi.json)\n")
            }
            "/2025-04-21/openapi.json" => response("200 OK", "", &old),
            _ => good(),
        })
    });
    let rows = [
        ("2025-04-21", vec!["/llms.txt", "/2025-04-21/llms.txt", "/2025-04-21/openapi.json"]),
        (VERSION, vec!["/llms.txt", "/openapi.json"]),
    ];
    for (version, paths) in rows {
        let workspace = workspace(&[("index", server.url("/llms.txt"))]);
        let before = server.paths().len();
        let ran = fetched(&workspace, &["--api-version", version]);
        assert_eq!(ran.code, 0, "{version}: {ran:?}");
        assert_eq!(server.paths()[before..], paths, "{version}");
    }
}

#[test]
fn kind_of_source_can_be_chosen() {
    let server = Server::start(|_, _| Reply::Bytes(response("404 Not Found", "", "")));
    let sources =
        [("openapi", "/o"), ("index", "/i"), ("llms-full", "/l")].map(|(kind, path)| (kind, server.url(path)));
    let workspace = workspace(&sources);
    for (arguments, paths) in [
        (["--from", "openapi"], &["/o", "/i"][..]),
        (["--from", "llms-full"], &["/l", "/i"]),
        (["--from", "auto"], &["/o", "/i", "/l"]),
    ] {
        let before = server.paths().len();
        let ran = fetched(&workspace, &arguments);
        assert_eq!(ran.code, 50, "{ran:?}");
        assert_eq!(server.paths()[before..], *paths);
    }
    let workspace = Workspace::empty();
    let ran = fetched(&workspace, &[]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("document.sources"), "{ran:?}");
}

/// Each row: what the first source does, what is said about it, and how often it is asked.
#[test]
fn on_each_bad_day_the_next_source_is_asked_and_without_one_nothing_is_touched() {
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    let cut_off = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"openapi\"".to_vec();
    let moved = |to: &str| Reply::Bytes(response("302 Found", &format!("Location: {to}\r\n"), ""));
    let bytes = |status: &str, body: &str| Reply::Bytes(response(status, "", body));
    let other = document("Runs").replace("/runs", "/cats").replace("getRun", "getCat");
    let rows: Vec<(Reply, &str, usize)> = vec![
        (bytes("404 Not Found", "no"), "404 Not Found, no content type, 2 bytes, beginning with \"no\"", 1),
        (bytes("500 Oops", "no"), "500 Internal Server Error", 3),
        (bytes("200 OK", "<!doctype html><title>Docs</title>"), "a web page (HTML)", 1),
        (
            Reply::Bytes(response("200 OK", "Content-Encoding: br\r\n", b"\x0b\x02\x80\xff")),
            "this is binary data and not a document; received 200 OK, no content type as br, 4 bytes",
            1,
        ),
        (bytes("200 OK", ""), "this is nothing and not a document", 1),
        (bytes("200 OK", "{\"openapi\": \"3.1.0\", \"paths\": {"), "this is not an OpenAPI document", 1),
        (Reply::Bytes(cut_off.clone()), "10 bytes, beginning with \"{\\\"openapi\\\"\", then: it broke off", 3),
        (Reply::Stuck(cut_off), "10 bytes, beginning with \"{\\\"openapi\\\"\", then: it broke off", 3),
        (moved("/"), "more than 3 redirects", 4),
        (moved("http://example.com/openapi.json"), "it leads to http://example.com/openapi.json: only https", 1),
        (Reply::Endless(head, 200_000_000), "larger than 1000000 bytes", 1),
        (bytes("200 OK", &other), "this is another API", 1),
        (bytes("200 OK", &document("Runs").replace(VERSION, "2025-04-21")), "it is version 2025-04-21", 1),
        (bytes("200 OK", &document("Runs").replace("schemas/Status", "schemas/No")), "the document is unsound", 1),
    ];
    let second = Server::always(good());
    for (reply, message, asked) in rows {
        let first = Server::start(move |_, _| reply.clone());
        let alone = workspace(&[("openapi", first.url("/"))]);
        let before = alone.files();
        let ran = fetched(&alone, &[]);
        assert_eq!(ran.code, 50, "{message}: {ran:?}");
        assert!(ran.stderr.contains(message), "{message}: {ran:?}");
        assert_eq!(alone.files(), before, "{message}");
        assert_eq!(first.seen().len(), asked, "{message}");

        let both = workspace(&[("openapi", first.url("/")), ("openapi", second.url("/"))]);
        let ran = fetched(&both, &[]);
        assert_eq!(ran.code, 0, "{message}: {ran:?}");
        assert!(ran.stderr.contains(message), "{message}: {ran:?}");
    }
}

#[test]
fn server_that_fails_once_is_asked_again() {
    let server =
        Server::start(|_, before| Reply::Bytes(if before == 0 { response("500 Oops", "", "no") } else { good() }));
    let workspace = workspace(&[("openapi", server.url("/"))]);
    let ran = fetched(&workspace, &[]);
    assert_eq!((ran.code, server.seen().len()), (0, 2), "{ran:?}");
}

#[test]
fn fewer_operations_stop_the_search_instead_of_going_on_to_a_worse_source() {
    let mut large: serde_json::Value = serde_json::from_str(&document("Runs")).unwrap();
    for number in 0..9 {
        large["paths"][format!("/more{number}")]["get"] =
            serde_json::json!({"responses": {"200": {"description": "ok"}}});
    }
    let server = Server::start(move |_, before| {
        Reply::Bytes(if before == 0 { response("200 OK", "", large.to_string()) } else { good() })
    });
    let workspace = workspace(&[("openapi", server.url("/a")), ("openapi", server.url("/b"))]);
    assert_eq!(fetched(&workspace, &[]).code, 0);
    let before = workspace.files();
    let ran = fetched(&workspace, &[]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("lacks 9 of the 10 that are known"), "{ran:?}");
    assert_eq!(server.paths(), ["/a", "/a"]);
    assert_eq!(workspace.files(), before);
    assert_eq!(fetched(&workspace, &["--force"]).code, 0);
}

#[test]
fn only_tls_is_taken_and_no_password_in_a_url() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let cases = [
        ("http://example.com/openapi.json".to_owned(), "only https"),
        ("https://user:secret@example.com/".to_owned(), "password"),
        ("openapi.json".to_owned(), "only https"),
        ("https:///openapi.json".to_owned(), "not a valid URL"),
        (format!("http://{closed}/"), "3 attempts"),
    ];
    for (url, message) in cases {
        let workspace = workspace(&[]);
        let before = workspace.files();
        let ran = fetched(&workspace, &["--url", &url]);
        assert_eq!(ran.code, 50, "{url}: {ran:?}");
        assert!(ran.stderr.contains(message), "{url}: {ran:?}");
        assert_eq!(workspace.files(), before, "{url}");
    }
}

#[test]
fn host_that_is_not_there_is_asked_with_patience_once() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let workspace = workspace(&["a", "b"].map(|path| ("openapi", format!("http://{closed}/{path}"))));
    let ran = fetched(&workspace, &["--json"]);
    assert_eq!(ran.code, 50, "{ran:?}");
    let printed: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&printed["tried"][0]["attempts"], &printed["tried"][1]["attempts"]),
        (&3.into(), &1.into()),
        "{printed:#}"
    );
}

#[test]
fn proxy_of_the_environment_is_asked_for_other_machines_and_not_for_this_one() {
    let proxy = Server::always(response("502 Bad Gateway", "", ""));
    let workspace = workspace(&[]);
    let address = proxy.url("");
    let environment =
        [("HTTPS_PROXY", address.as_str()), ("https_proxy", ""), ("ALL_PROXY", ""), ("NO_PROXY", ""), ("no_proxy", "")];
    let root = workspace.path("");
    let fetch = |url: &str| run_with(&["--root", root.to_str().unwrap(), "fetch", "--url", url], &environment);
    let ran = fetch("https://docs.example.invalid/openapi.json");
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains(", through the proxy 127.0.0.1:"), "{ran:?}");
    let seen = proxy.seen().concat();
    assert!(seen.starts_with("CONNECT docs.example.invalid:443 "), "{seen}");

    let server = Server::always(good());
    let asked = proxy.seen().len();
    assert_eq!(fetch(&server.url("/")).code, 0);
    assert_eq!(proxy.seen().len(), asked);
}

#[test]
fn document_that_an_index_names_is_asked_for_conditionally_the_next_time() {
    let server = Server::start(|path, before| {
        Reply::Bytes(match (path, before) {
            ("/llms.txt", _) => response("200 OK", "", "# A\n## OpenAPI Specification\n- [JSON](api.json)\n"),
            (_, 0) => response("200 OK", "ETag: \"1\"\r\n", document("Runs, new")),
            (_, _) => response("304 Not Modified", "", ""),
        })
    });
    let workspace = workspace(&[("index", server.url("/llms.txt"))]);
    assert_eq!(fetched(&workspace, &[]).code, 0);
    let lock = fs::read_to_string(workspace.path(&format!("spec/{VERSION}/lock.toml"))).unwrap();
    assert!(lock.contains(&format!("url = \"{}\"", server.url("/api.json"))), "{lock}");
    let files = workspace.files();
    let ran = fetched(&workspace, &[]);
    assert_eq!((ran.code, ran.stdout.starts_with("unchanged: ")), (0, true), "{ran:?}");
    assert_eq!(workspace.files(), files);
}
