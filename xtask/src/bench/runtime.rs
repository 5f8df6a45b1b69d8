//! What reading and calling cost, by the programs of `benches/`: CPU time, allocations and instructions, each beside a program that
//! does the same without us. Must not know how anything is read or sent.

use std::path::Path;

use super::callgrind::count_round;
use super::figure::{Found, Measured, Sample, Unit};
use super::sampling::Pairs;
use super::workshop::{Totals, Workshop, run_program};

/// The programs of `benches/`.
pub(super) const DECODE: &str = "decode";
pub(super) const CALL: &str = "call";

/// Repetitions of the work of one run.
const LARGE_REPEATS: usize = 5;
const GET_REPEATS: usize = 2_000;
const ITEMS_REPEATS: usize = 4;
const WEBHOOK_REPEATS: usize = 50;

/// Instructions of one way divided by those of another.
struct Instructions {
    ours: f64,
    other: f64,
}

impl Instructions {
    fn count(program: &Path, scenario: &str, [ours, other]: [&str; 2]) -> Measured<Self> {
        let count = |way| count_round(program, scenario, way);
        Ok(Self { ours: count(ours)?, other: count(other)? })
    }

    fn sample(&self, value: f64) -> Sample {
        Sample { value, detail: format!("{:.0} against {:.0} instructions", self.ours, self.other) }
    }

    fn ratio(&self) -> f64 {
        self.ours / self.other
    }
}

/// Measures reading a large response beside hand-written types.
pub(super) fn measure_decoding(workshop: &Workshop<'_>) -> Vec<Found> {
    let compared = workshop
        .build_program(DECODE)
        .and_then(|program| compare(workshop, &program, "parse_run_10mb", ["read", "plain"], LARGE_REPEATS));
    let allocations = compared.as_ref().map_err(Clone::clone).map(|compared| {
        let [ours, other] = compared.allocations();
        Sample { value: ours / other, detail: format!("{ours:.0} against {other:.0}") }
    });
    let speed = compared.map(|compared| compared.pairs.speed(Unit::Milliseconds));
    vec![("runtime.decode.speed", speed), ("runtime.decode.allocations", allocations)]
}

/// Measures unions, in instructions.
pub(super) fn measure_unions(workshop: &Workshop<'_>) -> Vec<Found> {
    let program = workshop.build_program(DECODE);
    let counted = |scenario, ways| {
        let program = program.as_ref().map_err(Clone::clone)?;
        Instructions::count(program, scenario, ways)
    };
    let of_value =
        |scenario| counted(scenario, ["read", "value"]).map(|counted: Instructions| counted.sample(counted.ratio()));
    let serde = counted("unions_8", ["read", "plain"]).map(|counted| counted.sample(1.0 / counted.ratio()));
    vec![
        ("runtime.workflow-run", of_value("workflow_run")),
        ("runtime.extract-run", of_value("extract_run")),
        ("runtime.parse-run", of_value("parse_run")),
        ("runtime.union.depth", program.as_ref().map_err(Clone::clone).and_then(|program| compare_depths(program))),
        ("runtime.union.serde", serde),
    ]
}

/// Instructions for each byte, in deep unions and in shallow ones.
fn compare_depths(program: &Path) -> Measured<Sample> {
    let for_each_byte = |scenario| {
        let bytes = run_program(program, scenario, "read", 1)?.bytes;
        Ok(count_round(program, scenario, "read")? / bytes)
    };
    let (deep, shallow) = (for_each_byte("unions_64")?, for_each_byte("unions_8")?);
    Ok(Sample { value: deep / shallow, detail: format!("{deep:.1} against {shallow:.1} instructions for each byte") })
}

/// Measures a small call beside bare reqwest.
pub(super) fn measure_call(workshop: &Workshop<'_>) -> Vec<Found> {
    let program = workshop.build_program(CALL);
    let ways = ["client", "bare"];
    let compared = program.clone().and_then(|program| compare(workshop, &program, "get", ways, GET_REPEATS));
    let allocations = compared.as_ref().map_err(Clone::clone).map(|compared| {
        let [ours, other] = compared.allocations();
        Sample { value: ours - other, detail: format!("{ours:.1} against {other:.1} for each call") }
    });
    let instructions = program
        .and_then(|program| Instructions::count(&program, "get", ways))
        .map(|counted| counted.sample(counted.ratio()));
    vec![
        ("runtime.get.time", compared.map(|compared| compared.pairs.sample(Unit::Microseconds))),
        ("runtime.get.instructions", instructions),
        ("runtime.get.allocations", allocations),
    ]
}

/// Measures going through a list.
pub(super) fn measure_items(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("runtime.items", compare_calls(workshop, "items", ["client", "loop"], ITEMS_REPEATS))]
}

/// Measures the verification of a delivery.
pub(super) fn measure_webhook(workshop: &Workshop<'_>) -> Vec<Found> {
    vec![("runtime.webhook", compare_calls(workshop, "webhook", ["client", "hmac"], WEBHOOK_REPEATS))]
}

fn compare_calls(workshop: &Workshop<'_>, scenario: &str, ways: [&str; 2], repeats: usize) -> Measured<Sample> {
    let program = workshop.build_program(CALL)?;
    Ok(compare(workshop, &program, scenario, ways, repeats)?.pairs.sample(Unit::Microseconds))
}

/// Two ways to do the same, run in turn.
struct Compared {
    pairs: Pairs,
    last: [Totals; 2],
}

impl Compared {
    /// Returns the allocations of each way for each repetition, which do not differ between runs.
    fn allocations(&self) -> [f64; 2] {
        self.last.map(|totals| totals.allocations / totals.rounds)
    }
}

/// Runs both ways in turn; times are in seconds for each repetition.
fn compare(
    workshop: &Workshop<'_>,
    program: &Path,
    scenario: &str,
    [ours, other]: [&str; 2],
    repeats: usize,
) -> Measured<Compared> {
    let run = |way| run_program(program, scenario, way, repeats);
    let last = [run(ours)?, run(other)?];
    let time = |way| run(way).map(|totals| totals.nanoseconds / totals.rounds / 1e9);
    let pairs = Pairs::measure(workshop.short_rounds(), || time(ours), || time(other))?;
    Ok(Compared { pairs, last })
}
