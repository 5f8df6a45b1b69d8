//! `fetch` as a maintainer runs it: what is taken over, what the lock says, and that nothing is touched without need.

use std::fs;

use serde_json::{Value, json};

use crate::server::{Reply, Server, response};
use crate::workspace::{PROFILE, Ran, VERSION, Workspace, document, unsound_document};

fn fetch_file(workspace: &Workspace, text: &str, arguments: &[&str]) -> Ran {
    workspace.write("upstream.json", text);
    let file = workspace.path("upstream.json");
    workspace.xtask(&[&["fetch", "--file", file.to_str().unwrap()], arguments].concat())
}

fn lock(workspace: &Workspace) -> toml::Table {
    fs::read_to_string(workspace.path(&format!("spec/{VERSION}/lock.toml"))).unwrap().parse().unwrap()
}

/// The document with so many operations.
fn of_size(operations: usize) -> String {
    let mut value: Value = serde_json::from_str(&document("Runs")).unwrap();
    let item = value["paths"]["/runs/{id}"].clone();
    for number in 1..operations {
        let mut item = item.clone();
        item["get"]["operationId"] = json!(format!("getRun{number}"));
        value["paths"][format!("/runs{number}/{{id}}")] = item;
    }
    value.to_string()
}

#[test]
fn document_from_a_file_is_taken_over_once() {
    let workspace = Workspace::empty();
    let ran = fetch_file(&workspace, &document("Runs"), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("new: spec/2026-02-09 (Runs): 1 operation, 2 schemas, 0 webhook events"), "{ran:?}");
    let lock = lock(&workspace);
    assert_eq!(lock["file"].as_str(), Some("upstream.json"));
    assert_eq!((lock["operations"].as_integer(), lock["schemas"].as_integer()), (Some(1), Some(2)));
    assert_eq!(workspace.xtask(&["check"]).code, 0);

    let path = workspace.path(&format!("spec/{VERSION}/openapi.json"));
    let (files, touched) = (workspace.files(), fs::metadata(&path).unwrap().modified().unwrap());
    let ran = fetch_file(&workspace, &document("Runs"), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("unchanged"), "{ran:?}");
    assert_eq!(workspace.files(), files);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), touched);
}

#[test]
fn changed_document_replaces_the_old_one_and_nothing_else() {
    let workspace = Workspace::empty();
    assert_eq!(fetch_file(&workspace, &document("Runs"), &[]).code, 0);
    let note = format!("spec/{VERSION}/NOTES.md");
    workspace.write(&note, "ours");
    let before = lock(&workspace);
    let ran = fetch_file(&workspace, &of_size(2), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("changed") && ran.stdout.contains("  + GET /runs1/{}\n"), "{ran:?}");
    assert_ne!(lock(&workspace)["sha256"], before["sha256"]);
    assert_eq!(fs::read_to_string(workspace.path(&note)).unwrap(), "ours");
    assert_eq!(workspace.xtask(&["check"]).code, 0);
}

#[test]
fn document_edited_by_hand_is_put_back() {
    let workspace = Workspace::empty();
    assert_eq!(fetch_file(&workspace, &document("Runs"), &[]).code, 0);
    let path = format!("spec/{VERSION}/openapi.json");
    let right = fs::read(workspace.path(&path)).unwrap();
    workspace.write(&path, "{}");
    for command in ["check", "regen"] {
        let ran = workspace.xtask(&[command]);
        assert_eq!(ran.code, 40, "{ran:?}");
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(&path), "{ran:?}");
    }
    assert_eq!(fetch_file(&workspace, &document("Runs"), &[]).code, 0);
    assert_eq!(fs::read(workspace.path(&path)).unwrap(), right);
}

