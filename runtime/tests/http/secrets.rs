//! No secret shows up in what the parts of a client print about themselves.
//!
//! Every secret here contains `hunter`. What `tracing` is told is in `traces`.

use std::fmt::Debug;

use sdk_runtime::codegen::Context;
use sdk_runtime::codegen::{Core, Placement, Profile};
use sdk_runtime::{FilePart, codegen::Form};
use sdk_runtime::{RequestOptions, RetryPolicy, Secret};
use sdk_runtime::{Values, codegen::Framing};
use serde_json::Value;

use crate::server::{Reply, Server};
use crate::{KEY, OPERATION, PROFILE, builder, built, get, send, shown};

fn clean(what: &str, thing: &dyn Debug) {
    let text = format!("{thing:?} {thing:#?}");
    assert!(!text.contains("hunter"), "{what}: {text}");
}

#[test]
fn what_is_configured_shows_no_secret() {
    let query: &'static Profile = {
        let mut profile = PROFILE.clone();
        profile.credential.placement = Placement::Query { name: "q" };
        Box::leak(Box::new(profile))
    };
    for profile in [&PROFILE, query] {
        let fixed = Core::builder(profile).api_key(KEY).header("x-demo-session", "hunter3");
        let provided = fixed.clone().api_key_provider(|| async { Ok::<_, std::io::Error>("hunter4") });
        for builder in [fixed, provided] {
            clean("builder", &builder);
            let core = builder.build().unwrap();
            clean("core", &core);
            let options = RequestOptions::new()
                .header("x-api-key", "hunter5")
                .query("sig", "hunter6")
                .query("access_token", "hunter7")
                .body("text/plain", "hunter8")
                .retry(RetryPolicy::custom(|attempt| attempt.by_default()));
            clean("options", &options);
            clean("context", &Context::new(core, options, &OPERATION));
        }
    }
    assert_eq!(format!("{} {:?}", Secret::from(KEY), Secret::from(KEY)), "[redacted] [redacted]");
    clean("form", &Form::new().text("password", "hunter9").file("file", FilePart::bytes("a", "hunter10")));
}

#[tokio::test]
async fn responses_show_no_secret() {
    let link = "location: https://s3.example.com/x?X-Amz-Signature=hunter1";
    let cookie = "set-cookie: hunter2";
    let body = r#"{"presignedUrl":"https://s3.example.com/x?sig=hunter3"}"#;
    let server = Server::start(vec![Reply::new(200, &[link, cookie], body)]).await.unwrap();
    let core = builder(&server).build().unwrap();
    let response = send(&core, RequestOptions::new()).await.unwrap();
    clean("response", &response);
    let undecodable = response.decode::<Vec<u8>>().unwrap_err();
    assert!(!shown(&undecodable).contains("hunter"), "{}", shown(&undecodable));

    let context = Context::new(core.clone(), RequestOptions::new(), &OPERATION);
    let request = built(&context, |request| request);
    let opened = context.open(request, Context::prepare).await.unwrap();
    clean("open response", &opened);
    let mut values: Values<Value> = Values::open(opened, Framing::Lines).await.unwrap();
    values.next().await.unwrap().unwrap();
    clean("values", &values);
}

#[cfg(feature = "test-util")]
#[tokio::test]
async fn head_of_a_response_is_shown_without_secrets_and_links() {
    let (link, list) =
        ("location: https://s3.example.com/x?sig=hunter1", "link: <https://s3.example.com/y?sig=hunter2>");
    let reply = Reply::new(200, &[link, list, "set-cookie: hunter3", "x-note: what?"], "");
    let server = Server::start(vec![reply]).await.unwrap();
    let response = send(&builder(&server).build().unwrap(), RequestOptions::new()).await.unwrap();
    let head = sdk_runtime::dispatch::head(&response);
    for line in [
        "HTTP 200",
        "location: https://s3.example.com/x?[redacted]\n",
        "link: <https://s3.example.com/y?[redacted]\n",
        "set-cookie: [redacted]\n",
        "x-note: what?\n",
    ] {
        assert!(head.contains(line), "{line} is not in {head}");
    }
    assert!(!head.contains("hunter"), "{head}");
}

#[cfg(feature = "test-util")]
#[tokio::test]
async fn mock_server_shows_no_secret_of_requests_and_responses() {
    use sdk_runtime::testing::{MockServer, Reply};

    let reply = Reply::text("hunter1").header("set-cookie", "hunter2").header("x-note", "hunter3");
    clean("reply", &reply);
    static OPERATIONS: [&sdk_runtime::Operation; 1] = [&OPERATION];
    let server = MockServer::start(&PROFILE, &OPERATIONS).await;
    let core = Core::builder(&PROFILE).api_key(KEY).base_url(server.url()).max_retries(0).build().unwrap();
    let options = RequestOptions::new().header("x-session", "hunter4").query("sig", "hunter5").body("a/b", "hunter6");
    send(&core, options).await.unwrap_err();
    clean("server", &server);
    clean("recorded requests", &server.requests());
    clean("problems", &server.problems());
}

