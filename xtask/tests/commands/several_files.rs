//! Documents of several files: what is read and bundled by `generate`, `check`, `corpus` and `fetch`, and what is not read.

use std::fs;

use crate::server::{Reply, Server, response};
use crate::workspace::{Ran, VERSION, Workspace, run};

/// Writes a document of several files into a folder of the workspace.
fn write_document(workspace: &Workspace, folder: &str) {
    let root = format!(
        "openapi: 3.1.0\ninfo: {{title: Runs, version: {VERSION}}}\nservers: [{{url: 'https://api.example.com'}}]\n\
         paths:\n  /runs/{{id}}: {{$ref: 'paths/run%20by%20id.yaml'}}\n"
    );
    workspace.write(&format!("{folder}/openapi.yaml"), &root);
    workspace.write(
        &format!("{folder}/paths/run by id.yaml"),
        "get:\n  operationId: getRun\n  tags: [runs]\n  parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n  \
         responses:\n    '200': {description: The run., content: {application/json: {schema: {$ref: ../schemas.json#/Run}}}}\n",
    );
    workspace.write(
        &format!("{folder}/schemas.json"),
        r##"{"Run": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "next": {"$ref": "#/Run"}}}}"##,
    );
}

fn generate(workspace: &Workspace, spec: &str, more: &[&str]) -> Ran {
    let out = workspace.path("out");
    run(&[&["generate", "--spec", spec, "--out", out.to_str().unwrap()], more].concat())
}

/// A path in the workspace as text.
fn path(workspace: &Workspace, relative: &str) -> String {
    workspace.path(relative).to_str().unwrap().to_owned()
}

fn types(workspace: &Workspace) -> String {
    let folder = workspace.path("out/src/generated/types");
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    files.collect()
}

#[test]
fn every_command_follows_references_to_files() {
    let workspace = Workspace::empty();
    write_document(&workspace, "in/runs");
    let ran = generate(&workspace, &path(&workspace, "in/runs/openapi.yaml"), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert!(ran.stdout.contains("1 operation, 1 type"), "{ran:?}");
    assert!(types(&workspace).contains("pub next: Option<Box<Run>>"), "{}", types(&workspace));

    let ran = workspace.xtask(&["check", "--spec", "in/runs/openapi.yaml"]);
    assert!(ran.stdout.contains("sound: 1 document, 0 errors"), "{ran:?}");
    let ran = run(&["corpus", &path(&workspace, "in"), "--out", &path(&workspace, "corpus")]);
    assert!(ran.code == 0 && ran.stdout.contains("| runs/openapi.yaml |"), "{ran:?}");

    let ran = workspace.xtask(&["fetch", "--file", "in/runs/openapi.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let stored = fs::read_to_string(workspace.path(&format!("spec/{VERSION}/openapi.json"))).unwrap();
    assert!(stored.contains("\"$ref\": \"#/components/schemas/Run\"") && !stored.contains("schemas.json"), "{stored}");
}

#[test]
fn files_outside_of_the_folder_are_read_only_when_allowed() {
    let workspace = Workspace::empty();
    let secret = "Run: {type: object, properties: {secret: {type: string}}}";
    let document = |reference: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths: {{}}\n\
             components: {{schemas: {{Kept: {{type: object, properties: {{run: {{$ref: '{reference}'}}}}}}}}}}\n"
        )
    };
    workspace.write("other/secret.yaml", secret);
    workspace.write("in/inside.txt", "x");
    let absolute = format!("{}#/Run", path(&workspace, "other/secret.yaml"));
    #[cfg(unix)]
    std::os::unix::fs::symlink(workspace.path("other"), workspace.path("in/link")).unwrap();
    let rows = [
        ("above", "../other/secret.yaml#/Run"),
        ("by an absolute path", absolute.as_str()),
        #[cfg(unix)]
        ("behind a symbolic link", "link/secret.yaml#/Run"),
    ];
    for (case, reference) in rows {
        workspace.write("in/openapi.yaml", &document(reference));
        let ran = generate(&workspace, &path(&workspace, "in/openapi.yaml"), &[]);
        assert!(ran.code == 0 && ran.stderr.contains("--allow-outside DIR"), "{case}: {ran:?}");
        assert!(
            ran.stderr.contains("in/openapi.yaml:5#/components/schemas/Kept/properties/run/$ref"),
            "{case}: {ran:?}"
        );
        assert!(!types(&workspace).contains("secret"), "{case}");
        let ran = generate(
            &workspace,
            &path(&workspace, "in/openapi.yaml"),
            &["--allow-outside", &path(&workspace, "other")],
        );
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{case}: {ran:?}");
        assert!(types(&workspace).contains("pub secret"), "{case}");
    }
    for (reference, reason) in [
        ("gone.yaml", "cannot read `in/gone.yaml`"),
        ("inside.txt/x", "cannot read"),
        (".", "is not a file"),
        ("https://a.example/x.yaml", "does not lead to the network"),
    ] {
        workspace.write("in/openapi.yaml", &document(reference));
        let ran = workspace.xtask(&["check", "--spec", "in/openapi.yaml"]);
        assert!(ran.code == 40 && ran.stdout.contains(reason), "{reference}: {ran:?}");
    }
}

#[test]
fn over_the_network_files_come_from_the_server_of_the_document() {
    let other = Server::always(response("200 OK", "", "type: object\nproperties: {other: {type: string}}"));
    let url = other.url("/schema.yaml");
    let server = Server::start(move |path, _| {
        Reply::Bytes(match path {
            "/v1/openapi.yaml" => response(
                "200 OK",
                "",
                format!(
                    "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths: {{}}\n\
                     components: {{schemas: {{Own: {{$ref: schemas/own.yaml}}, Other: {{$ref: '{url}'}}, Moved: {{$ref: moved.yaml}}}}}}\n"
                ),
            ),
            "/v1/schemas/own.yaml" => {
                response("200 OK", "", "type: object\nproperties: {own: {$ref: '../../name.yaml'}}")
            }
            "/name.yaml" => response("200 OK", "", "type: string\nenum: [a, b]"),
            "/v1/moved.yaml" => response("302 Found", &format!("Location: {url}\r\n"), ""),
            _ => response("404 Not Found", "", ""),
        })
    });
    let workspace = Workspace::empty();
    let ran = generate(&workspace, &server.url("/v1/openapi.yaml"), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let types = types(&workspace);
    assert!(types.contains("pub own: Option<Name>") && !types.contains("other"), "{types}");
    assert!(ran.stderr.contains("is not of the origin") && ran.stderr.contains("moved.yaml"), "{ran:?}");
    assert!(other.paths().is_empty(), "{:?}", other.paths());
}
