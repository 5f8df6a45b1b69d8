//! A small GET and the decoding of a large parse run: by the client, and by reqwest alone with the same headers and the same type.
//!
//! Run it with `scripts/bench-overhead.sh`, which turns the medians into the table of `docs/benchmarks.md`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use extend_ai::{Client, types};
use overhead::{plain, run, server};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use serde::de::DeserializeOwned;
use tokio::runtime::{Builder, Runtime};

const BLOCKS: usize = 20_000;
const FILE: &str = r#"{"object":"file","id":"file_1","name":"a.pdf","type":"PDF","presignedUrl":"https://example.com/a?s=1",
"parentFileId":null,"contents":null,"metadata":{"pageCount":1},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}"#;

/// The server, the client that is measured and the one it is compared with.
struct Bench {
    runtime: Runtime,
    url: String,
    client: Client,
    bare: reqwest::Client,
}

impl Bench {
    fn new(body: Vec<u8>) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let url = format!("http://{}", server::start(body).expect("a port"));
        server::stay_on_the_last_core();
        let client = Client::builder().api_key("sk_bench").base_url(&url).build().expect("a client");
        // What the client sends with each request, and the time limits it has.
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer sk_bench"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static("extend-ai/0.1.0"));
        headers.insert("x-extend-api-version", HeaderValue::from_static("2026-02-09"));
        let bare = reqwest::Client::builder()
            .default_headers(headers)
            .no_proxy()
            .timeout(Duration::from_secs(300))
            .connect_timeout(Duration::from_secs(10));
        Self { runtime, url, client, bare: bare.build().expect("a client") }
    }

    async fn bare<T: DeserializeOwned>(&self, path: &str) -> T {
        let response = self.bare.get(format!("{}{path}", self.url)).send().await.expect("a response");
        response.error_for_status().expect("a success").json().await.expect("a value")
    }
}

fn small(criterion: &mut Criterion) {
    let bench = Bench::new(FILE.into());
    let mut group = criterion.benchmark_group("small-get");
    group.sample_size(200).measurement_time(Duration::from_secs(10));
    group.bench_function("reqwest", |bencher| {
        bencher.iter(|| {
            let call = bench.bare::<types::File>("/files/file_1");
            black_box(bench.runtime.block_on(call))
        });
    });
    group.bench_function("client", |bencher| {
        bencher.iter(|| {
            let call = bench.client.files().retrieve("file_1").send();
            black_box(bench.runtime.block_on(call).expect("a file"))
        });
    });
    group.finish();
}

fn large(criterion: &mut Criterion) {
    let body = run::parse_run(BLOCKS).to_string().into_bytes();
    let bench = Bench::new(body);
    let mut group = criterion.benchmark_group("large-parse-run");
    group.sample_size(20).measurement_time(Duration::from_secs(15));
    group.bench_function("reqwest", |bencher| {
        bencher.iter(|| {
            let call = bench.bare::<types::ParseRun>("/parse_runs/pr_1");
            black_box(bench.runtime.block_on(call))
        });
    });
    group.bench_function("client", |bencher| {
        bencher.iter(|| {
            let call = bench.client.parse_runs().retrieve("pr_1").send();
            black_box(bench.runtime.block_on(call).expect("a run"))
        });
    });
    group.bench_function("reqwest-derived", |bencher| {
        bencher.iter(|| {
            let call = bench.bare::<plain::ParseRun>("/parse_runs/pr_1");
            black_box(bench.runtime.block_on(call))
        });
    });
    group.finish();
}

criterion_group!(benches, small, large);
criterion_main!(benches);
