//! A small GET by the client and by bare reqwest, and a list by the client's `items()` and by a loop over its pages.
//!
//! It must not know how it is measured.

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use extend_ai::Client;
use overhead::meter::measure;
use overhead::{plain, server};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use serde_json::json;
use tokio::runtime::Builder;

/// First argument of the process that is the server.
pub const SERVE: &str = "serve";

const FILE: &str = r#"{"object":"file","id":"file_1","name":"a.pdf","type":"PDF","presignedUrl":"https://example.com/a?s=1",
"parentFileId":null,"contents":null,"metadata":{"pageCount":1},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}"#;

const PAGES: usize = 100;
const ITEMS_OF_A_PAGE: usize = 100;

/// Serves a scenario for as long as the process lives; `None` if there is no such scenario.
pub fn serve(scenario: &str) -> Option<bool> {
    let respond: Arc<server::Respond> = match scenario {
        "get" => {
            let file = server::response(FILE.as_bytes());
            Arc::new(move |_| Arc::clone(&file))
        }
        "items" => {
            let pages: Vec<Arc<[u8]>> = (0..PAGES).map(|page| server::response(&list_page(page))).collect();
            Arc::new(move |first| {
                let token = first.split("nextPageToken=").nth(1).unwrap_or_default();
                let digits: String = token.chars().take_while(char::is_ascii_digit).collect();
                Arc::clone(&pages[digits.parse().unwrap_or(0).min(PAGES - 1)])
            })
        }
        _ => return None,
    };
    Some(server::serve(respond).is_ok())
}

fn list_page(page: usize) -> Vec<u8> {
    let file = |number: usize| {
        json!({
            "object": "file", "id": format!("file_{page}_{number}"), "name": "report.pdf", "type": "PDF", "parentFileId": null,
            "metadata": { "pageCount": 3 }, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        })
    };
    let files: Vec<_> = (0..ITEMS_OF_A_PAGE).map(file).collect();
    let mut list = json!({ "object": "list", "data": files });
    if page + 1 < PAGES {
        list["nextPageToken"] = json!((page + 1).to_string());
    }
    list.to_string().into_bytes()
}

/// Runs a scenario in one way; `None` if there is no such way.
pub fn run(scenario: &str, way: &str, rounds: u32) -> Option<bool> {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let server = Server::start(scenario)?;
    let client = Client::builder().api_key("sk_bench").base_url(&server.url).build().ok()?;
    let bare = build_bare().ok()?;
    Some(match (scenario, way) {
        ("get", "client") => measure(rounds, FILE.len(), || {
            let call = client.files().retrieve("file_1").send();
            black_box(runtime.block_on(call)).is_ok()
        }),
        ("get", "bare") => measure(rounds, FILE.len(), || {
            let call = async {
                let response = bare.get(format!("{}/files/file_1", server.url)).send().await?;
                response.error_for_status()?.json::<plain::File>().await
            };
            black_box(runtime.block_on(call)).is_ok()
        }),
        ("items", "client") => {
            measure(rounds, 0, || runtime.block_on(count_items(&client)) == Some(PAGES * ITEMS_OF_A_PAGE))
        }
        ("items", "loop") => {
            measure(rounds, 0, || runtime.block_on(count_in_loop(&client)) == Some(PAGES * ITEMS_OF_A_PAGE))
        }
        _ => return None,
    })
}

async fn count_items(client: &Client) -> Option<usize> {
    let (mut items, mut count) = (client.files().list().items(), 0);
    while let Some(file) = items.next().await {
        black_box(file.ok()?);
        count += 1;
    }
    Some(count)
}

async fn count_in_loop(client: &Client) -> Option<usize> {
    let (mut token, mut count) = (None, 0);
    loop {
        let mut call = client.files().list();
        if let Some(token) = token {
            call = call.next_page_token(token);
        }
        let page = call.send().await.ok()?;
        for file in page.data {
            black_box(file);
            count += 1;
        }
        token = page.next_page_token;
        if token.is_none() {
            return Some(count);
        }
    }
}

/// Builds what is compared with the client: the headers that it sends, and the time limits that it has.
fn build_bare() -> reqwest::Result<reqwest::Client> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer sk_bench"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static("extend-ai/0.1.0"));
    headers.insert("x-extend-api-version", HeaderValue::from_static("2026-02-09"));
    let bare = reqwest::Client::builder().default_headers(headers).no_proxy();
    bare.timeout(Duration::from_secs(300)).connect_timeout(Duration::from_secs(10)).build()
}

/// The process that is the server; it ends with this one.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(scenario: &str) -> Option<Self> {
        let mut command = Command::new(std::env::current_exe().ok()?);
        let mut process = command.args([SERVE, scenario]).stdout(Stdio::piped()).spawn().ok()?;
        let mut address = String::new();
        BufReader::new(process.stdout.take()?).read_line(&mut address).ok()?;
        Some(Self { process, url: format!("http://{}", address.trim()) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _status = self.process.wait();
    }
}
