//! The level of a pair in Rust as the compiler decides it: a program that uses all of the old client is compiled with the new one, and
//! the other way round. Must not know what changed.

use std::collections::BTreeMap;

use generator::Generated;
use generator::drift::RustLevel;
use generator::surface::Surface;

use crate::outcome::Failure;

use super::Compared;
use super::compilation::{Clients, Programs, Verdicts, Workshop};
use super::program::write_program;

/// The module that clients are generated for.
const MODULE: &str = "generated::client";

/// The names of what is compiled for one pair.
struct Compilation {
    old_client: String,
    new_client: String,
    /// The old program with the old client.
    before: String,
    /// The old program with the new client.
    upgraded: String,
    /// The new program with the new client.
    after: String,
    /// The new program with the old client.
    downgraded: String,
}

/// Everything that is compiled, once each.
#[derive(Default)]
pub(super) struct Bench {
    pub(super) clients: Clients,
    programs: Programs,
    compilations: Vec<Compilation>,
    by_content: BTreeMap<String, String>,
}

/// Returns the level of each pair, and the reason.
pub(super) fn find(workshop: &Workshop<'_>, bench: &Bench) -> Result<Vec<(RustLevel, String)>, Failure> {
    let verdicts = workshop.judge(&bench.clients, &bench.programs)?;
    Ok(bench.compilations.iter().map(|compilation| level(compilation, &verdicts)).collect())
}

fn level(compilation: &Compilation, verdicts: &Verdicts) -> (RustLevel, String) {
    for name in [&compilation.before, &compilation.after] {
        if let Some(error) = verdicts.refused.get(name) {
            return (RustLevel::Major, format!("the program {name} does not compile with its own client: {error}"));
        }
    }
    if let Some(error) = verdicts.refused.get(&compilation.upgraded) {
        return (RustLevel::Major, format!("old code does not compile: {error}"));
    }
    if let Some(error) = verdicts.refused.get(&compilation.downgraded) {
        return (RustLevel::Minor, format!("new code needs the new client: {error}"));
    }
    let warnings = |name: &String| verdicts.deprecated.get(name).copied().unwrap_or_default();
    if warnings(&compilation.upgraded) > warnings(&compilation.before) {
        return (RustLevel::Minor, "old code is warned of deprecated items".to_owned());
    }
    if compilation.old_client == compilation.new_client {
        (RustLevel::None, "the client is the same".to_owned())
    } else {
        (RustLevel::Patch, "the client differs, and no program notices".to_owned())
    }
}

impl Bench {
    /// Collects what is compiled for pairs.
    pub(super) fn of(pairs: &[Compared]) -> Self {
        let mut bench = Self::default();
        for pair in pairs {
            let compilation = bench.add_pair(pair);
            bench.compilations.push(compilation);
        }
        bench
    }

    /// Returns the name of the old client of each pair.
    pub(super) fn old_clients(&self) -> impl Iterator<Item = &str> {
        self.compilations.iter().map(|compilation| compilation.old_client.as_str())
    }

    fn add_pair(&mut self, pair: &Compared) -> Compilation {
        let (old_client, new_client) = (self.add_client(&pair.old), self.add_client(&pair.new));
        let mut program = |surface: &Surface, client: &str| self.add_program(surface, client);
        Compilation {
            before: program(&pair.old.surface, &old_client),
            upgraded: program(&pair.old.surface, &new_client),
            after: program(&pair.new.surface, &new_client),
            downgraded: program(&pair.new.surface, &old_client),
            old_client,
            new_client,
        }
    }

    fn add_client(&mut self, generated: &Generated) -> String {
        let content: String =
            client_files(generated, "client").into_iter().flat_map(|(path, text)| [path, text]).collect();
        let name = format!("c{}", self.by_content.len());
        let name = self.by_content.entry(content).or_insert(name).clone();
        self.clients.entry(name.clone()).or_insert_with(|| client_files(generated, &name));
        name
    }

    fn add_program(&mut self, surface: &Surface, client: &str) -> String {
        let text = write_program(surface, &Workshop::path_of(client));
        let name = format!("p{}", self.by_content.len());
        let name = self.by_content.entry(text.clone()).or_insert(name).clone();
        self.programs.insert(name.clone(), text);
        name
    }
}

/// Returns the files of a client in a module of its own, without the digest of its document: that is all that differs between
/// clients that are the same.
fn client_files(generated: &Generated, name: &str) -> BTreeMap<String, String> {
    let own = format!("generated::{name}");
    let is_kept = |line: &&str| !line.starts_with("// Generator ");
    let written = |text: &String| -> String {
        text.lines().filter(is_kept).map(|line| line.replace(MODULE, &own) + "\n").collect()
    };
    generated.files.iter().map(|(path, text)| (path.clone(), written(text))).collect()
}
