//! The report for a person at a terminal: the most severe first, at most 20 lines for one cause.

use std::fmt::Write as _;

use super::super::level::{RustLevel, Wire};
use super::super::report::{Change, Drift};
use super::section::Section;
use super::{items, operations};

/// Whether a terminal shows colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// It does.
    On,
    /// It does not, or the text goes elsewhere.
    Off,
}

/// How text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// Whether it is colored.
    pub color: Color,
    /// Columns of the terminal.
    pub width: usize,
}

/// Returns the report for a person.
pub fn render_text(drift: &Drift, style: TextStyle) -> String {
    let mut text = String::new();
    head(&mut text, drift);
    for section in Section::ALL {
        let changes: Vec<&Change> = drift.changes.iter().filter(|change| Section::of(change) == section).collect();
        if changes.is_empty() {
            continue;
        }
        let (title, paint) = heading(section);
        let _ = writeln!(text, "\n{}", paint.apply(title, style.color));
        for change in changes {
            render_change(&mut text, change, style);
        }
    }
    text
}

fn heading(section: Section) -> (&'static str, Paint) {
    match section {
        Section::Breaking => ("BREAKING", Paint::Red),
        Section::Risky => ("RISKY", Paint::Yellow),
        Section::Additive => ("ADDITIVE", Paint::Green),
        Section::Documentation => ("DOCS", Paint::Plain),
    }
}

/// Writing to a string cannot fail, here and below.
fn head(text: &mut String, drift: &Drift) {
    let short = |digest: &str| digest.chars().take(8).collect::<String>();
    let (base, head) = (&drift.base, &drift.head);
    let version = match (base.api_version.as_str(), head.api_version.as_str()) {
        (old, new) if old == new => old.to_owned(),
        (old, new) => format!("{old} → {new}"),
    };
    let _ = writeln!(
        text,
        "API drift  {version}  {} → {}  {} → {} operations, {} → {} schemas",
        short(&base.sha256),
        short(&head.sha256),
        base.operations,
        head.operations,
        base.schemas,
        head.schemas
    );
    if drift.changes.is_empty() {
        let _ = writeln!(text, "  nothing changed");
        return;
    }
    let count = |level| drift.summary.of_wire(level);
    let (breaking, risky, safe) = (count(Wire::Breaking), count(Wire::Risky), count(Wire::Safe));
    let _ = writeln!(text, "  wire  {breaking} breaking  {risky} risky  {safe} safe");
    let count = |level| drift.summary.of_rust(level);
    let (major, minor) = (count(RustLevel::Major), count(RustLevel::Minor));
    let (patch, none) = (count(RustLevel::Patch), count(RustLevel::None));
    let bump = drift.suggested_bump.as_str();
    let _ =
        writeln!(text, "  rust  {major} major  {minor} minor  {patch} patch  {none} none    suggested bump: {bump}");
}

fn render_change(text: &mut String, change: &Change, style: TextStyle) {
    let levels = format!("wire {}, rust {}", change.wire.as_str(), change.rust.as_str());
    let _ = writeln!(text, "  {} [{}]  {levels}", Paint::Bold.apply(&change.id, style.color), change.fingerprint);
    let mut line = |label: &str, content: &str| {
        let _ = writeln!(text, "{}", cut(&format!("      {label:<5}{content}"), style.width));
    };
    line("", &change.message);
    if let Some(operations) = operations(change) {
        line("in", &format!("{operations} ({})", change.direction.as_str()));
    }
    let (items, more) = items(change);
    for (index, item) in items.iter().enumerate() {
        line(if index == 0 { "rust" } else { "" }, item);
    }
    if more > 0 {
        line("", &format!("and {more} more"));
    }
    for remedy in change.remedy.iter().take(3) {
        line("do", remedy);
    }
    if let Some(accepted) = &change.accepted {
        let until = accepted.until.as_ref().map_or(String::new(), |until| format!(" (until {until})"));
        line("ok", &format!("accepted: {}{until}", accepted.reason));
    }
}

fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let start: String = line.chars().take(width.saturating_sub(1)).collect();
    format!("{start}…")
}

#[derive(Clone, Copy)]
enum Paint {
    Red,
    Yellow,
    Green,
    Bold,
    Plain,
}

impl Paint {
    fn apply(self, text: &str, color: Color) -> String {
        let code = match (self, color) {
            (Self::Plain, _) | (_, Color::Off) => return text.to_owned(),
            (Self::Red, Color::On) => 31,
            (Self::Yellow, Color::On) => 33,
            (Self::Green, Color::On) => 32,
            (Self::Bold, Color::On) => 1,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
