//! Tests pagination: every list of the document, and misbehaving servers.

use std::collections::BTreeSet;
use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use extend_ai::types::SortDir;
use extend_ai::{ErrorKind, Items, Pages, Paginated};
use futures_core::Stream;
use serde_json::{Value, json};
use workspace_tests::document::{Document, Location, Operation};
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::{Reply, Request};

use crate::harness::Harness;

const TOKEN: &str = "nextPageToken";

/// Returns responses of a list operation: one item on the first page, none on the second, one on the last.
fn three_pages(document: &Document, operation: &Operation<'_>) -> [Reply; 3] {
    let mut page = create_sample(document, operation.success.schema.unwrap(), Mode::Full);
    let mut last = page.clone();
    last.as_object_mut().unwrap().remove(TOKEN);
    page[TOKEN] = json!("a=b:c+d/e");
    let mut empty = page.clone();
    empty[TOKEN] = json!("second");
    let members = empty.as_object_mut().unwrap().values_mut();
    members.filter(|member| member.is_array()).for_each(|list| *list = json!([]));
    [page, empty, last].map(|page| Reply::json(200, &page))
}

/// Returns the query of a request as sorted pairs.
fn query(request: &Request) -> Vec<&str> {
    let (_, query) = request.target.split_once('?').unwrap_or_default();
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    pairs
}

/// Reads a list by page and by item, and checks the requests.
async fn check_pagination<C: Paginated>(
    harness: &Harness,
    document: &Document,
    label: &str,
    mut pages: Pages<C>,
    mut items: Items<C>,
) {
    let (method, path) = label.split_once(' ').unwrap();
    let operation = document.find(method, path).unwrap();
    let replies = three_pages(document, &operation);

    harness.respond_with_each(replies.clone());
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(C::into_items(page.unwrap()).len());
    }
    assert_eq!(pages.page_token(), None, "{label}");
    let by_page = harness.server.take();

    harness.respond_with_each(replies);
    let mut count = 0;
    while let Some(item) = items.next().await {
        item.unwrap();
        count += 1;
    }
    assert_eq!(items.page_token(), None, "{label}");
    let by_item = harness.server.take();

    let has_tokens = operation.parameters_in(Location::Query).any(|parameter| parameter.name == TOKEN);
    let (expected_sizes, tokens): (&[usize], &[Option<&str>]) = match has_tokens {
        true => (&[1, 0, 1], &[None, Some("nextPageToken=a%3Db%3Ac%2Bd%2Fe"), Some("nextPageToken=second")]),
        false => (&[1], &[None]),
    };
    assert_eq!(sizes, expected_sizes, "{label}");
    assert_eq!(count, expected_sizes.iter().sum::<usize>(), "{label}");
    for requests in [by_page, by_item] {
        let found: Vec<_> = requests.iter().map(query).collect();
        let expected = |token: &Option<&'static str>| ["kept=1"].into_iter().chain(*token).collect::<Vec<_>>();
        assert_eq!(found, tokens.iter().map(expected).collect::<Vec<_>>(), "{label}");
        assert!(requests.iter().all(|request| request.header("x-trace") == ["t1"]), "{label}");
    }
}

macro_rules! paginate_all {
    ($harness:ident, $document:ident; $($label:literal => $call:expr;)*) => {{
        $(
            let call = $call.header("x-trace", "t1").query_parameter("kept", "1");
            check_pagination(&$harness, &$document, $label, call.clone().pages(), call.items()).await;
        )*
        [$($label),*]
    }};
}

#[tokio::test]
async fn every_list_of_the_document_is_paginated() {
    let document = Document::published().unwrap();
    let harness = Harness::new().await;
    let client = &harness.client;
    let paginated = paginate_all! {
        harness, document;
        "GET /classifiers" => client.classifiers().list();
        "GET /classifiers/{classifierId}/versions" => client.classifier_versions().list("id_1");
        "GET /classify_runs" => client.classify_runs().list();
        "GET /edit_runs" => client.edit_runs().list();
        "GET /edit_templates" => client.edit_templates().list();
        "GET /evaluation_sets" => client.evaluation_sets().list();
        "GET /evaluation_sets/{evaluationSetId}/items" => client.evaluation_set_items().list("id_1");
        "GET /extract_runs" => client.extract_runs().list();
        "GET /extractors" => client.extractors().list();
        "GET /extractors/{extractorId}/versions" => client.extractor_versions().list("id_1");
        "GET /files" => client.files().list();
        "GET /parse_runs" => client.parse_runs().list();
        "GET /processor_runs" => client.processor_run().list();
        "GET /processors" => client.processor().list();
        "GET /processors/{id}/versions" => client.processor_version().list("id_1");
        "GET /split_runs" => client.split_runs().list();
        "GET /splitters" => client.splitters().list();
        "GET /splitters/{splitterId}/versions" => client.splitter_versions().list("id_1");
        "GET /verify_runs" => client.verify_runs().list();
        "GET /webhook_endpoints" => client.webhook_endpoints().list();
        "GET /webhook_subscriptions" => client.webhook_subscriptions().list();
        "GET /workflow_runs" => client.workflow_runs().list();
        "GET /workflows" => client.workflows().list();
        "GET /workflows/{id}/versions" => client.workflow_versions().list("id_1");
    };
    // Every operation with a page token, and the one list without.
    let takes_token = |operation: &Operation<'_>| operation.parameters_in(Location::Query).any(|p| p.name == TOKEN);
    let operations = document.operations().into_iter().filter(takes_token).map(|operation| operation.label());
    let expected: BTreeSet<String> = operations.chain(["GET /processors/{id}/versions".to_owned()]).collect();
    assert_eq!(paginated.map(str::to_owned).into_iter().collect::<BTreeSet<_>>(), expected);
}

