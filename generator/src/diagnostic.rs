//! Diagnostics: what is wrong, where, what was expected and what to do about it.
//!
//! A diagnostic never knows how it is printed on a terminal or which exit code follows from it.

use std::fmt;

use serde::Serialize;

use crate::pointer::Pointer;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing can be generated.
    Error,
    /// Something was expressed less exactly than the document says it.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident;)*) => {
        /// Stable name of a kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// The text users grep for.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How bad a problem of this kind is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The bytes are neither JSON nor YAML.
    Unreadable = "unreadable", Error;
    /// The document is not OpenAPI 3.0 or 3.1.
    Version = "unsupported-version", Error;
    /// A part that must be there is missing.
    Missing = "missing", Error;
    /// A part has the wrong JSON type.
    WrongType = "wrong-type", Error;
    /// A `$ref` leads nowhere.
    DanglingRef = "dangling-ref", Error;
    /// A `$ref` leads out of the document.
    ExternalRef = "external-ref", Error;
    /// References lead back to themselves without a schema in between.
    RefCycle = "ref-cycle", Error;
    /// The profile cannot be read or contradicts itself.
    Profile = "profile", Error;
    /// An entry of the profile does not fit the document any more.
    ProfileUnused = "profile-unused", Warning;
    /// Schemas that the profile calls one type differ.
    SharedType = "shared-type", Error;
    /// The overlay cannot be read.
    Overlay = "overlay", Error;
    /// An overlay action changes nothing any more.
    OverlayUnused = "overlay-unused", Warning;
    /// `names.toml` cannot be read.
    Names = "names", Error;
    /// A locked name is not used any more.
    NameUnused = "name-unused", Warning;
    /// A construct became plain JSON or bytes.
    Untyped = "untyped", Warning;
    /// The document does not say where requests go.
    NoServer = "no-server", Warning;
    /// A part was not understood and is left out of the types.
    Ignored = "ignored", Warning;
    /// A page holds a fragment that cannot be read.
    PageUnreadable = "page-unreadable", Warning;
    /// Pages disagree.
    PageConflict = "page-conflict", Warning;
    /// Something a page leaves out was guessed.
    PageGuess = "page-guess", Warning;
    /// Pages say nothing that a document can be made of.
    NoSchemas = "no-schemas", Error;
    /// The document was rebuilt from prose.
    Approximate = "approximate", Warning;
    /// progenitor refused the lowered document.
    Progenitor = "progenitor", Error;
    /// Emitted code is no valid Rust: a defect of the generator.
    Internal = "internal", Error;
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

/// One problem, with its place and its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// File the problem is in.
    pub source: String,
    /// Place in that file.
    pub pointer: Pointer,
    /// Line in the source text, counted from 1, when known.
    pub line: Option<usize>,
    /// What was found.
    pub found: String,
    /// What was expected instead.
    pub expected: String,
    /// What to do about it.
    pub help: String,
}

impl Diagnostic {
    /// A problem of kind `code` at `pointer`; the severity follows from the kind.
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

    /// Says what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Names the file the problem is in.
    #[must_use]
    pub fn in_source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// Names the line, counted from 1.
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

/// Every problem of a run, in the order of the passes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// A report of one problem.
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

    /// Whether no problem is an error.
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
