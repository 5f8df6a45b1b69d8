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
    let mut values: Values<Value> = Values::new(opened, Framing::Lines);
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
