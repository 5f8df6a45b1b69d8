//! `fetch` from a site in each form that sites have, for each version that may be requested: which document is adopted, from where,
//! and how the command ends.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use workspace_tests::site::{Form, Published, Running, Site, documents, serve};

use crate::server::{Reply, Server, response};
use crate::workspace::{PROFILE, Ran, VERSION, Workspace};

const OLD: &str = "2025-04-21";
const UNKNOWN: &str = "2031-01-01";
const LIMITS: &str = "\n[document.limits]\nattempts = 2\npause_seconds = 0.0\nlongest_pause_seconds = 0.0\nseconds = 10.0\n\
    page_pause_seconds = 0.0\n";

fn published() -> Vec<Published> {
    vec![documents::small(VERSION, &["runs", "files", "parsers"]), documents::small(OLD, &["processors", "files"])]
}

/// Starts a site, below a base path if one is given.
fn start(form: Form, base: &str) -> Running {
    serve(vec![Site { form, base: base.to_owned(), documents: published() }], 0).unwrap()
}

/// A workspace whose profile names what a site of the vendor has had so far.
fn workspace(site: &Running, base: &str) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write_sources(LIMITS, |name| site.url(&format!("{base}/{name}")));
    workspace
}

/// The version in the folder that a fetch wrote, with the bytes of its document and the path of its lock.
fn adopted(workspace: &Workspace, version: &str) -> Option<(Vec<u8>, String)> {
    let lock = fs::read_to_string(workspace.path(&format!("spec/{version}/lock.toml"))).ok()?;
    let lock: toml::Table = lock.parse().unwrap();
    let url = lock["url"].as_str().unwrap().splitn(4, '/').nth(3).unwrap().to_owned();
    assert!(lock.contains_key("etag"), "{lock}");
    Some((fs::read(workspace.path(&format!("spec/{version}/openapi.json"))).unwrap(), url))
}

/// What a document becomes when it is adopted from a file.
fn canonical(published: &Published) -> Vec<u8> {
    let workspace = Workspace::empty();
    workspace.write("upstream.json", &published.document.to_string());
    let file = workspace.path("upstream.json");
    let ran = workspace.xtask(&["fetch", "--file", file.to_str().unwrap(), "--api-version", &published.version]);
    assert_eq!(ran.code, 0, "{ran:?}");
    fs::read(workspace.path(&format!("spec/{}/openapi.json", published.version))).unwrap()
}

/// A form, and the path that the default and the older version come from; without one the command ends with 50. The unknown
/// version is nowhere.
struct Row {
    form: &'static str,
    default: Option<&'static str>,
    older: Option<&'static str>,
}

