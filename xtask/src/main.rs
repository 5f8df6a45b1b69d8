//! Entry point of the maintainer commands: parses the arguments, runs one command, prints its output and exits with its code.
//!
//! Only this crate touches files and the network. It must not know how a document is read, validated or turned into Rust: that is
//! the generator's work.

mod bench;
mod cargo;
mod check;
mod ci;
mod cli;
mod corpus;
mod crash;
mod crate_folder;
mod difference;
mod download;
mod drift;
mod exchange;
mod explain;
mod fetch;
mod generate;
mod guard;
mod input;
mod layout;
mod lexer;
mod lock;
mod outcome;
mod references;
mod regen;
mod release_plan;
mod serve_site;
mod staging;
mod support;
mod sync;
mod tidy;
mod tree;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use crate::cli::{Cli, Command};
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome};

/// The generator mostly allocates and frees small syntax nodes: with the allocator of the C library that was a fifth of its time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let outcome = run(Cli::parse()).unwrap_or_else(Failure::into_outcome);
    print(&mut io::stdout().lock(), &outcome.stdout);
    print(&mut io::stderr().lock(), &outcome.stderr);
    ExitCode::from(outcome.exit.code())
}

fn run(cli: Cli) -> Result<Outcome, Failure> {
    let layout = match cli.root {
        Some(root) => Layout::new(root),
        None => Layout::find(&env::current_dir().map_err(Failure::io("find", "the current folder"))?)?,
    };
    match cli.command {
        Command::Regen(arguments) => regen::run(&layout.with_spec(arguments.spec_dir.clone()), &arguments),
        Command::Check(arguments) => check::run(&layout.with_spec(arguments.spec_dir.clone()), &arguments),
        Command::ReleasePlan(arguments) => release_plan::run(&layout, &arguments),
        Command::Sync(arguments) => sync::run(&layout, &arguments),
        Command::Drift(arguments) => drift::run(&layout.with_spec(arguments.spec_dir.clone()), &arguments),
        Command::Fetch(arguments) => fetch::run(&layout.with_spec(arguments.spec_dir.clone()), &arguments),
        Command::ServeSite(arguments) => serve_site::run(&layout.with_spec(arguments.spec_dir.clone()), &arguments),
        Command::Generate(arguments) => generate::run(&layout, &arguments),
        Command::Corpus(arguments) => corpus::run(&layout, &arguments),
        Command::Explain(arguments) => Ok(explain::run(&arguments)),
        Command::Support => support::run(&layout),
        Command::Tidy => tidy::run(&layout),
        Command::Ci(arguments) => ci::run(&layout, &arguments),
        Command::Bench(arguments) => bench::run(&layout, &arguments),
    }
}

/// Prints a string. A reader that closed its end (`cargo xtask check | head`) is not an error of the command.
fn print(stream: &mut dyn Write, text: &str) {
    let _closed = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}
