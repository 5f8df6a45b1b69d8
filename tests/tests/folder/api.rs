//! A server that has files and runs of one kind, charges for every run that it starts, and fails in every way that leaves open what it did.
//!
//! Must not know the client.

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use extend_ai::testing::fixtures;
use serde_json::{Value, json};
use workspace_tests::form::parse_form;
use workspace_tests::fuzz::Random;
use workspace_tests::server::{Delivery, Reply, Request, Server};

/// How long a run is missing from the list of runs.
const LIST_LAG: Duration = Duration::from_millis(100);
/// One of so many requests fails.
const FAILURES: usize = 4;

/// What the server has runs of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Extract,
    Classify,
    Split,
    Workflow,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Extract, Self::Classify, Self::Split, Self::Workflow];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Extract => "extract",
            Self::Classify => "classify",
            Self::Split => "split",
            Self::Workflow => "workflow",
        }
    }

    /// Returns the path of the list of runs.
    pub(crate) fn path(self) -> String {
        format!("/{}_runs", self.name())
    }

    /// Returns a run, and a run as it is listed.
    fn examples(self) -> (Value, Value) {
        let (run, list) = match self {
            Self::Extract => (json(fixtures::extract_run()), json(fixtures::extract_runs_list_response())),
            Self::Classify => (json(fixtures::classify_run()), json(fixtures::classify_runs_list_response())),
            Self::Split => (json(fixtures::split_run()), json(fixtures::split_runs_list_response())),
            Self::Workflow => (json(fixtures::workflow_run()), json(fixtures::workflow_runs_list_response())),
        };
        (run, list["data"][0].clone())
    }
}

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// A run that was charged.
struct StoredRun {
    id: String,
    file_id: String,
    created: Instant,
    polls: usize,
}

/// A process that is killed at a random time after it has sent some requests.
struct Victim {
    process: Arc<Mutex<Child>>,
    requests_left: usize,
}

struct State {
    kind: Kind,
    random: Random,
    /// The names by the IDs.
    files: BTreeMap<String, String>,
    runs: Vec<StoredRun>,
    victim: Option<Victim>,
}

/// The server.
pub(crate) struct Api {
    server: Server,
    state: Arc<Mutex<State>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Api {
    pub(crate) async fn start(kind: Kind, seed: u64) -> Self {
        let state = State { kind, random: Random::new(seed), files: BTreeMap::new(), runs: Vec::new(), victim: None };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| locked(&shared).respond(request)).await.unwrap();
        Self { server, state }
    }

    pub(crate) fn url(&self) -> &str {
        self.server.url()
    }

    /// Kills a process soon after it has sent so many requests.
    pub(crate) fn kill_after(&self, process: Arc<Mutex<Child>>, requests_left: usize) {
        locked(&self.state).victim = Some(Victim { process, requests_left });
    }

    /// Returns the names of the files of all runs, with the IDs of the runs. A name is what is left without its tag.
    pub(crate) fn charged(&self) -> Vec<(String, String)> {
        let state = locked(&self.state);
        let name = |run: &StoredRun| state.files[&run.file_id].split_once('-').unwrap().1.to_owned();
        state.runs.iter().map(|run| (name(run), run.id.clone())).collect()
    }

    /// Returns the method and the target of the requests since the last call.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        self.server.take().iter().map(|request| format!("{} {}", request.method, request.target)).collect()
    }
}

impl State {
    fn respond(&mut self, request: &Request) -> Reply {
        self.count_down();
        let fails = self.random.below(FAILURES) == 0;
        let way = self.random.below(11);
        let message = |status| Reply::json(status, &json!({"message": "no"}));
        match way {
            // Nothing is done.
            0 if fails => return message(500),
            1 if fails => return message(429),
            2 if fails => return message(503),
            3 if fails => return message(500).delivered(Delivery::CutAfter(0)),
            4 if fails => return message(500).delivered(Delivery::Withheld),
            _ => {}
        }
        let good = self.act(request);
        match way {
            // It is done, and the client is not told.
            5 if fails => message(500),
            6 if fails => Reply::text(502, "text/html", "<html>Bad gateway</html>"),
            7 if fails => good.delivered(Delivery::CutAfter(0)),
            8 if fails => good.delivered(Delivery::CutAfter(120)),
            9 if fails => Reply::text(200, "application/json", "{\"id\":"),
            10 if fails => good.delivered(Delivery::Withheld),
            _ => good,
        }
    }

