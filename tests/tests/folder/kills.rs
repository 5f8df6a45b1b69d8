//! A process that works on a folder is killed again and again, while the server fails in every way.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use extend_ai::folder::Limits;
use extend_ai::{Client, PollSchedule};
use workspace_tests::fuzz::Random;

use super::api::{Api, Kind};

const KIND: &str = "FOLDER_TEST_KIND";
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
    let folder = client.build().unwrap().folder(folder);
    let run = match std::env::var(KIND).unwrap().as_str() {
        "extract" => folder.extractor("ex_1"),
        "classify" => folder.classifier("cl_1"),
        "split" => folder.splitter("spl_1"),
        "workflow" => folder.workflow("workflow_1"),
        other => panic!("{other}"),
    };
    let run = run.concurrency(16);
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

/// A folder, the server that its files are sent to, and the process that works on it.
struct Trial {
    kind: Kind,
    api: Api,
    place: tempfile::TempDir,
}

impl Trial {
    /// Makes a folder of so many files. Half of them have the content of another one.
    async fn new(kind: Kind, files: usize, seed: u64) -> Self {
        let trial = Self { kind, api: Api::start(kind, seed).await, place: tempfile::tempdir().unwrap() };
        std::fs::create_dir(trial.folder()).unwrap();
        for index in 0..files {
            std::fs::write(trial.folder().join(format!("{index:04}.pdf")), format!("%PDF {}", index / 2)).unwrap();
        }
        trial
    }

    fn folder(&self) -> PathBuf {
        self.place.path().join("in")
    }

    fn results(&self) -> PathBuf {
        self.place.path().join("results")
    }

    /// Runs the folder in a process of its own. It is killed after some requests, if a number is given.
    async fn run_child(&self, kill_after: Option<usize>) -> ExitStatus {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "kills::folder_of_the_environment_is_worked_on"]);
        command.env(KIND, self.kind.name()).env(URL, self.api.url());
        command.env(FOLDER, self.folder()).env(RESULTS, self.results()).stdout(Stdio::null());
        let child = Arc::new(Mutex::new(command.spawn().unwrap()));
        if let Some(requests) = kill_after {
            self.api.kill_after(Arc::clone(&child), requests);
        }
        loop {
            if let Some(status) = child.lock().unwrap().try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Kills the process again and again, lets it end, and compares what was charged with what was returned.
    async fn check(&self, files: usize, kills: usize, random: &mut Random) {
        let mut killed = 0;
        for _ in 0..kills {
            let requests = random.below(8 * files / kills.max(1)) + 1;
            killed += usize::from(!self.run_child(Some(requests)).await.success());
            let mut charged = self.api.charged();
            charged.sort();
            assert!(charged.windows(2).all(|pair| pair[0].0 != pair[1].0), "paid twice: {charged:?}");
        }
        // What is left after ten failures in a row is for the next call.
        let mut found = String::new();
        for _ in 0..5 {
            assert!(self.run_child(None).await.success());
            found = std::fs::read_to_string(self.results()).unwrap();
            if found.lines().count() == files {
                break;
            }
        }
        let charged: BTreeMap<String, String> = self.api.charged().into_iter().collect();
        assert_eq!((self.api.charged().len(), charged.len()), (files, files), "one charged run for each file");
        let expected: Vec<String> = charged.iter().map(|(name, id)| format!("{name}\t{id}\t0")).collect();
        assert_eq!(found.lines().collect::<Vec<_>>(), expected, "one result for each file, in order");
        let requests = self.api.take_requests().len();
        println!("{:?}: {files} files, {killed} of {kills} processes killed, {requests} requests", self.kind);

        assert!(self.run_child(None).await.success());
        let read = format!("GET {}/", self.kind.path());
        assert!(self.api.take_requests().iter().all(|request| request.starts_with(&read)));
        assert!(killed * 2 > kills, "only {killed} of {kills} processes were killed");
    }
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_folder_pays_for_each_file_once_and_has_one_result_for_each() {
    let seed = u64::try_from(number("FOLDER_SEED", 1)).unwrap();
    let mut random = Random::new(seed);
    for kind in Kind::ALL {
        // What is specific to a kind is how a run is started, found and read; the rest is tried with extractions.
        let (files, kills) = if matches!(kind, Kind::Extract) { (60, 8) } else { (16, 3) };
        let (files, kills) = (number("FOLDER_FILES", files), number("FOLDER_KILLS", kills));
        Trial::new(kind, files, seed).await.check(files, kills, &mut random).await;
    }
}