#[test]
fn json_and_yaml_packed_or_not_give_the_same_snapshot() {
    let yaml = "\u{feff}openapi: 3.1.0\ninfo: {title: Runs, version: 2026-02-09}\npaths:\n  /runs:\n    get:\n      operationId: list\n      responses: {'200': {description: ok}}\n";
    let json = json!({"paths": {"/runs": {"get": {"responses": {"200": {"description": "ok"}}, "operationId": "list"}}},
        "info": {"version": "2026-02-09", "title": "Runs"}, "openapi": "3.1.0"});
    let packed = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let html = "Content-Type: text/html\r\n";
    let responses = [
        response("200 OK", "", json.to_string()),
        response("200 OK", html, yaml),
        response("200 OK", "Content-Encoding: gzip\r\n", packed(yaml)),
        response("200 OK", "Content-Type: application/gzip\r\n", packed(&json.to_string())),
        response("200 OK", "Content-Encoding: gzip\r\n", json.to_string()),
    ];
    let mut snapshots = responses.map(|bytes| {
        let workspace = Workspace::empty();
        let ran = workspace.xtask(&["fetch", "--url", &Server::always(bytes).url("/openapi.json")]);
        assert_eq!(ran.code, 0, "{ran:?}");
        fs::read_to_string(workspace.path(&format!("spec/{VERSION}/openapi.json"))).unwrap()
    });
    snapshots.sort();
    assert_eq!(snapshots.first(), snapshots.last());
}

