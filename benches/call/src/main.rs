//! Does one thing many times in one way: `call SCENARIO WAY ROUNDS`. The server is a process of its own, so that only the client counts.
//!
//! It must not know how it is measured.

mod delivery;
mod http;

use std::process::ExitCode;

const USAGE: &str = "call get client|bare ROUNDS\ncall items client|loop ROUNDS\ncall webhook client|hmac ROUNDS";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let is_done = match arguments[..] {
        [http::SERVE, scenario] => http::serve(scenario),
        [scenario, way, rounds] => match (rounds.parse(), scenario) {
            (Ok(rounds), "webhook") => delivery::run(way, rounds),
            (Ok(rounds), scenario) => http::run(scenario, way, rounds),
            (Err(_), _) => None,
        },
        _ => None,
    };
    match is_done {
        Some(true) => ExitCode::SUCCESS,
        Some(false) => ExitCode::FAILURE,
        None => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