#[tokio::test]
async fn failures_show_no_secret() {
    let query: &'static Profile = {
        let mut profile = PROFILE.clone();
        profile.credential.placement = Placement::Query { name: "q" };
        Box::leak(Box::new(profile))
    };
    let link = "location: https://user:hunter1@s3.example.com/hunter2?sig=hunter3";
    let cookie = "set-cookie: hunter4";
    let replies = [
        Reply::new(302, &[link, cookie], ""),
        Reply::new(401, &[cookie], r#"{"message":"no"}"#),
        Reply::new(500, &[cookie], "<html>"),
        // What was sent comes back.
        Reply::new(401, &[], r#"{"code":"sk_hunter2","message":"no key Bearer sk_hunter2","docUrl":"?sk_hunter2"}"#),
        Reply::new(403, &[], r#"{"error":{"message":"not sk_hunter2 but hunter6","requestId":"hunter5"}}"#),
        Reply::new(502, &[], "<title>GET /things?q=sk_hunter2&signature=hunter5</title>"),
        Reply::Raw(Vec::new()),
        Reply::Raw("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{".into()),
        Reply::Raw("nonsense\r\n\r\n".into()),
    ];
    for reply in replies {
        for profile in [&PROFILE, query] {
            let server = Server::start(vec![reply.clone()]).await.unwrap();
            let core = Core::builder(profile).api_key(KEY).base_url(server.url()).max_retries(0).build().unwrap();
            let options = RequestOptions::new().query("signature", "hunter5").header("x-secret", "hunter6");
            let error = get(&core, options.clone()).await.unwrap_err();
            assert!(!shown(&error).contains("hunter"), "{}", shown(&error));
            let attempt = RetryPolicy::custom(|attempt| {
                assert!(!format!("{attempt:?}").contains("hunter"), "{attempt:?}");
                attempt.by_default()
            });
            get(&core, options.retry(attempt)).await.unwrap_err();
        }
    }
}

/// What a server can say, with the same text in one of the places of a response.
fn repeating(place: usize, text: &str) -> Reply {
    let json = "content-type: application/json";
    match place {
        0 => Reply::new(401, &[json, &format!("x-demo-request-id: {text}")], r#"{"message":"no"}"#),
        1 => Reply::json(400, &format!(r#"{{"code":"{text}","message":"no key {text}, {text}","docUrl":"x{text}"}}"#)),
        2 => Reply::json(403, &format!(r#"{{"error":{{"message":"m","requestId":"{text}","runId":"{text}"}}}}"#)),
        3 => Reply::json(
            422,
            &format!(r#"{{"errors":["{text}",{{"detail":"{text}"}}],"extractRun":{{"id":"{text}"}}}}"#),
        ),
        4 => Reply::new(502, &[], &format!("<title>{}{text}</title>", "x ".repeat(97))),
        5 => Reply::new(500, &[], &format!("{}{text}", "x".repeat(180))),
        6 => Reply::new(302, &[&format!("location: https://{text}.example.com/{text}?{text}")], ""),
        7 => Reply::new(308, &[&format!("location: {text}")], ""),
        8 => Reply::new(200, &[&format!("content-type: text/{text}")], "x"),
        9 => Reply::new(200, &[&format!("content-encoding: {text}"), json], "x"),
        10 => Reply::new(200, &[json, &format!("x-request-id: {text}"), &format!("x-note: {text}")], "x"),
        11 => Reply::json(200, &format!(r#""{text}""#)),
        12 => Reply::json(200, &format!(r#"{{"{text}":"{text}"}}"#)),
        13 => Reply::new(500, &[&format!("content-encoding: {text}")], "\u{0}"),
        14 => Reply::Raw(
            format!("HTTP/1.1 200 {text}\r\ncontent-length: 99\r\nx-request-id: {text}\r\n\r\n{text}").into(),
        ),
        _ => Reply::Raw(format!("{text} {text}\r\n\r\n").into()),
    }
}

/// Many random keys; each is repeated whole, cut or in another case, in one place of a response after the other.
#[tokio::test]
async fn no_part_of_a_key_is_shown_wherever_a_server_repeats_it() {
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain("-_=.+~".chars()).collect();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..96 {
        let length = random.usize(16..64);
        let key: String = (0..length).map(|_| alphabet[random.usize(..alphabet.len())]).collect();
        let start = if random.bool() { 0 } else { random.usize(..=length - 8) };
        let part = if random.bool() { &key[..] } else { &key[start..random.usize(start + 8..=length)] };
        let part = if random.bool() { part.to_ascii_uppercase() } else { part.to_owned() };
        let place = round % 16;
        let server = Server::start(vec![repeating(place, &part)]).await.unwrap();
        let core = builder(&server).api_key(key.as_str()).max_retries(0).http_client(http.clone()).build().unwrap();
        #[cfg(feature = "tracing")]
        let (notes, _guard) = crate::traces::Notes::listen();
        let mut all = match get(&core, RequestOptions::new()).await {
            Ok(response) => {
                let undecodable = response.decode::<std::collections::BTreeMap<String, u8>>().unwrap_err();
                let shown = format!("{response:?} {}", shown(&undecodable));
                #[cfg(feature = "test-util")]
                let shown = shown + &sdk_runtime::dispatch::head(&response);
                shown
            }
            Err(error) => shown(&error),
        };
        #[cfg(feature = "tracing")]
        all.extend(notes.take());
        let (all, key) = (all.to_ascii_lowercase(), key.to_ascii_lowercase());
        let stays = (0..=length - 8).map(|at| &key[at..at + 8]).find(|part| all.contains(part));
        assert_eq!(stays, None, "{place}: {all}");
    }
}

#[tokio::test]
async fn what_a_person_sees_has_no_characters_that_deceive() {
    let message = r#"{"message":"pay\u202egpj.exe\u202c\u0007\u001b[2J","requestId":"r\u2066q"}"#;
    let server = Server::start(vec![Reply::json(400, message)]).await.unwrap();
    let error = get(&builder(&server).build().unwrap(), RequestOptions::new()).await.unwrap_err();
    for text in [error.to_string(), format!("{error:?}"), error.to_json().to_string()] {
        let deceives = |character: char| character.is_control() || "\u{202e}\u{202c}\u{2066}".contains(character);
        assert!(!text.contains(deceives), "{text:?}");
    }
}
