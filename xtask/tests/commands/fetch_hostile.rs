//! `fetch` from sites that mean harm: whatever they send, the command ends soon with one short error, asks no other host but for
//! documents that a listing or catalog names, and leaves `spec/` as it was.

use std::io::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::{Reply, Server, response};
use crate::workspace::{Ran, Workspace, document};

/// Bounds that are soon reached.
const LIMITS: &str = "\n[document.limits]\nmax_bytes = 3000000\nseconds = 2.0\nredirects = 5\nattempts = 2\npause_seconds = 0.0\n\
    longest_pause_seconds = 1.0\npage_pause_seconds = 0.0\n";
/// How long a command may take: four times the limit of a download, and what a busy machine needs.
const LONGEST: Duration = Duration::from_secs(60);
/// Lines of an error, with its problems and notes.
const LINES: usize = 30;
/// Characters of an error.
const CHARACTERS: usize = 5000;
/// Requests of a run, redirects and second attempts included.
const REQUESTS: usize = 700;

/// Sites that are visited at once.
const LANES: usize = 9;

type Site = fn(&str, usize, &str) -> Reply;

fn bytes(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Reply {
    Reply::Bytes(response(status, headers, body))
}

fn ok(body: impl AsRef<[u8]>) -> Reply {
    bytes("200 OK", "", body)
}

fn missing() -> Reply {
    bytes("404 Not Found", "", "no")
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What unpacks to ten times the limit; packed once, because that takes long.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| packed(&vec![b' '; 30_000_000]));
/// The same, packed twice.
static TWOFOLD_BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| packed(&BOMB));

fn listing(entries: &[Value]) -> Reply {
    ok(Value::from(entries.to_vec()).to_string())
}

/// Repeats a line with the number of each.
fn lines(head: &str, line: impl Fn(usize) -> String) -> Reply {
    let all: String = (0..10_000).map(line).collect();
    ok(format!("{head}{all}"))
}

