//! Webhook deliveries signed elsewhere: deliveries that the official SDKs accept, and edge cases.
//!
//! The signatures were created with Python's `hmac`, so they do not repeat a mistake of ours. Must not know how deliveries are
//! verified.

/// The secret of every delivery, unless stated otherwise.
pub const SECRET: &str = "wss_test_secret_123";
/// When every delivery was sent, unless stated otherwise: 2026-01-01T00:00:00Z.
pub const SENT: &str = "1767225600";
/// The same as a number.
pub const SENT_AT: u64 = 1_767_225_600;

/// A delivery.
pub struct Delivery {
    /// The name of the case.
    pub name: &'static str,
    /// The body.
    pub body: &'static [u8],
    /// The value of the timestamp header.
    pub timestamp: &'static str,
    /// The value of the signature header.
    pub signature: &'static str,
    /// The expected outcome.
    pub outcome: Outcome,
}

/// The outcome of verifying and parsing a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An event with this ID and type.
    Event(&'static str, &'static str),
    /// Verified, but not an event.
    NoEvent,
    /// Not verified: the timestamp is malformed.
    BadTimestamp,
    /// Not verified: a header is missing.
    MissingHeader,
    /// Not verified: the signature does not match.
    Mismatch,
    /// Not verified: the delivery is too old.
    TooOld,
    /// Not verified: the timestamp is in the future.
    Future,
}

const fn sent(name: &'static str, body: &'static [u8], signature: &'static str, outcome: Outcome) -> Delivery {
    Delivery { name, body, timestamp: SENT, signature, outcome }
}

const fn at(name: &'static str, timestamp: &'static str, signature: &'static str, outcome: Outcome) -> Delivery {
    Delivery { name, body: UNKNOWN, timestamp, signature, outcome }
}

/// An event with an unknown type.
pub const UNKNOWN: &[u8] =
    br#"{"eventId":"evt_unknown","eventType":"unknown.future.event","payload":{"object":"unknown","id":"xyz"}}"#;
/// Its signature.
pub const UNKNOWN_SIGNATURE: &str = "462e5b733da70c5a6a8ac7890fba97cb9ee00c4c06674504e451bc8b28b2b2ee";
/// An event whose payload is a signed URL.
pub const SIGNED_URL: &[u8] = br#"{"eventId":"evt_789","eventType":"workflow_run.completed","payload":{"object":"signed_data_url","data":"https://storage.example.com/signed-payload?token=abc123","id":"wr_xyz","metadata":{"env":"production"}}}"#;
/// Its signature.
pub const SIGNED_URL_SIGNATURE: &str = "7e2f7f32e0ab55481c5c6f03ad8cd52e75825533ca8460a1979d708c3c5b41f4";
/// An event with a known type whose payload lacks required properties.
pub const INCOMPLETE: &[u8] = br#"{"eventId":"evt_456","eventType":"extract_run.processed","payload":{"object":"extract_run","id":"extract_run_def456","status":"PROCESSED","output":{"value":{"field":"value"}}}}"#;
/// Its signature.
pub const INCOMPLETE_SIGNATURE: &str = "53c8e650f3863eadacb8d9f0548091253abc8b456e5f10a7608bb039a73179a4";
/// JSON that is not an event.
pub const HELLO: &[u8] = br#"{"event":"hello"}"#;
/// Its signature.
pub const HELLO_SIGNATURE: &str = "c36f054a51447ebbe2d979164cfa13f1b024329597082a9bc7af7999c2632cd9";
/// Its signature with the secret [`OTHER_SECRET`].
pub const HELLO_OTHER_SIGNATURE: &str = "9512fff03d2749c40a49f04c95f152f3002feef143d4df27b1c0b9dea926c7f9";
/// Another secret.
pub const OTHER_SECRET: &str = "wss_test";

use Outcome::{BadTimestamp, Event, Future, Mismatch, MissingHeader, NoEvent, TooOld};

