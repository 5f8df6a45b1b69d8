//! `fetch` from the pages of a documentation site: merged, approximate, refused, compared with the snapshot, compiled.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::server::{Reply, Server, response};
use crate::workspace::{PROFILE, Ran, VERSION, Workspace, compile, document};

/// A page of the fourth generation about one operation.
fn page(title: &str, method: &str, path: &str, operation: &str, schemas: &str) -> String {
    format!(
        "# {title}\n\n{method} https://api.example.com{path}\n\nReference: https://docs.example.com/reference/runs/{title}\n\n\
         ## OpenAPI Specification\n\n```yaml\nopenapi: 3.1.0\ninfo:\n  title: Runs\n  version: 1.0.0\npaths:\n  {path}:\n    {}:\n\
         {operation}servers:\n  - url: https://api.example.com\ncomponents:\n  schemas:\n{schemas}```\n\n## Examples\n\n```shell\n\
         # {title}\ncurl https://api.example.com{path}\n```\n",
        method.to_ascii_lowercase()
    )
}

const RUN: &str = "    Run:
      type: object
      properties:
        id: {type: string}
        status:
          $ref: '#/components/schemas/Status'
      required: [id, status]
    Status:
      type: string
      enum: [PENDING, PROCESSED]
";

fn get_page() -> String {
    let operation = "      operationId: get
      tags: [subpackage_runs]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
      responses:
        '200':
          description: The run
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
";
    page("get-run", "GET", "/runs/{id}", operation, RUN)
}

fn upload_page() -> String {
    let operation = "      operationId: upload
      tags: [subpackage_runs]
      responses:
        '200':
          description: The run
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '204':
          description: Nothing
          content: {}
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                mode: {type: string, enum: [{value: fast}, {value: slow}]}
                file: {type: string, format: binary}
              required: [mode]
";
    page("upload-run", "POST", "/runs/upload", operation, RUN)
}

/// The same operations in prose, and one that is new.
const PROSE: &str = "# Get a run

GET https://api.example.com/runs/{id}

Reference: https://docs.example.com/reference/runs/get-run

## Authentication

- `Authorization` header (bearer token, required)

## Request

### Path parameters

- `id` (string, required)

### Query parameters

- `expand` (boolean, optional)

## Response

### 200

- `id` (string, required)
- `status` (enum, required)
  - Allowed values: `PENDING`, `PROCESSED`

# Stop a run

POST https://api.example.com/runs/{id}/stop

Reference: https://docs.example.com/reference/runs/stop-run

## Request

### Path parameters

- `id` (string, required)
";

fn with_file(workspace: &Workspace, text: &str, arguments: &[&str]) -> Ran {
    workspace.write("llms-full.txt", text);
    let file = workspace.path("llms-full.txt");
    let ran = workspace.xtask(&[&["fetch", "--file", file.to_str().unwrap()], arguments].concat());
    workspace.remove("llms-full.txt");
    ran
}