const ROWS: [Row; 30] = [
    Row { form: "single", default: Some("openapi.json"), older: None },
    Row {
        form: "listing-array",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-object",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-map",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-yaml",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-text",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-error",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-ids",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-message",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-words",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "listing-lines",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "catalog",
        default: Some("openapi.yaml?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.yaml?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "catalog-text",
        default: Some("openapi.json?api=b09aa0ca-2026-02-09"),
        older: Some("openapi.json?api=b09aa0ca-2025-04-21"),
    },
    Row {
        form: "link-header",
        default: Some("machines/b09aa0ca-2026-02-09"),
        older: Some("machines/b09aa0ca-2025-04-21"),
    },
    Row {
        form: "link-alternate",
        default: Some("machines/b09aa0ca-2026-02-09"),
        older: Some("machines/b09aa0ca-2025-04-21"),
    },
    // Nothing leads to the web page but its URL.
    Row { form: "viewer", default: None, older: None },
    Row { form: "banner-index", default: Some("2026-02-09/openapi.json"), older: Some("2025-04-21/openapi.json") },
    Row { form: "version-index", default: Some("2026-02-09/openapi.json"), older: Some("2025-04-21/openapi.json") },
    Row { form: "section-index", default: Some("reference/whole.json"), older: None },
    Row { form: "pages-4", default: None, older: None },
    Row { form: "pages-5", default: None, older: None },
    Row { form: "pages-fenced", default: None, older: None },
    Row { form: "pages-definition", default: None, older: None },
    Row { form: "pages-inline", default: None, older: None },
    Row { form: "llms-full-4", default: Some("llms-full.txt"), older: None },
    Row { form: "llms-full-5", default: None, older: None },
    Row { form: "llms-full-bare", default: None, older: None },
    Row { form: "pages-bare", default: None, older: None },
    Row { form: "html", default: None, older: None },
    Row { form: "login", default: None, older: None },
];

#[test]
fn each_form_of_a_site_yields_the_document_of_each_version_or_nothing() {
    let documents = published();
    let expected = [canonical(&documents[0]), canonical(&documents[1])];
    for base in ["", "/docs/api"] {
        for Row { form, default, older } in &ROWS {
            let site = start(Form::named(form).unwrap(), base);
            for (version, place, bytes) in
                [(VERSION, default, Some(&expected[0])), (OLD, older, Some(&expected[1])), (UNKNOWN, &None, None)]
            {
                // The base path matters for how sources are found, not for versions.
                if !base.is_empty() && version == UNKNOWN {
                    continue;
                }
                let workspace = workspace(&site, base);
                let before = workspace.files();
                let ran = workspace.xtask(&["fetch", "--api-version", version]);
                let case = format!("{form} {base} {version}");
                assert_eq!(ran.code, if place.is_some() { 0 } else { 50 }, "{case}: {ran:?}");
                let found = adopted(&workspace, version);
                let place = place.map(|place| format!("{base}/{place}").trim_start_matches('/').to_owned());
                assert_eq!(found.as_ref().map(|(_, url)| url.clone()), place, "{case}");
                match found {
                    // Pages lack the name and order of what they are made of.
                    Some((found, _)) if !form.starts_with("llms-full") => assert!(Some(&found) == bytes, "{case}"),
                    Some(_) => {}
                    None => assert_eq!(workspace.files(), before, "{case}"),
                }
            }
        }
    }
}

#[test]
fn site_is_found_by_its_url_alone() {
    for (form, base, url) in [
        ("listing-array", "", ""),
        ("catalog", "/docs", "/docs"),
        ("link-header", "", "/guides/start"),
        ("version-index", "/docs", "/docs/"),
        ("version-index", "/docs", "/docs"),
        ("banner-index", "/docs", "/docs"),
        ("link-alternate", "", "/guides/start"),
        ("viewer", "", "/"),
        ("viewer", "/docs", "/docs/"),
        ("single", "", "/"),
    ] {
        let site = start(Form::named(form).unwrap(), base);
        let ran = Workspace::empty().xtask(&["fetch", "--url", &site.url(url)]);
        assert_eq!(ran.code, 0, "{form}: {ran:?}");
    }
}

#[test]
fn other_apis_of_a_listing_are_named_with_the_reason() {
    let site = start(Form::ListingObject, "");
    let ran = workspace(&site, "").xtask(&["fetch"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in [
        "note: http://127.0.0.1",
        "a listing of 2 APIs: 2026_02_09_docs, 2025_04_21_docs",
        "2025_04_21_docs: it is version 2025-04-21, as stated by its version header, and not 2026-02-09",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    let ran = workspace(&site, "").xtask(&["fetch", "--api-version", UNKNOWN]);
    assert!(
        ran.stderr.contains("versions that were found: 2025-04-21, 2026-02-09; --api-version requests one"),
        "{ran:?}"
    );
}

#[test]
fn all_versions_are_adopted_in_one_run_and_only_what_changed_is_written() {
    let documents = published();
    for form in ["listing-array", "listing-text", "catalog", "link-header", "version-index", "banner-index"] {
        let site = start(Form::named(form).unwrap(), "");
        let workspace = workspace(&site, "");
        let ran = workspace.xtask(&["fetch", "--all-versions"]);
        assert_eq!(ran.code, 0, "{form}: {ran:?}");
        for published in &documents {
            let (bytes, _) = adopted(&workspace, &published.version).unwrap();
            assert!(bytes == canonical(published), "{form} {}", published.version);
            assert!(ran.stdout.contains(&format!("new: spec/{}", published.version)), "{form}: {ran:?}");
        }
        let before = workspace.files();
        let ran = workspace.xtask(&["fetch", "--all-versions", "--json"]);
        let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(
            (&printed["state"], &printed["written"]),
            (&"unchanged".into(), &false.into()),
            "{form}: {printed:#}"
        );
        assert_eq!(printed["versions"][1]["document"]["apiVersion"], VERSION, "{form}: {printed:#}");
        assert_eq!(workspace.files(), before, "{form}");
    }
}

#[test]
fn api_that_was_chosen_before_is_requested_conditionally() {
    let site = start(Form::ListingArray, "");
    let workspace = workspace(&site, "");
    assert_eq!(workspace.xtask(&["fetch"]).code, 0);
    let files = workspace.files();
    let ran = workspace.xtask(&["fetch"]);
    assert_eq!((ran.code, ran.stdout.starts_with("unchanged: ")), (0, true), "{ran:?}");
    assert_eq!(workspace.files(), files);
    let conditional = site.heads().iter().filter(|head| head.to_ascii_lowercase().contains("if-none-match")).count();
    assert_eq!(conditional, 1);
}

fn fetch_pages(workspace: &Workspace, arguments: &[&str]) -> Ran {
    workspace.xtask(&[&["fetch", "--from", "llms-full"], arguments].concat())
}

#[test]
fn pages_that_an_index_lists_are_downloaded_one_by_one_and_merged() {
    for (form, is_approximate) in [
        ("pages-2", false),
        ("pages-3", false),
        ("pages-4", false),
        ("pages-fenced", false),
        ("pages-definition", false),
        ("pages-inline", false),
        ("pages-5", true),
    ] {
        let site = start(Form::named(form).unwrap(), "");
        let workspace = workspace(&site, "");
        let ran = fetch_pages(&workspace, &[]);
        assert_eq!(ran.code, 0, "{form}: {ran:?}");
        assert_eq!(ran.stdout.contains("approximate: reconstructed from prose"), is_approximate, "{form}: {ran:?}");
        assert!(ran.stdout.contains(": 3 operations,"), "{form}: {ran:?}");
        // Unchanged pages are not sent again.
        let before = site.heads().len();
        assert_eq!(fetch_pages(&workspace, &["--dry-run"]).code, 0, "{form}");
        let pages: Vec<String> = site.heads()[before..].iter().filter(|head| head.contains(".md ")).cloned().collect();
        assert!(
            pages.len() >= 3 && pages.iter().all(|head| head.to_ascii_lowercase().contains("if-none-match")),
            "{pages:?}"
        );
    }
}

#[test]
fn sources_of_a_plan_are_explained_without_a_request() {
    let site = start(Form::Single, "");
    let workspace = workspace(&site, "");
    assert_eq!(workspace.xtask(&["fetch"]).code, 0);
    let (before, files) = (site.paths().len(), workspace.files());
    let ran = workspace.xtask(&["fetch", "--explain"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in [
        "fetch of version 2026-02-09; 6 sources, in this order:\n  1. http://127.0.0.1",
        "named in document.sources of the profile",
        "documentation sites usually have it",
        "/.well-known/api-catalog",
        "conditional: the snapshot came from here",
        "each is requested, with ?api=<id>",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let ran = workspace.xtask(&["fetch", "--explain", "--json", "--from", "llms-full"]);
    let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(printed["sources"][1]["expected"], "an index with pages", "{printed:#}");
    assert_eq!((site.paths().len(), workspace.files()), (before, files));
}

/// The server breaks down after some pages. What is here then is not requested again, and the end is the same as without a fault.
#[test]
fn interrupted_download_of_pages_is_continued() {
    let fetch = |workspace: &Workspace| fetch_pages(workspace, &["--force"]);
    let form = Form::named("pages-4").unwrap();
    let pages = Site { form, base: String::new(), documents: vec![many()] }.resources("");
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = Arc::clone(&broken);
    let server = Server::start(move |path, _| {
        Reply::Bytes(match pages.get(path) {
            Some(_) if path.contains("page-1") && is_broken.load(Ordering::SeqCst) => response("503 X", "", "busy"),
            Some(page) => response("200 OK", "", &page.body),
            None => response("404 Not Found", "", "no"),
        })
    });
    let workspace = Workspace::empty();
    let source = format!("\n[[document.sources]]\nkind = \"index\"\nurl = \"{}\"\n", server.url("/llms.txt"));
    workspace.write("spec/profile.toml", &format!("{PROFILE}{LIMITS}{source}"));
    let ran = fetch(&workspace);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("the next run continues with the others"), "{ran:?}");
    assert!(!workspace.path(&format!("spec/{VERSION}")).exists());

    broken.store(false, Ordering::SeqCst);
    let before = server.paths();
    let ran = fetch(&workspace);
    assert_eq!(ran.code, 0, "{ran:?}");
    let again: Vec<String> = server.paths()[before.len()..].to_vec();
    let had: Vec<&String> = before.iter().filter(|path| path.contains("page-") && !path.contains("page-1")).collect();
    assert!(!had.is_empty() && had.iter().all(|page| !again.contains(page)), "{had:?} {again:?}");
    let whole = Workspace::empty();
    whole.write("spec/profile.toml", &format!("{PROFILE}{LIMITS}{source}"));
    assert_eq!(fetch(&whole).code, 0);
    let document = |workspace: &Workspace| fs::read(workspace.path(&format!("spec/{VERSION}/openapi.json"))).unwrap();
    assert!(document(&workspace) == document(&whole));
}

/// A document with enough operations for a server to be given up.
fn many() -> Published {
    let names: Vec<String> = (0..40).map(|number| format!("things{number}")).collect();
    documents::small(VERSION, &names.iter().map(String::as_str).collect::<Vec<_>>())
}
