//! `fetch` over TLS, with an authority that only these tests know. Where the system keeps its authorities is told by the
//! environment on Linux only.
//!
//! The key in `fixtures/tls` is that of `localhost` and of no other server; that of the authority is kept nowhere.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::server::{Server, response};
use crate::workspace::{Ran, Workspace, document, run_with};

/// Gives every request over TLS the same response; the URL of a path there.
fn secure(bytes: Vec<u8>) -> String {
    let certificate = CertificateDer::from(include_bytes!("fixtures/tls/server.der").to_vec());
    let key = PrivatePkcs8KeyDer::from(include_bytes!("fixtures/tls/key.der").to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], PrivateKeyDer::from(key)).unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut head = [0; 4096];
            // A client that does not like the certificate hangs up, which is no failure of the server.
            let _ = stream.read(&mut head).and_then(|_| stream.write_all(&bytes)).and_then(|()| {
                stream.conn.send_close_notify();
                stream.flush()
            });
        }
    });
    format!("https://localhost:{port}/openapi.json")
}

fn fetched(workspace: &Workspace, url: &str, authority: &str) -> Ran {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/commands/fixtures").join(authority);
    let none = ["SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, ""));
    let environment = [&none[..], &[("SSL_CERT_FILE", file.to_str().unwrap())]].concat();
    run_with(&["--root", workspace.path("").to_str().unwrap(), "fetch", "--url", url], &environment)
}

#[test]
fn authorities_of_the_system_are_trusted_and_no_others() {
    let url = secure(response("200 OK", "", document("Runs")));
    for (authority, code) in [("tls/authority.pem", 0), ("every_kind.yaml", 50)] {
        let workspace = Workspace::empty();
        let before = workspace.files();
        let ran = fetched(&workspace, &url, authority);
        assert_eq!(ran.code, code, "{ran:?}");
        if code == 50 {
            assert_eq!(workspace.files(), before);
            assert!(!ran.stderr.contains("attempts"), "{ran:?}");
        }
    }
}

#[test]
fn redirect_from_tls_to_plain_http_is_not_followed() {
    let plain = Server::always(response("200 OK", "", document("Runs")));
    for target in [plain.url("/openapi.json"), "http://example.com/openapi.json".to_owned()] {
        let url = secure(response("302 Found", &format!("Location: {target}\r\n"), ""));
        let workspace = Workspace::empty();
        let before = workspace.files();
        let ran = fetched(&workspace, &url, "tls/authority.pem");
        assert_eq!(ran.code, 50, "{ran:?}");
        assert!(
            ran.stderr.contains(&format!("302 Found, no content type, 0 bytes, then: it leads to {target}")),
            "{ran:?}"
        );
        assert_eq!(workspace.files(), before);
    }
    assert_eq!(plain.seen(), Vec::<String>::new());
}