/// Deliveries that the official SDKs accept; each was tested with the Python SDK 1.20.0.
pub const ACCEPTED: &[Delivery] = &[
    sent(
        "a finished workflow run",
        br#"{"eventId":"evt_123","eventType":"workflow_run.completed","payload":{"object":"workflow_run","id":"workflow_run_abc123","status":"PROCESSED","workflow":{"object":"workflow_summary","id":"workflow_123","name":"Test Workflow"}}}"#,
        "9185ae48439746bc66f46a6344b44b35f993d073ada5f9cb3037b3a4b10f32bb",
        Event("evt_123", "workflow_run.completed"),
    ),
    sent("an incomplete payload", INCOMPLETE, INCOMPLETE_SIGNATURE, Event("evt_456", "extract_run.processed")),
    sent("a link as payload", SIGNED_URL, SIGNED_URL_SIGNATURE, Event("evt_789", "workflow_run.completed")),
    sent("an unknown event", UNKNOWN, UNKNOWN_SIGNATURE, Event("evt_unknown", "unknown.future.event")),
    sent("not an event", HELLO, HELLO_SIGNATURE, NoEvent),
    sent(
        "letters of several bytes",
        "{\"eventId\":\"evt_ü\",\"note\":\"naïve — 日本語\"}".as_bytes(),
        "82cfbd8d038d9bde6db078de8336b38964da9e4c0462889338cde1b4f0ad48d4",
        NoEvent,
    ),
    sent("no body", b"", "689d931bc2c6d0bea1583ce6cb401b501a70f8e78a93e6e1fb648c3a5d8006b5", NoEvent),
];

