//! Reads one response many times in one way: `decode SAMPLE WAY ROUNDS`. `cargo xtask bench runtime` runs it, beside itself in other
//! ways and under callgrind.
//!
//! It must not know how it is measured.

mod unions;

use std::hint::black_box;
use std::process::ExitCode;

use extend_ai::types::{ExtractRun, ParseRun, WorkflowRun};
use overhead::meter::measure;
use overhead::{plain, run};
use sdk_runtime::json::{ReadJson, to_bytes};
use sdk_runtime::{decode_json, read_json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const USAGE: &str = "decode workflow_run|extract_run|parse_run|parse_run_10mb|unions_DEPTH \
                     read|decode|serde|value|plain|write|serialize [ROUNDS]";

/// Reads a text once; whether it worked.
type Round = fn(&[u8]) -> bool;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (sample, way, rounds) = match arguments[..] {
        [sample, way] => (sample, way, Some(1)),
        [sample, way, rounds] => (sample, way, rounds.parse().ok()),
        _ => ("", "", None),
    };
    let Some(((text, round), rounds)) = measured(sample, way).zip(rounds) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let is_read = measure(rounds, text.len(), || round(black_box(&text)));
    if is_read { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measured(sample: &str, way: &str) -> Option<(Vec<u8>, Round)> {
    let (text, round) = match sample {
        "workflow_run" => (include_bytes!("../samples/workflow_run.json").to_vec(), ways::<WorkflowRun>(way)),
        "extract_run" => (include_bytes!("../samples/extract_run.json").to_vec(), ways::<ExtractRun>(way)),
        "parse_run" => (include_bytes!("../samples/parse_run.json").to_vec(), ways::<ParseRun>(way)),
        "parse_run_10mb" => {
            let round = match way {
                "plain" => Some(serde::<plain::ParseRun> as Round),
                way => ways::<ParseRun>(way),
            };
            (serde_json::to_vec(&run::parse_run(16_000)).ok()?, round)
        }
        _ => {
            let depth = sample.strip_prefix("unions_")?.parse().ok()?;
            let round = match way {
                "plain" => Some(serde::<unions::Plain> as Round),
                way => ways::<unions::Ours>(way),
            };
            (unions::text(depth), round)
        }
    };
    Some((text, round?))
}

fn ways<T: ReadJson + DeserializeOwned + Serialize + sdk_runtime::json::WriteJson>(way: &str) -> Option<Round> {
    Some(match way {
        "read" => |text| match black_box(read_json::<T>(text)) {
            Ok(_) => true,
            Err(error) => {
                eprintln!("{error}");
                false
            }
        },
        "decode" => |text| black_box(decode_json::<T>(text)).is_ok(),
        "serde" => serde::<T>,
        "value" => serde::<Value>,
        // Reading included.
        "write" => |text| read_json::<T>(text).is_ok_and(|value| !black_box(to_bytes(&value)).is_empty()),
        "serialize" => |text| read_json::<T>(text).is_ok_and(|value| black_box(serde_json::to_vec(&value)).is_ok()),
        _ => return None,
    })
}

fn serde<T: DeserializeOwned>(text: &[u8]) -> bool {
    black_box(serde_json::from_slice::<T>(text)).is_ok()
}
