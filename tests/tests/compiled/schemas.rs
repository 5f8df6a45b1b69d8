//! Tests what schemas mean: values of the compiled types as they are read, built and written.

use sdk_runtime::decode_value;
use serde_json::{Value, json};
use workspace_tests::server::{Reply, Server};

use crate::Client;
use crate::types::{
    Account, AccountOwner, Bank, Either, Frame, FrameV2, Herb, Instant, Order, Outcome, OutcomeOkFalse, Payment,
    PaymentBank, PaymentMethod, Place, Plant, Position, Source, Tree, Values,
};

/// Sends values to a server that returns a response, and returns what was sent and what was read.
async fn exchanged(values: Values, response: &Value) -> (Value, Values) {
    let reply = Reply::json(200, response);
    let server = Server::start(move |_| reply.clone()).await.unwrap();
    let client = Client::builder().base_url(server.url()).build().unwrap();
    let read = client.values().echo_with(values).await.unwrap();
    (server.take_one().unwrap().json().unwrap(), read)
}

fn written(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn null_is_read_where_everything_that_applies_allows_it() {
    let order = json!({"billing": null, "shipping": null, "pickup": {"city": "B"}, "note": null, "anything": null, "place": {"lat": 1}});
    let read: Order = decode_value(&order).unwrap();
    assert_eq!(read.pickup.city, "B");
    assert_eq!(written(&read), order);
    let city = json!({"billing": {"city": "A"}, "shipping": {"city": "C"}, "pickup": {"city": "B"}, "note": "n", "anything": 1});
    let read: Order = decode_value(&city).unwrap();
    assert_eq!(read.shipping.as_ref().map(|address| address.city.as_str()), Some("C"));
    assert_eq!(written(&read), city);
}

#[test]
fn missing_property_is_null_if_it_may_be_null() {
    let read: Order = decode_value(&json!({"pickup": {"city": "B"}})).unwrap();
    let expected = json!({"billing": null, "shipping": null, "pickup": {"city": "B"}, "note": null, "anything": null});
    assert_eq!(written(&read), expected);
    let error = decode_value::<Order>(&json!({"billing": null})).unwrap_err();
    assert!(error.to_string().contains("missing field `pickup`"), "{error}");
}

#[tokio::test]
async fn properties_of_one_direction_are_neither_demanded_nor_missed_in_the_other() {
    let account = Account::new("n", "secret", None, AccountOwner::new("e"));
    let values = Values::new().with_account(account);
    let returned = json!({"account": {"id": "a", "name": "n", "createdAt": "2026-01-01T00:00:00Z", "owner": {"userId": "u", "email": "e"}}});
    let (sent, read) = exchanged(values, &returned).await;
    assert_eq!(sent, json!({"account": {"name": "n", "password": "secret", "pin": null, "owner": {"email": "e"}}}));
    assert_eq!(read.account.as_ref().and_then(|account| account.owner.user_id.as_deref()), Some("u"));
    assert_eq!(written(&read), returned);
}

#[tokio::test]
async fn tag_that_no_variant_declares_is_written() {
    let payment = Payment::from(PaymentBank::new(5, "DE1"));
    let values = Values::new().with_payment(payment).with_method(Bank::new("DE2"));
    let returned = json!({
        "payment": {"kind": "bank_debit", "iban": "DE1", "amount": 5, "memo": "m"},
        "method": {"kind": "Voucher", "code": "c"},
    });
    let (sent, read) = exchanged(values, &returned).await;
    assert_eq!(
        sent,
        json!({
            "payment": {"kind": "bank_debit", "amount": 5, "iban": "DE1"},
            "method": {"kind": "bank_debit", "iban": "DE2"},
        })
    );
    assert!(matches!(&read.payment, Some(Payment::BankDebit(bank)) if bank.iban == "DE1"), "{read:?}");
    assert!(matches!(&read.method, Some(PaymentMethod::Voucher(_))), "{read:?}");
    let shared = read.payment.as_ref().map(|payment| (payment.amount(), payment.memo()));
    assert_eq!(shared, Some((Some(5), Some("m"))));
    assert_eq!(written(&read), returned);
}

#[test]
fn tag_decides_even_where_the_body_fits_another_variant() {
    let unknown = json!({"kind": "crypto", "amount": 1});
    let read: Payment = decode_value(&unknown).unwrap();
    assert!(matches!(read, Payment::Unknown(_)));
    assert_eq!(written(&read), unknown);
    let error = decode_value::<Payment>(&json!({"kind": "card", "iban": "DE1", "amount": 1})).unwrap_err();
    assert!(error.to_string().contains("missing field `last4`"), "{error}");
}

#[test]
fn numbers_and_booleans_are_tags() {
    let rows = [
        (json!({"version": 1, "data": "d"}), "1"),
        (json!({"version": 2, "data": "d", "scale": 0.5, "meta": {"a": [1]}}), "2"),
        (json!({"version": 3, "data": "d"}), "unknown"),
    ];
    for (value, expected) in rows {
        let read: Frame = decode_value(&value).unwrap();
        let found = match &read {
            Frame::Version1(_) => "1",
            Frame::Version2(_) => "2",
            Frame::Unknown(_) => "unknown",
        };
        assert_eq!(found, expected, "{value}");
        assert_eq!(written(&read), value);
    }
    let rows = [
        (json!({"ok": false}), false),
        (json!({"ok": false, "value": "v"}), false),
        (json!({"ok": true, "value": "v"}), true),
    ];
    for (value, expected) in rows {
        let read: Outcome = decode_value(&value).unwrap();
        assert_eq!(matches!(read, Outcome::OkTrue(_)), expected, "{value}");
        assert_eq!(written(&read), value);
    }
    assert!(decode_value::<Outcome>(&json!({"ok": true})).is_err());
}

#[test]
fn fixed_values_of_every_type_are_set_by_the_constructor() {
    let frame = FrameV2::new("d");
    assert_eq!(written(&frame), json!({"version": 2, "data": "d", "scale": 0.5, "meta": {"a": [1]}}));
    assert_eq!(written(&OutcomeOkFalse::new()), json!({"ok": false}));
}

#[test]
fn branches_that_only_demand_leave_one_struct() {
    let source = Source::new("n").with_file_id("f");
    let value = json!({"name": "n", "fileId": "f"});
    assert_eq!(written(&source), value);
    assert_eq!(decode_value::<Source>(&value).unwrap(), source);
    // What the branches demand is up to the server.
    let both = json!({"name": "n", "url": "u", "fileId": "f"});
    assert_eq!(written(&decode_value::<Source>(&both).unwrap()), both);
}

#[test]
fn tag_need_not_fit_the_values_of_a_map() {
    let value = json!({"kind": "Points", "gold": 3});
    let read: PaymentMethod = decode_value(&value).unwrap();
    assert!(matches!(&read, PaymentMethod::Points(points) if points.get("gold") == Some(&3)), "{read:?}");
    assert_eq!(written(&read), value);
    let value = json!({"kind": "Points", "amount": 1, "gold": 3});
    let read: Payment = decode_value(&value).unwrap();
    assert!(matches!(&read, Payment::Points(points) if points.amount == 1), "{read:?}");
    assert_eq!(written(&read), value);
}

#[test]
fn items_by_position_and_numbers_of_any_size_are_exact() {
    let text = r#"{"at":[1.5,2,{"lat":3}],"path":[["a",1],["b",null]],"atoms":123456789012345678901234567890,"id":18446744073709551615}"#;
    let read: Position = serde_json::from_str(text).unwrap();
    assert_eq!((read.at.0, read.at.2.lat, read.id), (1.5, 3.0, u64::MAX));
    assert_eq!(read.atoms, 123_456_789_012_345_678_901_234_567_890);
    let path = [("a".to_owned(), Some(1)).into(), ("b".to_owned(), None).into()];
    assert_eq!(read.path.as_deref(), Some(path.as_slice()));
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    for at in [json!([1.5, 2]), json!([1.5, 2, {"lat": 3}, 4]), json!([2, {"lat": 3}, 1.5])] {
        assert!(decode_value::<Position>(&json!({"at": at, "atoms": 1, "id": 1})).is_err(), "{at}");
    }
}

#[tokio::test]
async fn arrays_that_end_before_their_last_position_or_go_on_come_back_the_same() {
    let position = Position::new((1.0, 2.0, Place::new(3.0)), 4, 5).with_path([("a".to_owned(), None)]);
    let place = json!({"at": [1, 2, {"lat": 3}], "path": [["a"], [], ["a", 1, {"more": true}]], "atoms": 4, "id": 5});
    let (sent, read) = exchanged(Values::new().with_place(position), &json!({"place": place})).await;
    assert_eq!(sent["place"]["path"], json!([["a", null]]));
    let path = read.place.as_ref().and_then(|place| place.path.as_deref()).unwrap();
    assert!(path.iter().all(|positions| positions.complete().is_none()), "{path:?}");
    assert_eq!(written(&read), json!({"place": place}));
    assert!(decode_value::<Values>(&json!({"place": {"at": [1, 2, {"lat": 3}], "path": [[1, 1]]}})).is_err());
}

#[tokio::test]
async fn value_that_came_without_its_tag_goes_back_without_it() {
    let returned = json!({"method": {"iban": "DE1"}, "payment": {"last4": "1", "amount": 2}});
    let (sent, read) = exchanged(Values::new().with_method(Bank::new("DE2")), &returned).await;
    assert_eq!(sent, json!({"method": {"kind": "bank_debit", "iban": "DE2"}}));
    assert!(matches!(&read.method, Some(PaymentMethod::BankDebit(bank)) if bank.iban == "DE1"), "{read:?}");
    assert_eq!(written(&read), returned);
    let (sent, _) = exchanged(read, &returned).await;
    assert_eq!(sent, returned);
}

#[test]
fn strings_of_a_union_are_distinguished_by_their_values() {
    let rows = [
        (json!("now"), "listed"),
        (json!("2026-01-01T00:00:00Z"), "timestamp"),
        (json!(["in", 3]), "tuple"),
        (json!(7), "unknown"),
    ];
    for (value, expected) in rows {
        let read: Instant = decode_value(&value).unwrap();
        let found = match &read {
            Instant::Enum(_) => "listed",
            Instant::Timestamp(_) => "timestamp",
            Instant::Tuple(_) => "tuple",
            Instant::Unknown(_) => "unknown",
        };
        assert_eq!(found, expected, "{value}");
        assert_eq!(written(&read), value);
    }
}

#[test]
fn members_with_the_same_required_properties_are_distinguished_by_the_others() {
    for (value, expected) in [
        (json!({"id": "i", "size": 1}), false),
        (json!({"id": "i", "name": "n", "other": "o"}), true),
        (json!({"id": "i"}), true),
    ] {
        let read: Either = decode_value(&value).unwrap();
        assert_eq!(matches!(read, Either::Named(_)), expected, "{value}: {read:?}");
        assert_eq!(written(&read), value);
    }
}

#[test]
fn tag_with_one_possible_value_is_not_asked_for() {
    let rows = [
        (Plant::from(Tree::new(3)), json!({"form": "tree", "height": 3})),
        (Plant::from(Herb::new()), json!({"form": "Herb"})),
    ];
    for (plant, expected) in rows {
        assert_eq!(written(&plant), expected);
        assert_eq!(decode_value::<Plant>(&expected).unwrap(), plant);
    }
    // The name of a component is a value of the tag too, beside those of the mapping.
    let named: Plant = decode_value(&json!({"form": "Tree", "height": 3})).unwrap();
    assert!(matches!(named, Plant::Tree(_)), "{named:?}");
}
