//! `extend-ai webhook verify`, with the body on stdin.
//!
//! Must not know the scheme of signatures: what is expected was signed elsewhere.

use std::process::{Output, Stdio};

use serde_json::json;
use tokio::io::AsyncWriteExt;
use workspace_tests::deliveries::{
    ACCEPTED, Delivery, EDGES, HELLO, HELLO_OTHER_SIGNATURE, HELLO_SIGNATURE, OTHER_SECRET, Outcome, SECRET, SENT,
    SENT_AT, UNKNOWN, UNKNOWN_SIGNATURE,
};

use crate::process::{code, extend_ai, stderr, stdout};

/// Runs the command with this body; `variable` is the secret in the environment.
async fn verify(arguments: &[&str], variable: Option<&str>, body: &[u8]) -> Output {
    let mut command = extend_ai(&[&["webhook", "verify"], arguments].concat());
    if let Some(secret) = variable {
        command.env("EXTEND_WEBHOOK_SECRET", secret);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that is used wrongly ends without reading.
    let _ = child.stdin.take().unwrap().write_all(body).await;
    child.wait_with_output().await.unwrap()
}

fn line(id: &str, name: &str) -> String {
    format!("{}\n", json!({"eventId": id, "eventType": name}))
}

#[tokio::test]
async fn every_delivery_ends_with_its_exit_code() {
    let now = SENT_AT.to_string();
    for Delivery { name, body, timestamp, signature, outcome } in ACCEPTED.iter().chain(EDGES) {
        let arguments = ["--secret", SECRET, "--timestamp", timestamp, "--signature", signature, "--now", &now];
        let output = verify(&arguments, None, body).await;
        let (expected, printed) = match outcome {
            Outcome::Event(id, name) => (0, line(id, name)),
            Outcome::NoEvent => (6, String::new()),
            Outcome::BadTimestamp | Outcome::MissingHeader | Outcome::Mismatch | Outcome::TooOld | Outcome::Future => {
                (7, String::new())
            }
        };
        assert_eq!((code(&output), stdout(&output)), (expected, printed.as_str()), "{name}: {}", stderr(&output));
        assert_eq!(stderr(&output).is_empty(), expected == 0, "{name}: {}", stderr(&output));
        assert!(!stderr(&output).contains(SECRET), "{name}: {}", stderr(&output));
    }
}

#[tokio::test]
async fn age_and_present_time_are_arguments() {
    let last = [SENT_AT + 300, SENT_AT + 301, SENT_AT - 60, SENT_AT - 61].map(|time| time.to_string());
    for (more, expected) in [
        (&["--now", &last[0]][..], 0),
        (&["--now", &last[1]], 7),
        (&["--now", &last[2]], 0),
        (&["--now", &last[3]], 7),
        (&["--now", &last[1], "--max-age", "301"], 0),
        (&["--now", &last[0], "--max-age", "299"], 7),
        (&["--now", &last[3], "--max-age", "0"], 0),
        (&["--max-age", "0"], 0),
        (&[], 7),
    ] {
        let arguments = ["--secret", SECRET, "--timestamp", SENT, "--signature", UNKNOWN_SIGNATURE];
        let output = verify(&[&arguments, more].concat(), None, UNKNOWN).await;
        assert_eq!(code(&output), expected, "{more:?}: {}", stderr(&output));
    }
}

/// Where a secret is given, and the exit code of a verification with it.
struct Secrets {
    argument: Option<&'static str>,
    variable: Option<&'static str>,
    signature: &'static str,
    exit_code: i32,
}

#[tokio::test]
async fn secret_of_the_argument_precedes_that_of_the_environment() {
    let (signature, other) = (HELLO_SIGNATURE, HELLO_OTHER_SIGNATURE);
    for Secrets { argument, variable, signature, exit_code: expected } in [
        Secrets { argument: None, variable: Some(OTHER_SECRET), signature: other, exit_code: 6 },
        Secrets { argument: Some(OTHER_SECRET), variable: Some(SECRET), signature: other, exit_code: 6 },
        Secrets { argument: Some(SECRET), variable: Some(OTHER_SECRET), signature: other, exit_code: 7 },
        Secrets { argument: Some(""), variable: Some(SECRET), signature, exit_code: 7 },
        Secrets { argument: None, variable: None, signature, exit_code: 2 },
        Secrets { argument: None, variable: Some(""), signature, exit_code: 2 },
    ] {
        let mut arguments = vec!["--timestamp", SENT, "--signature", signature, "--max-age", "0"];
        arguments.extend(argument.into_iter().flat_map(|secret| ["--secret", secret]));
        let output = verify(&arguments, variable, HELLO).await;
        assert_eq!(code(&output), expected, "{argument:?} {variable:?}: {}", stderr(&output));
        let named = stderr(&output).contains("EXTEND_WEBHOOK_SECRET") && stderr(&output).contains("--secret");
        assert_eq!(named, expected == 2, "{}", stderr(&output));
    }
}

#[tokio::test]
async fn invalid_arguments_end_with_exit_code_2() {
    for arguments in [
        &[][..],
        &["--secret", SECRET, "--timestamp", SENT],
        &["--secret", SECRET, "--signature", HELLO_SIGNATURE],
        &["--secret", SECRET, "--timestamp", SENT, "--signature", HELLO_SIGNATURE, "--max-age", "soon"],
        &["--secret", SECRET, "--timestamp", SENT, "--signature", HELLO_SIGNATURE, "--max-age", "-1"],
        &["--secret", SECRET, "--timestamp", SENT, "--signature", HELLO_SIGNATURE, "--now", "1.5"],
        &["--secret", SECRET, "--timestamp", SENT, "--signature", HELLO_SIGNATURE, "extra"],
    ] {
        let output = verify(arguments, None, HELLO).await;
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{arguments:?}: {}", stderr(&output));
    }
}
