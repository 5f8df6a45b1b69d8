//! The proof of the levels: pairs of documents whose levels in Rust the compiler decides, and whose levels on the wire the old client
//! and a validator decide. Must not know how documents are compared.

mod compilation;
mod exchange;
mod pairs;
mod places;
mod program;
mod report;
mod rust_level;
mod values;
mod wire_level;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use generator::drift::{Drift, RustLevel, Wire};
use generator::parallel;
use generator::{Generated, Lock, Root, Sources, Tolerance, compare_documents, generate_any};

use crate::cli::PairSet;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome};

use compilation::Workshop;
use rust_level::Bench;

pub(super) use pairs::{Names, Pair, Subject, list_all_pairs, read_pairs};

use pairs::list_pairs;

/// Folder of the clients and programs.
const FOLDER: &str = "target/drift-proof";
/// The page with the results.
const PAGE: &str = "docs/drift-proof.md";
/// Pairs whose clients are one crate.
const BATCH: usize = 120;
/// Pairs of the short form.
const FEW: usize = 40;

/// A pair with what the comparison says, and its two clients.
struct Compared {
    pair: Pair,
    drift: Drift,
    old: Generated,
    new: Generated,
}

/// A pair with the levels that the comparison claims, and those that were found.
struct Proven {
    pair: Pair,
    drift: Drift,
    claimed: (Wire, RustLevel),
    found: (Wire, RustLevel),
    why: String,
}

impl Compared {
    /// Returns what the comparison says about the wire.
    fn claimed(&self) -> Wire {
        self.drift.changes.iter().map(|change| change.wire).max().unwrap_or_default()
    }
}

impl Proven {
    fn agrees(&self) -> bool {
        self.claimed == self.found
    }
}

/// Proves the levels of all pairs, or of a few.
pub(super) fn run(layout: &Layout, extent: PairSet) -> Result<Outcome, Failure> {
    let pairs = select(list_pairs(), extent);
    let _alone = wait_for_folder(layout)?;
    let mut proven = Vec::new();
    for batch in pairs.chunks(BATCH) {
        let batch = prove(layout, batch)?;
        // All pairs take minutes.
        let _ = write!(io::stderr(), "{}", report::render_text(&batch));
        proven.extend(batch);
    }
    let text = report::render_text(&proven);
    if extent == PairSet::All {
        let path = layout.place(PAGE);
        fs::write(&path, report::render_page(&proven)).map_err(Failure::io("write", &path))?;
    }
    let exit = if proven.iter().all(Proven::agrees) { Exit::Done } else { Exit::Severe };
    Ok(Outcome { stdout: text, stderr: String::new(), exit })
}

/// Returns the pairs whose levels are proved, without those that take names over.
pub(super) fn list_proven_pairs() -> Vec<Pair> {
    list_pairs().into_iter().filter(|pair| pair.names == Names::Kept).collect()
}

/// Proves the levels in Rust of the pairs in a folder, and lists what is claimed.
pub(super) fn run_on_folder(layout: &Layout, folder: &Path) -> Result<Outcome, Failure> {
    let pairs = read_pairs(folder)?;
    let _alone = wait_for_folder(layout)?;
    let proven = prove(layout, &pairs)?;
    let exit = if proven.iter().all(Proven::agrees) { Exit::Done } else { Exit::Severe };
    let stdout = format!("{}{}", report::render_claims(&proven), report::render_text(&proven));
    Ok(Outcome { stdout, stderr: String::new(), exit })
}

/// Waits until no other process uses the folder, and returns what keeps others out.
fn wait_for_folder(layout: &Layout) -> Result<File, Failure> {
    let folder = layout.place(FOLDER);
    fs::create_dir_all(&folder).map_err(Failure::io("write", &folder))?;
    let path = folder.join("lock");
    let file = File::create(&path).map_err(Failure::io("write", &path))?;
    lock(&file).map_err(Failure::io("lock", &path))?;
    Ok(file)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn lock(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(file, rustix::fs::FlockOperation::LockExclusive)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn lock(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Returns the pairs to prove: of a few, every kind of place of a schema.
fn select(pairs: Vec<Pair>, extent: PairSet) -> Vec<Pair> {
    match extent {
        PairSet::All => pairs,
        PairSet::Few => {
            // Names that are taken over are few, and nothing else compiles their aliases.
            let (taken_over, pairs): (Vec<Pair>, Vec<Pair>) =
                pairs.into_iter().partition(|pair| pair.names == Names::Adopted);
            let is_schema = |pair: &Pair| matches!(pair.subject, Subject::Schema(..));
            let pairs: Vec<Pair> = pairs.into_iter().filter(is_schema).collect();
            // Not a divisor of the number of places.
            let step = (pairs.len() / FEW).max(1) | 1;
            pairs.into_iter().step_by(step).chain(taken_over).collect()
        }
    }
}

fn prove(layout: &Layout, pairs: &[Pair]) -> Result<Vec<Proven>, Failure> {
    let compared = parallel::map(parallel::processors(), pairs, compare).into_iter().collect::<Result<Vec<_>, _>>()?;
    let workshop = Workshop::new(layout, layout.place(FOLDER));
    let bench = Bench::of(&compared);
    let rust = rust_level::find(&workshop, &bench)?;
    let wire = wire_level::find(&workshop, &bench, &compared)?;
    let rows = compared.into_iter().zip(rust).zip(wire);
    Ok(rows
        .map(|((compared, (rust, why)), (wire, also))| Proven {
            claimed: (compared.claimed(), compared.drift.suggested_bump),
            found: (wire, rust),
            why: format!("{why}; {also}"),
            pair: compared.pair,
            drift: compared.drift,
        })
        .collect())
}

fn compare(pair: &Pair) -> Result<Compared, Failure> {
    let (before, after) = (pair.before.to_string(), pair.after.to_string());
    let root = Root::of_version("client");
    let sources = |document| Sources { root: Some(&root), ..Sources::of_document(document, "pair.json") };
    let (before, after) = (sources(before.as_bytes()), sources(after.as_bytes()));
    let drift = compare_as(pair.names, &before, &after)?;
    let old = generate_any(&before, &mut |_| {}).map_err(Failure::Unsound)?;
    let new = generate_any(&Sources { names: &drift.names, ..after }, &mut |_| {}).map_err(Failure::Unsound)?;
    Ok(Compared { pair: pair.clone(), drift, old, new })
}

/// Compares two documents; the new client has the names that it is said to have.
pub(super) fn compare_as(names: Names, before: &Sources<'_>, after: &Sources<'_>) -> Result<Drift, Failure> {
    let drift = compare_documents(before, after, Tolerance::Lenient).map_err(Failure::Unsound)?;
    match names {
        Names::Kept => Ok(drift),
        Names::Adopted => {
            let mut lock = Lock::read(&drift.names).map_err(Failure::Unsound)?;
            for kept in &drift.kept {
                lock.take_over(&kept.renaming);
            }
            let names = lock.write();
            let after = Sources { names: &names, ..*after };
            compare_documents(before, &after, Tolerance::Lenient).map_err(Failure::Unsound)
        }
    }
}
