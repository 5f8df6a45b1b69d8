//! Tests of parameters: how values of every style arrive in the path, the query, headers and cookies.

use workspace_tests::server::{Reply, Request, Server};

use crate::Client;
use crate::types::{Color, Rgb};

/// Returns the request that a call sends.
pub(crate) async fn sent<F: Future<Output = Result<(), sdk_runtime::Error>>>(
    call: impl FnOnce(Client) -> F,
) -> Request {
    let server = Server::start(|_| Reply::empty(204)).await.unwrap();
    call(Client::builder().base_url(server.url()).build().unwrap()).await.unwrap();
    server.take_one().unwrap()
}

fn strings(items: [&str; 2]) -> Vec<String> {
    items.map(str::to_owned).to_vec()
}

fn rgb() -> Rgb {
    Rgb::new().with_r(1).with_g("2,&é")
}

#[tokio::test]
async fn every_item_is_encoded_before_it_is_joined() {
    let request = sent(|client| async move {
        client
            .items()
            .search(strings(["x y", "z"]), strings(["m", "n"]))
            .tags(strings(["a,b", "c d"]))
            .ids(strings(["1|2", "3"]))
            .labels([Color::Red, Color::Blue])
            .color(rgb())
            .origin(rgb())
            .filter(rgb())
            .path("/a/b?c=1&d")
            .text("a b+c")
            .x_scopes(strings(["r w", "s"]))
            .x_filter(rgb())
            .session("a b")
            .seen([1, 2])
            .prefs(rgb())
            .await
    })
    .await;
    let (path, query) = request.target.split_once('?').unwrap();
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(path, "/items");
    let expected = [
        "color%5Bg%5D=2%2C%26%C3%A9",
        "color%5Br%5D=1",
        "filter=%7B%22r%22%3A1%2C%22g%22%3A%222%2C%26%C3%A9%22%7D",
        "g=2%2C%26%C3%A9",
        "ids=1%7C2%7C3",
        "labels=blue",
        "labels=red",
        "path=/a/b?c=1%26d",
        "r=1",
        "tags=a%2Cb,c%20d",
        "text=a%20b%2Bc",
        "words=x%20y%20z",
    ];
    assert_eq!(pairs, expected);
    for (name, value) in [
        ("x-scopes", "r w,s"),
        ("x-must", "m,n"),
        ("x-filter", r#"{"r":1,"g":"2,&\u00e9"}"#),
        ("cookie", "prefs=%7B%22r%22%3A1%2C%22g%22%3A%222%2C%26%C3%A9%22%7D; seen=1,2; session=a%20b"),
    ] {
        assert_eq!(request.header(name), [value], "{name}");
    }
}

#[tokio::test]
async fn empty_lists_and_objects_are_left_out_everywhere() {
    let none = Vec::<String>::new;
    let request = sent(|client| async move {
        let call =
            client.items().search(none(), none()).tags(none()).ids(none()).labels(Vec::<Color>::new()).x_scopes(none());
        call.color(Rgb::new()).origin(Rgb::new()).seen([]).await
    })
    .await;
    assert_eq!(request.target, "/items");
    for name in ["x-scopes", "x-must", "cookie"] {
        assert!(request.header(name).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn path_parameters_are_sent_in_their_style() {
    let request = sent(|client| async move {
        client.items().locate(strings(["a,b", "c/d"]), strings(["e", "f.g"]), rgb(), Rgb::new().with_r(7)).await
    })
    .await;
    assert_eq!(request.target, "/items/a%2Cb,c%2Fd/.e.f.g/x;r=1;g=2%2C%26%C3%A9/%7B%22r%22%3A7%7D");
}

#[tokio::test]
async fn empty_path_parameter_is_an_error_before_anything_is_sent() {
    let client = Client::builder().base_url("http://127.0.0.1:1").build().unwrap();
    let error = client.items().locate(Vec::<String>::new(), strings(["e", "f"]), rgb(), rgb()).await.unwrap_err();
    assert_eq!(error.kind(), sdk_runtime::ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("`simple` is empty"), "{error}");
}
