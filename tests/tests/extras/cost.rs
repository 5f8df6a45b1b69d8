//! Tests the tally of credits.

use extend_ai::cost::Tally;
use extend_ai::decode_value;
use extend_ai::testing::{MockServer, fixtures};
use extend_ai::types::{ExtractRun, RunUsage};
use serde_json::{Value, json};

fn run(id: &str, usage: &Value) -> ExtractRun {
    let mut run = fixtures::extract_run();
    run.id = id.to_owned();
    run.usage = decode_value::<Option<RunUsage>>(usage).unwrap();
    run
}

/// A part of a cost with one charge per page.
fn part(id: &str, product: &str, pages: f64, credits: f64) -> Value {
    let charge = json!({"product": product, "unit": "page", "quantity": pages, "credits": credits});
    json!({"object": "parse_run", "id": id, "credits": credits, "charges": [charge]})
}

#[test]
fn tally_counts_each_run_once_whatever_it_was_made_for() {
    let parse = part("pr_1", "parse", 2.0, 4.0);
    let mut tally = Tally::new();
    tally.add(&run("exr_1", &Value::Null));
    assert_eq!((tally.credits().to_string().as_str(), tally.unknown().collect::<Vec<_>>()), ("0", vec!["exr_1"]));
    let usage = |own| json!({"credits": 3, "totalCredits": 7, "breakdown": [own, parse.clone()]});
    tally.add(&run("exr_1", &usage(part("exr_1", "extract", 2.0, 3.0))));
    tally.add(&run("exr_2", &usage(part("exr_2", "extract", 2.0, 3.0))));
    tally.add(&run("exr_2", &usage(part("exr_2", "extract", 2.0, 3.0))));
    assert_eq!((tally.credits(), tally.runs(), tally.unknown().count()), (10.0, 2, 0));
    let charges: Vec<_> =
        tally.charges().into_iter().map(|charge| (charge.product, charge.quantity, charge.credits)).collect();
    assert_eq!(charges, [("extract".to_owned(), 4.0, 6.0), ("parse".to_owned(), 2.0, 4.0)]);
}

#[test]
fn tally_uses_the_total_of_runs_without_a_breakdown() {
    let mut tally = Tally::new();
    tally.add(&run("exr_1", &json!({"credits": 3})));
    let mut other = Tally::new();
    other.add(&run("exr_2", &json!({"credits": 3, "totalCredits": 5})));
    tally.merge(&other);
    assert_eq!((tally.credits(), tally.charges().len()), (8.0, 0));
}

#[tokio::test]
async fn clones_of_a_client_share_one_tally() {
    let mock = MockServer::start().await;
    let client = mock.client();
    client.clone().count_cost(&run("exr_1", &json!({"credits": 3})));
    mock.extract_runs().retrieve().returns(run("exr_2", &json!({"credits": 4})));
    client.runs().get("exr_2").await.unwrap();
    assert_eq!(client.tally().credits(), 7.0);
}

#[tokio::test]
async fn client_that_counts_all_costs_has_the_runs_of_every_call() {
    let mock = MockServer::start().await;
    let client = mock.client();
    client.count_all_costs();
    let usage = |own| json!({"credits": 3, "totalCredits": 7, "breakdown": [own, part("pr_1", "parse", 2.0, 4.0)]});
    mock.extract_runs().retrieve().returns(run("exr_1", &usage(part("exr_1", "extract", 2.0, 3.0))));
    mock.extract_runs().list().returns(fixtures::extract_runs_list_response());
    client.clone().extract_runs().attach("exr_1").await.unwrap();
    client.extract_runs().retrieve("exr_1").await.unwrap();
    client.extract_runs().list().await.unwrap();
    let tally = client.tally();
    assert_eq!((tally.credits(), tally.runs(), tally.charges().len()), (7.0, 1, 2));
}
