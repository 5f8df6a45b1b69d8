//! A process that works on a folder is killed again and again, while the server fails in every way.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use extend_ai::folder::Limits;
use extend_ai::{Client, PollSchedule};
use workspace_tests::fuzz::Random;

use super::api::Api;

const URL: &str = "FOLDER_TEST_URL";
const FOLDER: &str = "FOLDER_TEST_PATH";
const RESULTS: &str = "FOLDER_TEST_RESULTS";

/// Runs in the child process of the next test.
#[tokio::test]
async fn folder_of_the_environment_is_worked_on() {
    let (Ok(url), Ok(folder), Ok(results)) = (std::env::var(URL), std::env::var(FOLDER), std::env::var(RESULTS)) else {
        return;
    };
    let client = Client::builder().api_key("sk_test").base_url(url).timeout(Duration::from_millis(400)).max_retries(0);
    let fast = Duration::from_millis(10);
    let run = client.build().unwrap().folder(folder).extractor("ex_1").concurrency(16);
    let run = run.limits(Limits::enterprise().requests_per_second(1e6).files_per_minute(1e6));
    let run = run.schedule(PollSchedule::new().fast_poll_interval(fast)).retry_pause(Duration::from_millis(2));
    let report = run.settle_after(Duration::from_millis(1500)).await.unwrap();
    let mut lines = String::new();
    for file in &report.files {
        match file.outcome.done() {
            Some(run) => lines.push_str(&format!("{}\t{}\t{}\n", file.path, run.id(), file.duplicates.len())),
            None => eprintln!("{}: {}", file.path, file.outcome),
        }
    }
    std::fs::write(results, lines).unwrap();
}

/// Runs the folder in a process of its own. It is killed after some requests, if a number is given.
async fn run_child(api: &Api, folder: &Path, results: &Path, kill_after: Option<usize>) -> ExitStatus {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kills::folder_of_the_environment_is_worked_on"]);
    command.env(URL, api.url()).env(FOLDER, folder).env(RESULTS, results).stdout(Stdio::null());
    let child = Arc::new(Mutex::new(command.spawn().unwrap()));
    if let Some(requests) = kill_after {
        api.kill_after(Arc::clone(&child), requests);
    }
    loop {
        if let Some(status) = child.lock().unwrap().try_wait().unwrap() {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_folder_pays_for_each_file_once_and_has_one_result_for_each() {
    let (files, kills) = (number("FOLDER_FILES", 60), number("FOLDER_KILLS", 8));
    let seed = u64::try_from(number("FOLDER_SEED", 1)).unwrap();
    let (api, mut random) = (Api::start(seed).await, Random::new(seed));
    let place = tempfile::tempdir().unwrap();
    let (folder, results) = (place.path().join("in"), place.path().join("results"));
    std::fs::create_dir(&folder).unwrap();
    for index in 0..files {
        // Half of the files have the content of another one.
        std::fs::write(folder.join(format!("{index:04}.pdf")), format!("%PDF {}", index / 2)).unwrap();
    }
    let mut killed = 0;
    for _ in 0..kills {
        let requests = random.below(8 * files / kills.max(1)) + 1;
        killed += usize::from(!run_child(&api, &folder, &results, Some(requests)).await.success());
        let mut charged = api.charged();
        charged.sort();
        assert!(charged.windows(2).all(|pair| pair[0].0 != pair[1].0), "paid twice: {charged:?}");
    }
    // What is left after ten failures in a row is for the next call.
    let mut found = String::new();
    for _ in 0..5 {
        assert!(run_child(&api, &folder, &results, None).await.success());
        found = std::fs::read_to_string(&results).unwrap();
        if found.lines().count() == files {
            break;
        }
    }
    let charged: BTreeMap<String, String> = api.charged().into_iter().collect();
    assert_eq!((api.charged().len(), charged.len()), (files, files), "one charged run for each file");
    let expected: Vec<String> = charged.iter().map(|(name, id)| format!("{name}\t{id}\t0")).collect();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected, "one result for each file, in order");
    println!("{files} files, {killed} of {kills} processes killed, {} requests", api.take_requests().len());

    assert!(run_child(&api, &folder, &results, None).await.success());
    assert!(api.take_requests().iter().all(|request| request.starts_with("GET /extract_runs/")));
    assert!(killed * 2 > kills, "only {killed} of {kills} processes were killed");
}