    fn count_down(&mut self) {
        let delay = Duration::from_micros(self.random.number() % 3_000);
        let Some(victim) = &mut self.victim else { return };
        match victim.requests_left.checked_sub(1) {
            Some(left) => victim.requests_left = left,
            None => {
                let process = Arc::clone(&victim.process);
                self.victim = None;
                std::thread::spawn(move || {
                    std::thread::sleep(delay);
                    // A process that has ended by itself is not there any more.
                    let _gone = locked(&process).kill();
                });
            }
        }
    }

    fn act(&mut self, request: &Request) -> Reply {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let asked = |name: &str| {
            let pair = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name);
            pair.map(|(_, value)| value.to_owned()).unwrap_or_default()
        };
        let runs = self.kind.path();
        match (request.method.as_str(), path) {
            ("POST", "/files/upload") => self.upload(request),
            ("GET", "/files") => {
                let part = asked("nameContains");
                let found = self.files.iter().filter(|(_, name)| name.contains(&part));
                list(found.map(|(id, name)| file(id, name)).collect())
            }
            ("POST", path) if path == runs => {
                let file_id = request.json().unwrap()["file"]["id"].as_str().unwrap().to_owned();
                let id = format!("run_{:04}", self.runs.len());
                self.runs.push(StoredRun { id, file_id, created: Instant::now(), polls: 0 });
                Reply::json(200, &self.run(self.runs.len() - 1))
            }
            ("GET", path) if path == runs => {
                let part = asked("fileNameContains");
                let shown =
                    |run: &StoredRun| run.created.elapsed() > LIST_LAG && self.files[&run.file_id].contains(&part);
                let found = (0..self.runs.len()).filter(|index| shown(&self.runs[*index]));
                list(found.map(|index| self.summary(index)).collect())
            }
            ("GET", path) => match path.strip_prefix(&format!("{runs}/")) {
                Some(id) => {
                    let index = self.runs.iter().position(|run| run.id == id).unwrap();
                    self.runs[index].polls += 1;
                    Reply::json(200, &self.run(index))
                }
                None => {
                    let id = path.strip_prefix("/files/").unwrap();
                    Reply::json(200, &file(id, &self.files[id]))
                }
            },
            (method, path) => panic!("{method} {path}"),
        }
    }

    fn upload(&mut self, request: &Request) -> Reply {
        let parts = parse_form(request).unwrap();
        let name = parts[0].disposition.split("filename=\"").nth(1).unwrap().trim_end_matches('"').to_owned();
        let id = format!("file_{}", self.files.len());
        let reply = Reply::json(200, &file(&id, &name));
        self.files.insert(id, name);
        reply
    }

    fn run(&self, index: usize) -> Value {
        let stored = &self.runs[index];
        let mut run = self.kind.examples().0;
        self.fill(index, &mut run);
        run["status"] = json!(if stored.polls < 2 { "PROCESSING" } else { "PROCESSED" });
        if matches!(self.kind, Kind::Extract) {
            run["output"] = json!({"value": {"total": index}, "metadata": {}});
        }
        run
    }

    fn summary(&self, index: usize) -> Value {
        let mut summary = self.kind.examples().1;
        self.fill(index, &mut summary);
        summary
    }

    /// Puts the ID and the file into a run.
    fn fill(&self, index: usize, run: &mut Value) {
        let stored = &self.runs[index];
        let file = file(&stored.file_id, &self.files[&stored.file_id]);
        run["id"] = json!(stored.id);
        match self.kind {
            Kind::Extract | Kind::Classify | Kind::Split => run["file"] = file,
            Kind::Workflow => run["files"] = json!([file]),
        }
    }
}

fn file(id: &str, name: &str) -> Value {
    let mut file = serde_json::to_value(fixtures::file()).unwrap();
    (file["id"], file["name"], file["metadata"]) = (json!(id), json!(name), json!({"pageCount": 1}));
    file
}

fn list(data: Vec<Value>) -> Reply {
    Reply::json(200, &json!({"object": "list", "data": data, "nextPageToken": null}))
}