/// Sites by what they do: path, number of requests for it before, and the URL of another host.
const SITES: [(&str, Site); 27] = [
    ("a listing of 10,000 APIs, each a listing", |_, _, _| {
        listing(&(0..10_000).map(|id| json!({"id": format!("api{id}"), "name": "A"})).collect::<Vec<_>>())
    }),
    ("a listing of itself", |path, _, _| {
        listing(&[json!({"id": "a", "url": path}), json!({"id": "b", "url": "?api=a"})])
    }),
    ("a listing of what must not be requested", |path, _, other| match path.contains('?') {
        true => missing(),
        false => listing(&[
            json!({"name": "A", "url": format!("{other}/named.json")}),
            json!({"name": "B", "url": "file:///etc/passwd"}),
            json!({"name": "C", "url": "https://user:secret@docs.example/openapi.json"}),
            json!({"name": "D", "url": "http://169.254.169.254/latest/openapi.json"}),
            json!({"name": "E", "url": "javascript:alert(1)"}),
        ]),
    }),
    ("a listing whose names a terminal obeys", |path, _, _| match path.contains('?') {
        true => missing(),
        false => listing(&[
            json!({"id": "a", "name": "\u{1b}]0;x\u{7}\u{202e}\n\u{200b}"}),
            json!({"id": "b", "name": "\u{9b}"}),
        ]),
    }),
    ("a catalog that leads away", |_, _, other| {
        let links = json!([{"href": format!("{other}/named.json")}, {"href": "file:///etc/passwd"}]);
        ok(json!({"linkset": [{"anchor": "/", "service-desc": links}]}).to_string())
    }),
    ("a catalog of ever new catalogs", |path, _, _| {
        ok(json!({"linkset": [{"anchor": "/", "api-catalog": [{"href": format!("{path}/1")}, {"href": format!("{path}/2")}]}]}).to_string())
    }),
    ("an index that leads away", |_, _, other| {
        ok(format!(
            "# A\n\n## OpenAPI Specification\n- [J]({other}/openapi.json)\n- [F](file:///etc/passwd)\n- [P](https://u:p@d.example/openapi.json)\n"
        ))
    }),
    ("an index of ever new indexes", |path, _, _| {
        ok(format!("# A\n\n## Versions\n- [v2026-02-09]({path}/1/llms.txt) (default)\n"))
    }),
    ("an index of 10,000 documents", |path, _, _| match path {
        "/llms.txt" => lines("# A\n\n## OpenAPI Specification\n", |number| format!("- [J](/{number}/openapi.json)\n")),
        _ => missing(),
    }),
    ("an index of 10,000 versions", |_, _, _| {
        lines("# A\n\n## Versions\n", |number| format!("- [v{number}](/{number}/llms.txt)\n"))
    }),
    ("an index of 10,000 sections", |path, _, _| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        lines("# A\n\n", |number| format!("- [s]({folder}/s{number}/llms.txt)\n"))
    }),
    ("an index of 10,000 pages", |path, _, _| match path {
        "/llms.txt" => lines("# A\n\n", |number| format!("- [p](/{number}.md)\n")),
        _ => missing(),
    }),
    ("endless redirects", |path, _, _| bytes("302 Found", &format!("Location: {path}/x\r\n"), "")),
    ("redirects to another host", |_, _, other| bytes("302 Found", &format!("Location: {other}/secret.json\r\n"), "")),
    ("redirects to a file", |_, _, _| bytes("302 Found", "Location: file:///etc/passwd\r\n", "")),
    ("a web page under every name", |_, _, _| ok("<!doctype html><title>Docs</title>")),
    ("a web page of 50,000 links", |_, _, _| {
        ok(format!(
            "<!doctype html>{}",
            (0..50_000).map(|link| format!("<a href=/{link}/openapi.json>")).collect::<String>()
        ))
    }),
    ("a body without end", |_, _, _| Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), u64::MAX)),
    ("a body that unpacks to ten times the limit", |_, _, _| {
        bytes("200 OK", "Content-Encoding: gzip\r\n", &*TWOFOLD_BOMB)
    }),
    ("an error that unpacks to more than the limit", |_, _, _| bytes("500 X", "Content-Encoding: gzip\r\n", &*BOMB)),
    ("nesting without end", |_, _, _| ok("[".repeat(2_000_000))),
    ("a document of aliases of aliases", |_, _, _| {
        let level =
            |number: usize| format!("x{number}: &a{number} [{}]\n", vec![format!("*a{}", number - 1); 10].join(","));
        let aliases: String = (1..12).map(level).collect();
        ok(format!("openapi: 3.1.0\ninfo: {{title: a, version: 1.0.0}}\nx0: &a0 [a, a]\n{aliases}paths: {{}}\n"))
    }),
    ("500 links in the headers of each response", |path, _, _| {
        let links: Vec<String> = (0..500).map(|link| format!("<{path}/{link}>; rel=\"api-catalog\"")).collect();
        bytes("404 Not Found", &format!("Link: {}\r\n", links.join(", ")), "")
    }),
    ("links in the headers that lead away", |_, _, other| {
        let links = format!("<{other}/catalog>; rel=\"api-catalog\", <file:///etc/passwd>; rel=\"service-desc\"");
        bytes("404 Not Found", &format!("Link: {links}\r\n"), "")
    }),
    ("a document of 10,000 files without a response", |path, _, other| match path.contains("part") {
        true => Reply::Stuck(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        false => {
            let mut whole: Value = serde_json::from_str(&document("Runs")).unwrap();
            whole["paths"]["/away"] = json!({"$ref": format!("{other}/secret.json#/x")});
            for file in 0..10_000 {
                whole["paths"][format!("/a{file}")] = json!({"$ref": format!("/part{file}.json#/x")});
            }
            ok(whole.to_string())
        }
    }),
    ("silence", |_, _, _| Reply::Stuck(Vec::new())),
    ("a request to wait for a day", |_, _, _| bytes("503 X", "Retry-After: 86400\r\n", "busy")),
];

fn workspace(server: &Server) -> Workspace {
    let workspace = Workspace::with_document();
    workspace.write_sources(LIMITS, |name| server.url(&format!("/{name}")));
    workspace
}