fn snapshot(workspace: &Workspace) -> Value {
    let path = workspace.path(&format!("spec/{VERSION}/openapi.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn pages_are_the_last_source_and_are_merged_into_one_document() {
    let pages = format!("{}\n{}", get_page(), upload_page());
    let server = Server::start(move |path, _| {
        Reply::Bytes(if path == "/llms-full.txt" {
            response("200 OK", "ETag: \"p\"\r\n", &pages)
        } else {
            response("404 Not Found", "", "")
        })
    });
    let workspace = Workspace::empty();
    let source =
        |kind: &str, path: &str| format!("\n[[document.sources]]\nkind = \"{kind}\"\nurl = \"{}\"\n", server.url(path));
    workspace.write(
        "spec/profile.toml",
        &format!("{PROFILE}{}{}", source("openapi", "/openapi.json"), source("llms-full", "/llms-full.txt")),
    );
    let ran = workspace.xtask(&["fetch"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("new: spec/2026-02-09 (Runs): 2 operations, 2 schemas"), "{ran:?}");
    assert!(ran.stdout.contains("as requested; the document does not state it"), "{ran:?}");
    assert!(ran.stdout.contains("merged from pages: pages 2, generation 4, fragments 2"), "{ran:?}");
    assert!(ran.stderr.contains("warning[page-guess]"), "{ran:?}");
    let document = snapshot(&workspace);
    assert_eq!(document["paths"].as_object().unwrap().len(), 2);
    let lock = fs::read_to_string(workspace.path(&format!("spec/{VERSION}/lock.toml"))).unwrap();
    assert!(lock.contains("from_pages = true") && lock.contains("etag = '\"p\"'"), "{lock}");
    assert_eq!(workspace.xtask(&["regen"]).code, 0);

    // A page on its own has one of the two operations.
    let ran = with_file(&workspace, &get_page(), &["--dry-run", "--force"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("  - POST /runs/upload\n"), "{ran:?}");
}

#[test]
fn prose_is_taken_and_generated_from_only_when_that_is_asked_for() {
    let server = Server::always(response("200 OK", "", PROSE));
    let workspace = Workspace::empty();
    let source = format!("\n[[document.sources]]\nkind = \"llms-full\"\nurl = \"{}\"\n", server.url("/llms-full.txt"));
    workspace.write("spec/profile.toml", &format!("{PROFILE}{source}"));
    let before = workspace.files();
    let ran = workspace.xtask(&["fetch"]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("only approximate") && ran.stderr.contains("--from llms-full"), "{ran:?}");
    assert_eq!(workspace.files(), before);

    let ran = workspace.xtask(&["fetch", "--from", "llms-full"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("approximate: reconstructed from prose"), "{ran:?}");
    assert_eq!(snapshot(&workspace)["info"]["x-sdk-approximate"], Value::Bool(true));
    let ran = workspace.xtask(&["check"]);
    assert_eq!((ran.code, ran.stdout.contains("warning[approximate]")), (0, true), "{ran:?}");
    for arguments in [&["regen"][..], &["regen", "--check"]] {
        let ran = workspace.xtask(arguments);
        assert_eq!(ran.code, 40, "{ran:?}");
        assert!(ran.stderr.contains("error[approximate]") && ran.stderr.contains("--allow-approximate"), "{ran:?}");
    }
    assert_eq!(workspace.xtask(&["regen", "--allow-approximate"]).code, 0);
}

#[test]
fn exact_snapshot_gives_way_to_an_approximate_one_by_force_only() {
    let workspace = Workspace::with_document();
    let before = workspace.files();
    let ran = with_file(&workspace, PROSE, &[]);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(ran.stderr.contains("--force"), "{ran:?}");
    assert_eq!(workspace.files(), before);
    assert_eq!(with_file(&workspace, PROSE, &["--force"]).code, 0);
}

#[test]
fn pages_without_schemas_are_refused_with_a_better_source() {
    let first = "# Get a run\n\n```http\nGET https://api.example.com/runs\n```\n\n## Response Body\n\n- 200: OK\n";
    let channel = "# Live\n\nGET /live\n\nReference: https://docs.example.com/live\n\n## AsyncAPI Specification\n\n```yaml\nasyncapi: 2.6.0\n```\n";
    let rows = [
        (first, "first generation", "/openapi.json"),
        ("# Errors\n\nAll of them.\n", "handwritten", "/openapi.json"),
        (channel, "AsyncAPI", "https://docs.example.com/openapi.json"),
    ];
    for (text, reason, better) in rows {
        let workspace = Workspace::with_document();
        let before = workspace.files();
        let ran = with_file(&workspace, text, &[]);
        assert_eq!(ran.code, 50, "{ran:?}");
        for part in ["error[no-schemas]", reason, better] {
            assert!(ran.stderr.contains(part), "{part}: {ran:?}");
        }
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn cross_check_says_what_pages_and_snapshot_lack_and_writes_nothing() {
    let workspace = Workspace::empty();
    let text = document("Runs").replace("\"status\"", "\"state\"");
    workspace.put_document(&text);
    let before = workspace.files();
    let ran = with_file(&workspace, PROSE, &["--cross-check"]);
    assert_eq!(ran.code, 10, "{ran:?}");
    let lines = [
        "pages 2, generation 5, fragments 0",
        "\nmissing in the snapshot, spec/2026-02-09/openapi.json:\n  GET /runs/{}\n    parameter expand (query)\n    response field status\n  POST /runs/{}/stop\n",
        "\nmissing in the pages:\n  GET /runs/{}\n    response field state\n",
        "\n3 things in the pages only, 1 thing in spec/2026-02-09/openapi.json only, 0 things told differently, 0 operations not told in full\n",
    ];
    for line in lines {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    let ran = with_file(&workspace, PROSE, &["--cross-check", "--json"]);
    let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &printed["differences"][0]["lacking"]), (10, &Value::from("snapshot")), "{printed:#}");
    assert_eq!(workspace.files(), before);

    workspace.put_document(&document("Runs"));
    let same = PROSE.replace("### Query parameters\n\n- `expand` (boolean, optional)\n", "");
    let same = same.split("# Stop a run").next().unwrap();
    let ran = with_file(&workspace, same, &["--cross-check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout
            .contains("\n0 things in the pages only, 0 things in spec/2026-02-09/openapi.json only, 0 things told"),
        "{ran:?}"
    );
}

#[test]
fn cross_check_reports_what_is_described_differently() {
    let workspace = Workspace::empty();
    let text = document("Runs")
        .replace("\"required\": [\n          \"id\",\n          \"status\"", "\"required\": [\n          \"id\"");
    workspace.put_document(&text.replace("\"PROCESSED\"", "\"DONE\""));
    let prose = PROSE.replace("`id` (string, required)\n- `status`", "`id` (integer, required)\n- `status`");
    let ran = with_file(&workspace, &prose, &["--cross-check"]);
    assert_eq!(ran.code, 10, "{ran:?}");
    let lines = "\ntold differently:\n  GET /runs/{}\n    response field id: type: integer in the pages, string in the snapshot\n    \
        response field status: presence: required in the pages, optional in the snapshot\n    response field status: values: also \
        PROCESSED in the pages, also DONE in the snapshot\n";
    assert!(ran.stdout.contains(lines), "{}", ran.stdout);
    let ran = with_file(&workspace, &prose, &["--cross-check", "--json"]);
    let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
    let differing: Vec<&Value> = printed["differences"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["kind"] == "described-differently")
        .collect();
    assert_eq!((differing.len(), &differing[0]["aspect"]), (3, &Value::from("type")), "{printed:#}");
}

/// Pages of today may have no schemas, which says nothing about what the API has.
#[test]
fn what_pages_without_schemas_do_not_tell_is_not_missing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/fixtures/pages_without_schemas");
    let pages = fs::read_to_string(folder.join("llms-full.txt")).unwrap();
    let workspace = Workspace::empty();
    workspace.write("upstream.yaml", &fs::read_to_string(folder.join("openapi.yaml")).unwrap());
    let file = workspace.path("upstream.yaml");
    assert_eq!(workspace.xtask(&["fetch", "--file", file.to_str().unwrap()]).code, 0);
    let files = workspace.files();

    let ran = with_file(&workspace, &pages, &["--cross-check"]);
    assert_eq!(ran.code, 10, "{ran:?}");
    for part in [
        "\nmissing in the snapshot, spec/2026-02-09/openapi.json:\n  POST /files/upload\n\n",
        "\nnot told by the pages, so not compared:\n  GET /files/{}: parameters, response body\n",
        "\n1 thing in the pages only, 0 things in spec/2026-02-09/openapi.json only, 0 things told differently, 1 operation not told",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("missing in the pages"), "{}", ran.stdout);
    let same = pages.split("# Upload file").next().unwrap();
    assert_eq!(with_file(&workspace, same, &["--cross-check"]).code, 0);

    // They are not adopted, neither in place of a document nor as the first.
    for workspace in [&workspace, &Workspace::empty()] {
        let ran = with_file(workspace, &pages, &["--force"]);
        assert_eq!(ran.code, 50, "{ran:?}");
        assert!(ran.stderr.contains("error[no-schemas]"), "{ran:?}");
    }
    assert_eq!(workspace.files(), files);
}

#[test]
fn clients_made_from_merged_pages_compile() {
    let mut texts = vec![("ours".to_owned(), format!("{}\n{}", get_page(), upload_page()))];
    // A whole site of others, where it lies beside the repository.
    let sample =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/llms-samples/gen2-openrouter-llms-full-2025-11.txt");
    texts.extend(fs::read_to_string(sample).ok().map(|text| ("sample".to_owned(), text)));
    let merged = Workspace::empty();
    for (name, text) in &texts {
        let workspace = Workspace::empty();
        let ran = with_file(&workspace, text, &[]);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        merged.write(&format!("merged/{name}.json"), &snapshot(&workspace).to_string());
    }
    let ran = compile(&merged.path("merged"), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains(&format!("{} pass", texts.len())), "{ran:?}");
}
