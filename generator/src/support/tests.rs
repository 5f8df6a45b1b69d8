//! Tests each row of the table with its document.

use super::{Disposition, TABLE, Version};
use crate::pipeline::{Sources, generate_any};
use crate::{Report, Severity};

fn generated(text: &str) -> Result<Report, Report> {
    let sources = Sources {
        document: text.as_bytes(),
        document_name: "openapi.yaml",
        profile: "",
        names: "",
        overlay: None,
        package: None,
        root: None,
    };
    generate_any(&sources, &mut |_| {}).map(|generated| generated.report)
}

#[test]
fn every_row_is_true_of_its_document() {
    let mut wrong = Vec::new();
    for construct in TABLE.iter().flat_map(|(_, constructs)| *constructs) {
        let versions = if construct.versions.is_empty() { &[Version::V3_0] } else { construct.versions };
        for version in versions {
            let text = construct.document(*version);
            let result = generated(&text);
            let holds = match (&construct.disposition, &result) {
                (Disposition::Supported, Ok(report)) => report.diagnostics.is_empty(),
                (Disposition::Degraded(_), Ok(report)) => {
                    report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Warning)
                }
                (Disposition::Refused, Err(report)) => !report.is_sound(),
                (Disposition::Supported | Disposition::Degraded(_) | Disposition::Refused, _) => false,
            };
            if !holds {
                wrong.push(format!("{} in {}:\n{text}\n{result:?}", construct.name, version.number()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_construct_has_one_row() {
    let names: Vec<&str> =
        TABLE.iter().flat_map(|(_, constructs)| *constructs).map(|construct| construct.name).collect();
    for (index, name) in names.iter().enumerate() {
        assert!(!names.iter().take(index).any(|other| other == name), "{name}");
    }
    assert!(names.len() > 80, "{}", names.len());
}