/// Edge cases, where the official SDKs differ or do not document the behavior.
pub const EDGES: &[Delivery] = &[
    sent(
        "upper-case digits",
        UNKNOWN,
        "462E5B733DA70C5A6A8AC7890FBA97CB9EE00C4C06674504E451BC8B28B2B2EE",
        Event("evt_unknown", "unknown.future.event"),
    ),
    sent("digits and more", UNKNOWN, "462e5b733da70c5a6a8ac7890fba97cb9ee00c4c06674504e451bc8b28b2b2eezz", Mismatch),
    sent(
        "digits and more digits",
        UNKNOWN,
        "462e5b733da70c5a6a8ac7890fba97cb9ee00c4c06674504e451bc8b28b2b2ee00",
        Mismatch,
    ),
    sent(
        "digits after a space",
        UNKNOWN,
        " 462e5b733da70c5a6a8ac7890fba97cb9ee00c4c06674504e451bc8b28b2b2ee",
        Mismatch,
    ),
    sent("half a signature", UNKNOWN, "462e5b733da70c5a6a8ac7890fba97cb", Mismatch),
    sent("no digits", UNKNOWN, "sha256=", Mismatch),
    sent("no signature", UNKNOWN, "", MissingHeader),
    sent("the signature of another body", UNKNOWN, HELLO_SIGNATURE, Mismatch),
    sent(
        "a signature with an empty secret",
        UNKNOWN,
        "dc6ab01d248e61b7bc9786e9bfe28c9933a14255a038761ea04b3ace2881206d",
        Mismatch,
    ),
    sent(
        "a signature with the secret without its prefix",
        UNKNOWN,
        "e74c603296d99dc66edea982614dd1d3d49792ee25e1261861d8a8c136882777",
        Mismatch,
    ),
    at(
        "a fraction of a second",
        "1767225600.5",
        "4400a840a8de546f68afec806c6b011166da40d69f030cb2caefc40fde78d479",
        BadTimestamp,
    ),
    at(
        "a space before the time",
        " 1767225600",
        "ab0fe058e140f53d398eef95b8cec65f076842b73f4be335b54ac6e8799cbb1b",
        BadTimestamp,
    ),
    at(
        "a space after the time",
        "1767225600 ",
        "7edfb3c0d75c01ef160e32b00c8b6e97d7edd0cff480656b0f3a0cce48ce19e9",
        BadTimestamp,
    ),
    at(
        "a plus before the time",
        "+1767225600",
        "d7fd3b4aaa1b4227825e31ddc848846f905347394b8a2ee15464db21c60b49f9",
        BadTimestamp,
    ),
    at(
        "a time before 1970",
        "-1767225600",
        "0a82c76b0e545a800ebc1f51ecca335d9e23c2ccc90462c9d45abf0f7d4953e2",
        BadTimestamp,
    ),
    at("an exponent", "1e9", "37d5ba35372297f1bb4185475a2656e0c4e86bd769b6a82146cdd7cb7fed84d0", BadTimestamp),
    at("other digits", "١", "3b0b391c4ffc3f7051ba1cd6dcb415b72fdcf5d854ddffaf800eff1ef8578143", BadTimestamp),
    at(
        "too many digits",
        "99999999999999999999",
        "fdb58f0d980d90b0880b081e7bcee28db805b121ef50e699490f7ef9eece4e6d",
        BadTimestamp,
    ),
    at(
        "the largest timestamp",
        "18446744073709551615",
        "2d28b9948b378144171a69a12da0b73c1c310d519fbe2b183010b47cbc860876",
        Future,
    ),
    at("no time", "", "9a0dd487af317c1455297494aa344bd1b62cbdd38212989f83e418cd182b45b2", MissingHeader),
    at("another time than the signed one", "1767225599", UNKNOWN_SIGNATURE, Mismatch),
    at("the smallest timestamp", "0", UNKNOWN_SIGNATURE, TooOld),
    at(
        "a zero before the time, signed so",
        "01767225600",
        "fb4fbb49647ec821e045c7f076c13d38b6e848c95332b2bf31858c79168cab9e",
        Event("evt_unknown", "unknown.future.event"),
    ),
    sent("not text", b"\xff\xfe", "cb8612b8f3636a634b755038904817b1b4ade0337ac17bd9e53a29a12a028797", NoEvent),
    sent("a list", b"[1]", "39b6d9f357153deadfa1fa573f030cb90195fce07b2cbfba5c6b803c877493d6", NoEvent),
    sent("null", b"null", "360fdb9790c18b45dad40eff6cc5ed4687af4a0a55279c15b63e3850b5608f1a", NoEvent),
    sent("a string", br#""text""#, "e14e2ca8550a4a98b2d03bb6bb5171898fe0a09ca7ea5cc9216b387982a5fd85", NoEvent),
    sent("half an object", b"{", "0b75a306cdf642c63fa3ba882e5668a752ce9619cdec5990edcaf89adf9f08a4", NoEvent),
    sent(
        "an ID that is not a string",
        br#"{"eventId":1,"eventType":"a"}"#,
        "d366a2299f9bfad26810969dc92223c15d07b36ac4216590ac723118a83ac982",
        NoEvent,
    ),
    sent("no ID", br#"{"eventType":"a"}"#, "36c141e104c9d19022009bcc1a9c595a8e60f4a2d2c5381de7b6917c4b17fcf5", NoEvent),
    sent("no name", br#"{"eventId":"e"}"#, "efb4e82d60f1797d6c861261aab6cc68c6d16e1800889df1889a6c248ce216d2", NoEvent),
    sent(
        "more after the object",
        br#"{"eventId":"e","eventType":"a"} tail"#,
        "3d14c5e8db61564792c8bdc3c4196cbdec8267b2e025409be9cf91be8ff9505b",
        NoEvent,
    ),
    sent(
        "no payload",
        br#"{"eventId":"e","eventType":"a"}"#,
        "b3ca41f42a2399b569b8ebe7752850b8cd104327bd0c1b3965775ff5f381ddc5",
        Event("e", "a"),
    ),
];