/// Returns a page of files with these IDs, and the token of the next page.
fn files(ids: &[&str], token: Option<&str>) -> Reply {
    let document = Document::published().unwrap();
    let mut file = create_sample(&document, document.component("FileSummary").unwrap(), Mode::Full);
    let data: Vec<Value> = ids
        .iter()
        .map(|id| {
            file["id"] = json!(id);
            file.clone()
        })
        .collect();
    let mut page = json!({"object": "list", "data": data});
    if let Some(token) = token {
        page[TOKEN] = json!(token);
    }
    Reply::json(200, &page)
}

fn not_found() -> Reply {
    Reply::json(404, &json!({"code": "NOT_FOUND", "message": "gone", "retryable": false}))
}

#[tokio::test]
async fn repeated_page_token_is_an_error() {
    let harness = Harness::new().await;
    // The server repeats a token: immediately, after two pages, and the initial one.
    for (first, tokens, requests) in
        [(None, ["a", "a", "-"], 2), (None, ["a", "b", "a"], 3), (Some("start"), ["a", "start", "-"], 2)]
    {
        harness.respond_with_each(tokens.map(|token| files(&["file_1"], Some(token))));
        let mut call = harness.client.files().list();
        if let Some(token) = first {
            call = call.next_page_token(token);
        }
        let mut pages = call.pages();
        for _ in 0..requests {
            pages.next().await.unwrap().unwrap();
        }
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RepeatedToken);
        let repeated = tokens[requests - 1];
        assert!(error.to_string().contains(&format!("page token {repeated:?} for the second time")), "{error}");
        assert!(error.to_string().starts_with("files.list: "), "{error}");
        assert_eq!(pages.page_token(), Some(repeated));
        assert!(pages.next().await.is_none());
        assert_eq!(harness.server.take().len(), requests);
    }
}

#[tokio::test]
async fn empty_page_token_ends_the_list() {
    let harness = Harness::new().await;
    harness.respond_with(files(&["file_1"], Some("")));
    let mut items = harness.client.files().list().items();
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_1");
    assert!(items.next().await.is_none());
    assert!(items.next().await.is_none());
    assert_eq!(harness.server.take().len(), 1);
}

#[tokio::test]
async fn interrupted_pagination_resumes_at_its_token() {
    let harness = Harness::new().await;
    let call = || harness.client.files().list().sort_dir(SortDir::Asc).max_page_size(2);
    harness.respond_with_each([files(&["file_1", "file_2"], Some("t2")), not_found()]);
    let mut items = call().items();
    assert_eq!(items.page_token(), None);
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_1");
    // Still the token of the first page, so that no item is missed.
    assert_eq!(items.page_token(), None);
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_2");
    assert_eq!(items.page_token(), Some("t2"));
    assert!(items.next().await.unwrap().unwrap_err().is_not_found());
    assert!(items.next().await.is_none());
    let token = items.page_token().unwrap().to_owned();

    harness.respond_with_each([files(&["file_3", "file_4"], Some("t3")), files(&["file_5"], None)]);
    let mut items = call().next_page_token(token).items();
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_3");
    assert_eq!(items.page_token(), Some("t2"));
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_4");
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_5");
    assert!(items.next().await.is_none());
    assert_eq!(items.page_token(), None);
    let requests = harness.server.take();
    let found: Vec<_> = requests.iter().map(|request| query(request).join(" ")).collect();
    let same = |token: &str| format!("maxPageSize=2 {token}sortDir=asc");
    let second = same("nextPageToken=t2 ");
    assert_eq!(found, [same(""), second.clone(), second, same("nextPageToken=t3 ")]);
}

#[tokio::test]
async fn dropped_next_loses_no_page_and_no_request() {
    let harness = Harness::new().await;
    harness.respond_with_each([files(&["file_1"], Some("t2")), files(&["file_2"], None)]);
    let mut items = harness.client.files().list().items();
    let mut context = Context::from_waker(Waker::noop());
    // The request is in flight when its future is dropped.
    assert!(pin!(items.next()).as_mut().poll(&mut context).is_pending());
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_1");
    assert!(pin!(items.next()).as_mut().poll(&mut context).is_pending());
    assert_eq!(items.next().await.unwrap().unwrap().id, "file_2");
    assert!(items.next().await.is_none());
    assert_eq!(harness.server.take().len(), 2);
}

#[tokio::test]
async fn items_and_pages_are_streams_that_can_move_to_another_thread() {
    async fn all<S: Stream + Send + Unpin + 'static>(mut stream: S) -> usize {
        let consume = async move {
            let mut count = 0;
            while std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await.is_some() {
                count += 1;
            }
            count
        };
        tokio::spawn(consume).await.unwrap()
    }
    let harness = Harness::new().await;
    let list = || harness.client.files().list();
    let replies = || [files(&["file_1", "file_2"], Some("t2")), files(&["file_3"], None)];
    harness.respond_with_each(replies());
    assert_eq!(all(list().items()).await, 3);
    harness.respond_with_each(replies());
    assert_eq!(all(list().pages()).await, 2);
}