/// Starts a site, and the other host that it may lead to.
fn start(site: Site) -> (Server, Server) {
    let other = Server::always(response("404 Not Found", "", "other"));
    let away = other.url("");
    let server = Server::start(move |path, before| site(path, before, &away));
    (server, other)
}

/// Checks that a command ended soon, with one short error that comes first and shows nothing that a terminal obeys.
fn check(what: &str, ran: &Ran, took: Duration) {
    assert_eq!((ran.code, ran.stdout.as_str()), (50, ""), "{what}: {ran:?}");
    assert!(took < LONGEST, "{what} took {took:?}");
    assert!(ran.stderr.starts_with("error: "), "{what}: {ran:?}");
    let errors = ran.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(errors, 1, "{what}: {ran:?}");
    assert!(ran.stderr.lines().count() <= LINES, "{what}: {}", ran.stderr);
    assert!(ran.stderr.chars().count() <= CHARACTERS, "{what}: {}", ran.stderr);
    let deceives =
        |character: char| character != '\n' && character.is_control() || "\u{202e}\u{200b}".contains(character);
    assert!(!ran.stderr.contains(deceives), "{what}: {:?}", ran.stderr);
    assert!(!ran.stderr.contains("secret@"), "{what}: {ran:?}");
}

/// Calls a function for each site, with several at once: most of them let a command wait.
fn visit_sites(visit: impl Fn(&str, Site) + Sync) {
    let visit = &visit;
    std::thread::scope(|scope| {
        for lane in 0..LANES {
            scope.spawn(move || SITES.iter().skip(lane).step_by(LANES).for_each(|(what, site)| visit(what, *site)));
        }
    });
}

#[test]
fn each_hostile_site_ends_with_one_short_error_within_the_limits() {
    visit_sites(|what, site| {
        let (server, other) = start(site);
        let workspace = workspace(&server);
        let before = workspace.files();
        let begun = Instant::now();
        let ran = workspace.xtask(&["fetch"]);
        check(what, &ran, begun.elapsed());
        assert_eq!(workspace.files(), before, "{what}");
        assert!(server.seen().len() <= REQUESTS, "{what}: {} requests", server.seen().len());
        // Only a listing or catalog of the site may name what is requested elsewhere.
        assert!(other.paths().iter().all(|path| path == "/named.json"), "{what}: {:?}", other.paths());
    });
}

#[test]
fn pages_of_hostile_sites_end_with_one_short_error_too() {
    visit_sites(|what, site| {
        if what.contains("document of") {
            return;
        }
        let (server, other) = start(site);
        let workspace = workspace(&server);
        let before = workspace.files();
        for arguments in
            [&["fetch", "--from", "llms-full"][..], &["fetch", "--cross-check"], &["fetch", "--all-versions"]]
        {
            let begun = Instant::now();
            let ran = workspace.xtask(arguments);
            check(&format!("{what}, {arguments:?}"), &ran, begun.elapsed());
        }
        let kept = |path: &std::path::PathBuf| path.strip_prefix(workspace.path("target")).is_err();
        let after: Vec<_> = workspace.files().into_iter().filter(|(path, _)| kept(path)).collect();
        assert_eq!(after, before.into_iter().collect::<Vec<_>>(), "{what}");
        assert!(other.paths().iter().all(|path| path == "/named.json"), "{what}: {:?}", other.paths());
    });
}

#[test]
fn verbose_lists_each_source_below_the_error() {
    let server = Server::always(response("404 Not Found", "Content-Type: text/html\r\n", "<h1>No</h1>"));
    let workspace = workspace(&server);
    let short = workspace.xtask(&["fetch"]).stderr;
    assert!(short.starts_with("error: no source has an acceptable document; 6 sources tried\n"), "{short}");
    assert!(short.contains("/openapi.json, http") && short.contains(" and 3 more: 404 Not Found\n"), "{short}");
    assert!(short.contains("--verbose lists each source"), "{short}");
    let long = workspace.xtask(&["fetch", "--verbose"]).stderr;
    let each =
        long.lines().filter(|line| line.starts_with("note: http") && line.contains("text/html, 11 bytes")).count();
    assert_eq!(each, 6, "{long}");
    assert!(long.starts_with(short.split("\nnote:").next().unwrap()), "{long}");
}
