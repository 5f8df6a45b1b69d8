//! The steps of `ci` as data, in the order of how fast they fail. Runs nothing.

/// A step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// What it is called in the output.
    pub(super) name: &'static str,
    /// What it does.
    pub(super) work: Work,
    /// When it is run.
    pub(super) pace: Pace,
}

/// When a step is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Always: it takes seconds.
    Fast,
    /// Without `--fast`.
    Full,
    /// Only by its name: it takes minutes and proves what no change here is likely to break.
    Named,
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Work {
    /// Runs cargo with these arguments, and with variables set.
    Cargo(&'static [&'static str], &'static [(&'static str, &'static str)]),
    /// Runs a tool that not everybody has; a missing one is noted and passed over.
    Tool {
        /// The program that has to be on the path.
        program: &'static str,
        /// Its arguments.
        arguments: &'static [&'static str],
        /// How to install it.
        install: &'static str,
    },
    /// Runs a command of this program.
    Own(&'static [&'static str]),
    /// Runs `regen`, which must leave the working tree as it is.
    RegenTwice,
    /// Compiles each feature alone.
    Features,
    /// Generates from the documents of others, where they lie beside the repository; compiling them is left to a person.
    Corpus(&'static str),
}

/// All steps. The tests come last, so that their closing lines are the last of the output.
pub(super) const STEPS: [Step; 13] = [
    Step { name: "format", work: Work::Cargo(&["fmt", "--all", "--check"], &[]), pace: Pace::Fast },
    Step { name: "tidy", work: Work::Own(&["tidy"]), pace: Pace::Fast },
    Step {
        name: "spelling",
        work: Work::Tool { program: "typos", arguments: &[], install: "cargo install typos-cli" },
        pace: Pace::Fast,
    },
    Step { name: "regen-check", work: Work::Own(&["regen", "--check"]), pace: Pace::Fast },
    Step { name: "regen", work: Work::RegenTwice, pace: Pace::Full },
    Step {
        name: "dependencies",
        work: Work::Tool { program: "cargo-deny", arguments: &["check"], install: "cargo install cargo-deny" },
        pace: Pace::Full,
    },
    Step {
        name: "lints",
        // The tests ask for every feature that needs nothing from the system; the others are checked below.
        work: Work::Cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[]),
        pace: Pace::Full,
    },
    Step { name: "features", work: Work::Features, pace: Pace::Full },
    Step {
        name: "vendored-tls",
        // OpenSSL is built along, which needs perl and make.
        work: Work::Cargo(
            &["check", "--lib", "-p", "sdk-runtime", "--no-default-features", "--features", "native-tls-vendored"],
            &[],
        ),
        pace: Pace::Named,
    },
    Step {
        name: "documentation",
        work: Work::Cargo(
            &[
                "doc",
                "--workspace",
                "--no-deps",
                "--features",
                "extend-ai/blocking,extend-ai/dispatch,extend-ai/folder,extend-ai/schema,extend-ai/test-util,extend-ai/tower,extend-ai/v2025-04-21",
            ],
            &[("RUSTDOCFLAGS", "-D warnings")],
        ),
        pace: Pace::Full,
    },
    Step { name: "corpus", work: Work::Corpus("../shared/corpus/dev"), pace: Pace::Full },
    // Optimized builds of what is counted: minutes, so it comes late. Says so where valgrind is missing.
    Step { name: "instructions", work: Work::Own(&["bench", "--guard"]), pace: Pace::Full },
    Step { name: "tests", work: Work::Cargo(&["test", "--workspace"], &[]), pace: Pace::Full },
];