#[test]
fn what_the_server_still_has_is_not_sent_again() {
    let workspace = Workspace::empty();
    let server = Server::start(|_, before| {
        let headers = "ETag: \"v1\"\r\nLast-Modified: Mon, 23 Nov 2026 08:00:00 GMT\r\n";
        Reply::Bytes(match before {
            0 | 2 | 3 => response("200 OK", headers, document("Runs")),
            _ => response("304 Not Modified", headers, ""),
        })
    });
    let url = server.url("/openapi.json");
    let ran = workspace.xtask(&["fetch", "--url", &url]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lock = lock(&workspace);
    assert_eq!(lock["url"].as_str(), Some(url.as_str()));
    assert_eq!(lock["etag"].as_str(), Some("\"v1\""));
    assert_eq!(lock["last_modified"].as_str(), Some("Mon, 23 Nov 2026 08:00:00 GMT"));
    assert!(!lock.contains_key("file"));

    let files = workspace.files();
    let ran = workspace.xtask(&["fetch", "--url", &url]);
    assert_eq!((ran.code, ran.stdout.starts_with("unchanged: ")), (0, true), "{ran:?}");
    assert_eq!(workspace.files(), files);

    // A snapshot that is not the locked one, and --force, ask for everything.
    workspace.write(&format!("spec/{VERSION}/openapi.json"), "{}");
    assert_eq!(workspace.xtask(&["fetch", "--url", &url]).code, 0);
    assert_eq!(workspace.xtask(&["fetch", "--url", &url, "--force"]).code, 0);
    let conditional: Vec<bool> = server.seen().iter().map(|head| head.contains("if-none-match: \"v1\"")).collect();
    assert_eq!(conditional, [false, true, false, false]);
}

#[test]
fn dry_run_writes_nothing_and_says_what_it_would() {
    for workspace in [Workspace::empty(), Workspace::with_document()] {
        let before = workspace.files();
        workspace.write("upstream.json", &document("Other"));
        let ran = fetch_file(&workspace, &of_size(3), &["--dry-run"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.starts_with("dry run, nothing was written: "), "{ran:?}");
        workspace.remove("upstream.json");
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn json_says_what_happened_and_what_was_tried() {
    let workspace = Workspace::empty();
    let printed = |ran: &Ran| -> Value { serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}")) };
    let ran = fetch_file(&workspace, &document("Runs"), &["--json"]);
    let value = printed(&ran);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert_eq!((&value["state"], &value["written"]), (&json!("new"), &json!(true)));
    assert_eq!(value["document"]["apiVersion"], VERSION);
    assert_eq!(value["document"]["operations"], 1);

    let ran = fetch_file(&workspace, &of_size(2), &["--json", "--dry-run"]);
    let value = printed(&ran);
    assert_eq!((&value["state"], &value["written"]), (&json!("changed"), &json!(false)));
    assert_eq!(value["document"]["operationsAdded"], json!(["GET /runs1/{}"]));

    let ran = fetch_file(&workspace, "<html>", &["--json"]);
    let value = printed(&ran);
    assert_eq!((ran.code, &value["state"]), (50, &json!("failed")), "{ran:?}");
    assert_eq!(value["tried"][0]["received"]["beginning"], "<html>");
    assert!(value["error"].as_str().unwrap().contains("a web page (HTML)"), "{value}");
}

/// What `--json` prints has the same parts whatever came of it.
#[test]
fn json_describes_the_document_also_when_nothing_was_sent() {
    let workspace = Workspace::empty();
    let server = Server::start(|_, before| {
        Reply::Bytes(match before {
            0 => response("200 OK", "ETag: \"v1\"\r\n", document("Runs")),
            _ => response("304 Not Modified", "", ""),
        })
    });
    let url = server.url("/openapi.json");
    let printed =
        || -> Value { serde_json::from_str(&workspace.xtask(&["fetch", "--url", &url, "--json"]).stdout).unwrap() };
    let (first, second) = (printed(), printed());
    assert_eq!((&first["state"], &second["state"]), (&json!("new"), &json!("unchanged")));
    assert_eq!((&first["written"], &second["written"]), (&json!(true), &json!(false)));
    let keys = |value: &Value| value["document"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&first), keys(&second));
    for key in
        ["title", "source", "apiVersion", "sha256", "operations", "schemas", "webhooks", "fromPages", "approximate"]
    {
        assert_eq!(first["document"][key], second["document"][key], "{key}");
    }
}

struct Row<'a> {
    path: &'static str,
    text: &'a str,
    message: &'static str,
    is_received: bool,
}

/// Each row: what is in the way of a good document, and what is said about it.
#[test]
fn whatever_is_in_the_way_the_exit_code_is_50_and_it_is_said_what_was_received() {
    let own = format!("process {}\n", std::process::id());
    let rows = [
        Row { path: "spec/.2026-02-09.new", text: "a file", message: "cannot remove", is_received: false },
        Row { path: "spec/.xtask.lock", text: own.as_str(), message: "another run is writing", is_received: true },
        Row { path: "spec/profile.toml", text: "[document", message: "error[profile]", is_received: false },
        Row {
            path: "spec/2026-02-09/overlay.yaml",
            text: "overlay: 1.0.0\nactions: 1\n",
            message: "error[overlay]",
            is_received: true,
        },
    ];
    for Row { path, text, message, is_received } in rows {
        let workspace = Workspace::empty();
        workspace.write(path, text);
        let before = workspace.files();
        for arguments in [&["--api-version", "2025-04-21"][..], &[]] {
            let ran = fetch_file(&workspace, &document("Runs"), arguments);
            assert_eq!((ran.code, ran.stdout.as_str()), (50, ""), "{path}: {ran:?}");
        }
        let ran = fetch_file(&workspace, &document("Runs"), &[]);
        assert!(ran.stderr.contains(message), "{path}: {ran:?}");
        assert_eq!(ran.stderr.contains("a file of"), is_received, "{path}: {ran:?}");
        workspace.remove("upstream.json");
        assert_eq!(workspace.files(), before, "{path}");
    }
}

#[test]
fn another_version_is_taken_only_when_it_is_asked_for() {
    let old = document("Runs").replace(VERSION, "2025-04-21");
    let workspace = Workspace::with_document();
    let before = workspace.files();
    let ran = fetch_file(&workspace, &old, &[]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("version 2025-04-21, as stated in info.version, and not 2026-02-09"), "{ran:?}");
    workspace.remove("upstream.json");
    assert_eq!(workspace.files(), before);

    let ran = fetch_file(&workspace, &old, &["--api-version", "2025-04-21"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(workspace.path("spec/2025-04-21/lock.toml").exists());
    assert!(ran.stdout.contains("note: spec/profile.toml does not list 2025-04-21"), "{ran:?}");
    assert_eq!(workspace.xtask(&["fetch", "--api-version", "../x"]).code, 2);
}

/// Each row: the version that is asked for, the operations of the document, and whether it is taken over.
#[test]
fn document_without_version_is_not_taken_for_another_one_that_is_here() {
    let unsaid = |operations: usize| of_size(operations).replace(VERSION, "1.0.0");
    let rows =
        [(VERSION, 6, 0), ("2025-04-21", 6, 50), ("2025-04-21", 5, 0), ("2025-04-21", 12, 0), ("2027-01-01", 6, 50)];
    for (version, operations, code) in rows {
        let workspace = Workspace::empty();
        assert_eq!(fetch_file(&workspace, &of_size(6), &[]).code, 0);
        let ran = fetch_file(&workspace, &unsaid(operations), &["--api-version", version]);
        assert_eq!(ran.code, code, "{version} {operations}: {ran:?}");
        if code == 50 {
            assert!(ran.stderr.contains("its operations are those of 2026-02-09 (6 of 6)"), "{ran:?}");
            assert!(!workspace.path(&format!("spec/{version}")).exists());
            assert_eq!(fetch_file(&workspace, &unsaid(operations), &["--api-version", version, "--force"]).code, 0);
            // From then on it is that version as much as the other.
            assert_eq!(fetch_file(&workspace, &unsaid(operations), &["--api-version", version]).code, 0);
        }
    }
}

#[test]
fn version_in_the_address_counts_also_when_a_redirect_leads_elsewhere() {
    let server = Server::start(|path, _| {
        Reply::Bytes(match path {
            "/stored" => response("200 OK", "", document("Runs").replace(VERSION, "1.0.0")),
            _ => response("302 Found", "Location: /stored\r\n", ""),
        })
    });
    let workspace = Workspace::empty();
    let fetch = |folder: &str| workspace.xtask(&["fetch", "--url", &server.url(&format!("/{folder}/openapi.json"))]);
    let ran = fetch("2025-04-21");
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("it is version 2025-04-21, as stated in its URL"), "{ran:?}");
    assert_eq!(fetch(VERSION).code, 0);
}

#[test]
fn document_without_operations_is_none() {
    let mut value: Value = serde_json::from_str(&document("Runs")).unwrap();
    value["paths"] = json!({});
    for workspace in [Workspace::empty(), Workspace::with_document()] {
        let before = workspace.files();
        for arguments in [&[][..], &["--force"]] {
            let ran = fetch_file(&workspace, &value.to_string(), arguments);
            assert_eq!(ran.code, 50, "{ran:?}");
            assert!(ran.stderr.contains("it describes no operation"), "{ran:?}");
        }
        workspace.remove("upstream.json");
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn export_without_version_is_known_by_its_header_parameter() {
    let export = |default: &str| {
        let mut value: Value = serde_json::from_str(&document("Runs")).unwrap();
        value["info"]["version"] = json!("1.0.0");
        let header =
            json!({"name": "x-api-revision", "in": "header", "schema": {"type": "string", "default": default}});
        value["paths"]["/runs/{id}"]["get"]["parameters"].as_array_mut().unwrap().push(header);
        value.to_string()
    };
    let workspace = Workspace::empty();
    workspace.write("spec/profile.toml", &format!("{PROFILE}version_header = \"x-api-revision\"\n"));
    let ran = fetch_file(&workspace, &export(VERSION), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("version 2026-02-09, as stated by its version header"), "{ran:?}");
    assert_eq!(fetch_file(&workspace, &export("2025-04-21"), &[]).code, 50);
}

#[test]
fn another_api_is_refused() {
    let profile = format!(
        "{PROFILE}\n[[environments]]\nname = \"p\"\nregion = \"p\"\nurl = \"https://api.example.com/v1\"\ntitle = \"P\"\n"
    );
    let other = document("Else").replace("api.example.com", "api.example.org").replace("/runs", "/cats");
    for workspace in [Workspace::empty(), Workspace::with_document()] {
        workspace.write("spec/profile.toml", &profile);
        let before = workspace.files();
        for arguments in [&[][..], &["--force"]] {
            let ran = fetch_file(&workspace, &other, arguments);
            assert_eq!(ran.code, 50, "{ran:?}");
            assert!(
                ran.stderr.contains("another API: \"Else\" with 1 operation, served by api.example.org"),
                "{ran:?}"
            );
        }
        workspace.remove("upstream.json");
        assert_eq!(workspace.files(), before);
        assert_eq!(fetch_file(&workspace, &document("Runs"), &[]).code, 0);
    }
}

#[test]
fn document_that_lost_more_than_a_third_of_its_operations_has_to_be_forced() {
    let rows = [(6, 4, 0), (6, 3, 50), (3, 2, 0), (2, 1, 50)];
    for (before, after, code) in rows {
        let workspace = Workspace::empty();
        assert_eq!(fetch_file(&workspace, &of_size(before), &[]).code, 0);
        let files = workspace.files();
        let ran = fetch_file(&workspace, &of_size(after), &[]);
        assert_eq!(ran.code, code, "{before} {after}: {ran:?}");
        if code == 50 {
            assert!(ran.stderr.contains("more than a third") && ran.stderr.contains("GET /runs"), "{ran:?}");
            workspace.write("upstream.json", &of_size(before));
            assert_eq!(workspace.files(), files);
            let ran = fetch_file(&workspace, &of_size(after), &["--force"]);
            assert_eq!(ran.code, 0, "{ran:?}");
        }
    }
}

#[test]
fn overlay_action_that_matches_nothing_any_more_is_reported() {
    let workspace = Workspace::empty();
    workspace.write(
        &format!("spec/{VERSION}/overlay.yaml"),
        "overlay: 1.0.0\nactions:\n  - target: $.paths['/gone']\n    remove: true\n",
    );
    let ran = fetch_file(&workspace, &document("Runs"), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("warning[overlay-unused]") && ran.stderr.contains("/gone"), "{ran:?}");
}

#[test]
fn what_the_snapshot_no_longer_shows_is_reported() {
    let twice = document("Runs").replacen("\"title\": \"Runs\"", "\"title\": \"Gone\", \"title\": \"Runs\"", 1);
    for (text, found) in
        [(twice, "key `title` is defined twice"), (document("Runs") + "<html>", "the file contains several documents")]
    {
        let workspace = Workspace::empty();
        let ran = fetch_file(&workspace, &text, &[]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains(found), "{found}: {ran:?}");
    }
}

#[test]
fn index_in_a_file_is_not_followed_and_names_the_better_source() {
    let index = "# Acme\n\n## OpenAPI Specification\n- [JSON](https://docs.example.com/openapi.json)\n";
    let ran = fetch_file(&Workspace::empty(), index, &[]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("from a file; it names https://docs.example.com/openapi.json"), "{ran:?}");
}

#[test]
fn two_runs_do_not_write_at_once() {
    let workspace = Workspace::with_document();
    // The process of this test is there for sure.
    workspace.write("spec/.xtask.lock", &format!("process {}\n", std::process::id()));
    let before = workspace.files();
    let ran = fetch_file(&workspace, &of_size(2), &[]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("another run is writing") && ran.stderr.contains(".xtask.lock"), "{ran:?}");
    let ran = workspace.xtask(&["regen"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("another run is writing"), "{ran:?}");
    workspace.remove("upstream.json");
    assert_eq!(workspace.files(), before);

    workspace.remove("spec/.xtask.lock");
    assert_eq!(fetch_file(&workspace, &of_size(2), &[]).code, 0);
    assert!(!workspace.path("spec/.xtask.lock").exists());
}

#[test]
fn unsound_document_and_a_missing_file_leave_the_folder_as_it_was() {
    let workspace = Workspace::with_document();
    let before = workspace.files();
    let ran = fetch_file(&workspace, &unsound_document(), &[]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("dangling-ref") && ran.stderr.contains("a file of"), "{ran:?}");
    let ran = workspace.xtask(&["fetch", "--file", workspace.path("absent.json").to_str().unwrap()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (50, ""), "{ran:?}");
    workspace.remove("upstream.json");
    assert_eq!(workspace.files(), before);
}
