//! Dates: which are read, how they are written, and their conversions.

use extend_ai::schema::Date;
use jiff::civil::date as jiff_date;

#[test]
fn dates_of_the_calendar_are_read_and_nothing_else() {
    for (text, is_read) in [
        ("2026-02-09", true),
        ("2024-02-29", true),
        ("2000-02-29", true),
        ("0000-01-01", true),
        ("9999-12-31", true),
        ("2026-02-29", false),
        ("1900-02-29", false),
        ("2026-13-01", false),
        ("2026-00-10", false),
        ("2026-04-31", false),
        ("2026-04-00", false),
        ("2026-4-1", false),
        ("+026-04-01", false),
        ("2026-04-01T00:00:00Z", false),
        ("2026/04/01", false),
        ("२०२६-०४", false),
        ("", false),
    ] {
        let json = serde_json::Value::from(text).to_string();
        let read = serde_json::from_str::<Date>(&json);
        assert_eq!(read.is_ok(), is_read, "{text}");
        if let Ok(date) = read {
            assert_eq!(date.to_string(), text);
            assert_eq!(serde_json::to_string(&date).unwrap(), json);
        }
    }
}

#[test]
fn dates_convert_to_three_crates_and_back() {
    for (year, month, day) in [(0, 1, 1), (1900, 2, 28), (2024, 2, 29), (9999, 12, 31)] {
        let date = Date::new(year, month, day).unwrap();
        let chrono = chrono::NaiveDate::from(date);
        assert_eq!((chrono.to_string(), Date::try_from(chrono)), (date.to_string(), Ok(date)));
        let jiff = jiff::civil::Date::from(date);
        assert_eq!((jiff.to_string(), Date::try_from(jiff)), (date.to_string(), Ok(date)));
        let time = time::Date::from(date);
        assert_eq!((time.to_string(), Date::try_from(time)), (date.to_string(), Ok(date)));
    }
}

#[test]
fn years_beyond_four_digits_do_not_convert() {
    assert!(Date::try_from(jiff_date(-1, 1, 1)).is_err());
    assert!(Date::try_from(chrono::NaiveDate::MAX).is_err());
    assert!(Date::try_from(time::Date::MIN).is_err());
}
