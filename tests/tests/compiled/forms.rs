//! Tests of forms: the content and the media type of each part, and of each property of a URL-encoded form.

use sdk_runtime::FilePart;

use crate::parameters::sent;
use crate::types::{Refused, Rgb};

#[tokio::test]
async fn parts_have_the_content_that_the_document_states_or_their_type_implies() {
    let request = sent(|client| async move {
        let file = FilePart::bytes("/home/me/s\"1\".png", "PNG");
        client
            .items()
            .upload(file, Rgb::new().with_g("c"))
            .rules([Refused::new("a"), Refused::new("b")])
            .note("hi")
            .labels(["x", "y"])
            .pages(3)
            .await
    })
    .await;
    let body = String::from_utf8(request.body.clone()).unwrap();
    let boundary = request.header("content-type")[0].split_once("boundary=").unwrap().1.to_owned();
    let parts: Vec<&str> =
        body.split(&format!("--{boundary}")).map(str::trim).filter(|part| !part.is_empty()).collect();
    let json = |name: &str, value: &str| {
        format!("Content-Disposition: form-data; name=\"{name}\"\r\nContent-Type: application/json\r\n\r\n{value}")
    };
    let text = |name: &str, value: &str| format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");
    let expected = [
        "Content-Disposition: form-data; name=\"file\"; filename=\"s%221%22.png\"\r\nContent-Type: image/png\r\n\r\nPNG"
            .to_owned(),
        json("metadata", "{\"g\":\"c\"}"),
        json("rules", "{\"reason\":\"a\"}"),
        json("rules", "{\"reason\":\"b\"}"),
        json("note", "\"hi\"").replacen("\r\n\r\n", "\r\nx-kind: note\r\n\r\n", 1),
        text("labels", "x"),
        text("labels", "y"),
        text("pages", "3"),
        "--".to_owned(),
    ];
    assert_eq!(parts, expected);
}

#[tokio::test]
async fn properties_of_a_url_encoded_form_have_the_style_of_the_document() {
    let request = sent(|client| async move {
        let rgb = || Rgb::new().with_r(1).with_g("&");
        client.items().fill().name("a b").tags(["x", "y,z"]).ids(["1,2", "3"]).color(rgb()).deep(rgb()).await
    })
    .await;
    assert_eq!(request.header("content-type"), ["application/x-www-form-urlencoded"]);
    let expected = "name=a+b&tags=x&tags=y%2Cz&ids=1%2C2,3&color=%7B%22r%22%3A1%2C%22g%22%3A%22%26%22%7D\
                    &deep%5Br%5D=1&deep%5Bg%5D=%26";
    assert_eq!(String::from_utf8(request.body).unwrap(), expected);
}
