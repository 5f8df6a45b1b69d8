//! Diagnostics: what is wrong, where, what was expected and how to fix it.
//!
//! Must not know how diagnostics are printed on a terminal or which exit code they lead to.

use std::fmt;

use serde::Serialize;

use crate::pointer::Pointer;

/// The severity of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing can be generated.
    Error,
    /// Something is expressed less precisely than in the document.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident;)*) => {
        /// The kind of a problem, with a stable name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All kinds, in the order of the passes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the stable name, as it appears in messages.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Returns the severity of this kind of problem.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The bytes are neither JSON nor YAML.
    Unreadable = "unreadable", Error;
    /// The document is not OpenAPI 3.0, 3.1 or 3.2.
    Version = "unsupported-version", Error;
    /// A required part is missing.
    Missing = "missing", Error;
    /// A part has the wrong JSON type.
    WrongType = "wrong-type", Error;
    /// The target of a `$ref` does not exist.
    DanglingRef = "dangling-ref", Error;
    /// A `$ref` points outside the document.
    ExternalRef = "external-ref", Error;
    /// References form a cycle without a schema in between.
    RefCycle = "ref-cycle", Error;
    /// The profile cannot be parsed or contradicts itself.
    Profile = "profile", Error;
    /// An entry of the profile no longer matches the document.
    ProfileUnused = "profile-unused", Warning;
    /// Schemas that the profile declares to be one type differ.
    SharedType = "shared-type", Error;
    /// The overlay cannot be parsed.
    Overlay = "overlay", Error;
    /// An overlay action no longer matches anything.
    OverlayUnused = "overlay-unused", Warning;
    /// `names.toml` cannot be parsed.
    Names = "names", Error;
    /// A locked name is no longer used.
    NameUnused = "name-unused", Warning;
    /// A construct is represented as plain JSON or bytes.
    Untyped = "untyped", Warning;
    /// The client expresses a construct less precisely than the document.
    Degraded = "degraded", Warning;
    /// The document declares no usable server.
    NoServer = "no-server", Warning;
    /// A part is not supported and is left out.
    Ignored = "ignored", Warning;
    /// A value is serialized in a style that OpenAPI does not define for it.
    UndefinedStyle = "undefined-style", Warning;
    /// A page contains a fragment that cannot be parsed.
    PageUnreadable = "page-unreadable", Warning;
    /// Pages contradict each other.
    PageConflict = "page-conflict", Warning;
    /// Something that a page omits was guessed.
    PageGuess = "page-guess", Warning;
    /// The pages contain no schemas to build a document from.
    NoSchemas = "no-schemas", Error;
    /// The document was reconstructed from prose.
    Approximate = "approximate", Warning;
    /// progenitor rejected the lowered document.
    Progenitor = "progenitor", Error;
    /// The emitted code is not valid Rust: a bug in the generator.
    Internal = "internal", Error;
}

impl Code {
    /// Returns whether the place becomes plain JSON although the document says more, or means to.
    pub fn leaves_plain_json(self) -> bool {
        [Self::Untyped, Self::DanglingRef, Self::ExternalRef, Self::RefCycle].contains(&self)
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One problem, with its location and a remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of problem.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// The file that contains the problem.
    pub source: String,
    /// The location in that file.
    pub pointer: Pointer,
    /// The line in that file, counted from 1, if known.
    pub line: Option<usize>,
    /// What was found.
    pub found: String,
    /// What was expected instead.
    pub expected: String,
    /// How to fix it.
    pub help: String,
}

impl Diagnostic {
    /// Creates a diagnostic of kind `code` at `pointer`, with the severity of that kind.
    pub fn new(code: Code, pointer: Pointer, found: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            source: String::new(),
            pointer,
            line: None,
            found: found.into(),
            expected: String::new(),
            help: String::new(),
        }
    }

    /// Sets what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Sets how to fix the problem.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Sets the file that contains the problem.
    #[must_use]
    pub fn in_source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// Sets the line, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: Option<usize>) -> Self {
        self.line = line;
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(formatter, "{severity}[{}]: {}", self.code, self.found)?;
        if !self.source.is_empty() || !self.pointer.is_root() {
            write!(formatter, "\n  --> {}", self.source)?;
            if let Some(line) = self.line {
                write!(formatter, ":{line}")?;
            }
            write!(formatter, "#{}", self.pointer)?;
        }
        if !self.expected.is_empty() {
            write!(formatter, "\n  expected: {}", self.expected)?;
        }
        if !self.help.is_empty() {
            write!(formatter, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// All problems of a run, in the order of the passes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Creates a report of one problem.
    pub fn of(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic] }
    }

    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds all problems of another report.
    pub fn extend(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// Moves errors before warnings, without changing the order otherwise.
    pub(crate) fn sort_by_severity(&mut self) {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.severity);
    }

    /// Returns whether the report contains no errors.
    pub fn is_sound(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            writeln!(formatter, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}
