//! Everything that reads what somebody else sent takes time that is linear in its size, whatever the text.
//!
//! It must not know what is read: it calls the fuzz targets, which name every reader.

use super::targets;

/// The size of the longer text, in bytes, unless `LINEAR_BYTES` sets it.
const SIZE: usize = 1 << 18;
/// How much longer twice the text may take. A quadratic reader takes four times as long.
const MOST_GROWTH: f64 = 2.6;
/// What is too short to be compared, in seconds of the processor.
const NOISE: f64 = 0.1;
/// How often an odd measurement is repeated.
const ROUNDS: usize = 3;

/// A reader, and the texts that are the worst for its kind: something before them, and what is repeated.
struct Row {
    name: &'static str,
    read: fn(&[u8]),
    head: &'static str,
    units: &'static [&'static str],
}

const ROWS: [Row; 10] = [
    Row {
        name: "responses",
        read: targets::response,
        head: "",
        units: &["[", "{\"a\":", "{},", "\"\\u0061", " ", "\u{feff}"],
    },
    Row {
        name: "unknown properties of a response",
        read: targets::response,
        head: "{\"object\":\"extract_run\",\"id\":\"exr_1\",\"x\":[",
        units: &["{\"type\":\"a\",\"type\":\"b\"},", "[[]],", "\"\\ud800\","],
    },
    Row {
        name: "error bodies",
        read: targets::error_body,
        head: "",
        units: &["<script></script", "<style>", "<title", "{\"error\":", "sk_test_123456789 ", "\u{200b}", "&amp"],
    },
    Row {
        name: "error objects",
        read: targets::error_body,
        head: "{\"message\":\"",
        units: &["\\u0000", "sk_test_12345", "exr_"],
    },
    Row {
        name: "headers",
        read: targets::headers,
        head: "",
        units: &["1", "/a?", "a/b; c=\"", ", ", "sk_test_123456789 ", "../", "Wed, "],
    },
    Row {
        name: "event streams",
        read: targets::event_stream,
        head: "data: ",
        units: &["\r", "data: {}\n\n", "data:\n", "a", ":\n", "{}\n"],
    },
    Row {
        name: "deliveries",
        read: targets::webhook,
        head: "1770000000\nsha256=",
        units: &["v0=0,", "\n", "{},", "[{\"a\":"],
    },
    Row {
        name: "pages",
        read: targets::pages,
        head: "",
        units: &["```", "<a href=\"", "](", "## ", "<Accordion ", "|", "{", "\n- [", "{\"aId\":1}\n"],
    },
    Row {
        name: "indexes, listings and web pages",
        read: targets::pages,
        head: "# A\n",
        units: &[
            "http://a ",
            "http://a ](",
            "[ http://a ",
            "- [v#](/#/llms.txt)\n",
            "- [#](/#/openapi.json)\n",
            "- /#.md\n",
            "<script>\"openapi.json\"",
            "<link rel=\"",
            "</#>; rel=\"service-desc\", ",
            "?api=a1 ",
            "`a1bc`(api=\n",
            "a1bc(",
        ],
    },
    Row { name: "documents", read: targets::document, head: "", units: &["{\"a\":", "- ", "a: &a *a\n", "\"\\u0000"] },
];

/// Repeats a unit up to a size; `#` behind a link is the number of the repetition, so that no two are the same.
#[cfg(target_os = "linux")]
fn repeat(unit: &str, size: usize) -> String {
    let number = |number: usize| unit.replace("/#", &format!("/{number}")).replace("[#", &format!("[{number}"));
    if unit.contains("/#") {
        (0..size / (unit.len() + 4)).map(number).collect()
    } else {
        unit.repeat(size / unit.len())
    }
}

/// Returns the time of the processor that reading takes on this thread, in seconds.
#[cfg(target_os = "linux")]
fn time(row: &Row, unit: &str, size: usize) -> f64 {
    let used = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
    };
    let text = format!("{}{}", row.head, repeat(unit, size));
    let before = used();
    (row.read)(text.as_bytes());
    used() - before
}

#[cfg(target_os = "linux")]
fn check(row: &Row, unit: &str, size: usize) {
    let grew = || {
        let (half, whole) = (time(row, unit, size / 2), time(row, unit, size));
        (whole > NOISE && whole > half * MOST_GROWTH).then_some((half, whole))
    };
    let odd: Vec<_> = std::iter::from_fn(grew).take(ROUNDS).collect();
    assert!(odd.len() < ROUNDS, "{}: {unit:?} takes {odd:?} seconds for half and for the whole", row.name);
}

#[cfg(target_os = "linux")]
#[test]
fn everything_that_reads_what_was_sent_is_linear() {
    let size = std::env::var("LINEAR_BYTES").map_or(SIZE, |bytes| bytes.parse().unwrap());
    // What is measured is the time of each thread, so that two may be busy at once.
    let waiting = std::sync::Mutex::new(ROWS.iter().flat_map(|row| row.units.iter().map(move |unit| (row, unit))));
    let next = || waiting.lock().unwrap().next();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((row, unit)) = next() {
                    let begun = std::time::Instant::now();
                    check(row, unit, size);
                    println!("{} of {unit:?}: {:.1} s", row.name, begun.elapsed().as_secs_f64());
                }
            });
        }
    });
}
