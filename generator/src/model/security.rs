//! Which credentials an operation accepts: the security requirements of the document, in terms of the credentials of the profile.
//! It must not know how a credential is sent.

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::Security;
use crate::keyword::Keywords;
use crate::pointer::Pointer;
use crate::profile::{AuthScheme, Profile};

use super::sources::Source;

/// The security requirements of a document.
pub(super) struct SecurityReader<'a> {
    document: &'a Value,
    profile: &'a Profile,
    /// Whether the document states any requirement. One that states none leaves it to the reader.
    is_stated: bool,
    report: Report,
}

/// What a security scheme means for the client.
enum Meaning {
    /// A credential of this index.
    Credential(usize),
    /// The client cannot send it, for this reason.
    Unsupported(String),
}

impl<'a> SecurityReader<'a> {
    pub(super) fn new(document: &'a Value, profile: &'a Profile, sources: &[Source<'_>]) -> Self {
        let of_operations = sources.iter().any(|source| source.value.keyword("security").is_some());
        let is_stated = document.keyword("security").is_some() || of_operations;
        Self { document, profile, is_stated, report: Report::default() }
    }

    /// Reads the requirements of an operation, or those that it inherits.
    pub(super) fn read(&mut self, source: &Source<'_>) -> Security {
        if !self.is_stated {
            return Security::Default;
        }
        let (stated, place) = match source.value.keyword("security") {
            Some(own) => (Some(own), source.place.join("security")),
            None => (self.document.keyword("security"), Pointer::root().join("security")),
        };
        let stated = stated.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        let mut problems = Vec::new();
        for requirement in stated.iter().filter_map(Value::as_object) {
            match self.set(requirement) {
                Ok(set) if sets.contains(&set) => {}
                Ok(set) => sets.push(set),
                Err(problem) => problems.push(problem),
            }
        }
        if let Some(problem) = problems.first().filter(|_| sets.is_empty()) {
            self.report_unusable(source, &place, problem);
        }
        if sets == [[0]] { Security::Default } else { Security::AnyOf(sets) }
    }

    /// Returns the problems that were found.
    pub(super) fn finish(self) -> Report {
        self.report
    }

    /// Returns the credentials of a requirement.
    ///
    /// # Errors
    ///
    /// Returns what the client cannot send.
    fn set(&self, requirement: &Map<String, Value>) -> Result<Vec<usize>, String> {
        let mut set = Vec::new();
        for name in requirement.keys() {
            match self.meaning(name) {
                Meaning::Credential(index) if set.contains(&index) => {}
                Meaning::Credential(index) => set.push(index),
                Meaning::Unsupported(reason) => return Err(format!("`{name}`, {reason}")),
            }
        }
        let in_authorization = |index: &&usize| self.header(**index) == Some("authorization");
        match set.iter().filter(in_authorization).count() {
            0 | 1 => Ok(set),
            _ => Err("several credentials in the header `Authorization`, which has one value".to_owned()),
        }
    }

    /// Returns the header that a credential is sent in.
    fn header(&self, index: usize) -> Option<&str> {
        match index {
            0 => self.profile.auth.header(),
            index => self.profile.credentials.get(index - 1)?.header(),
        }
    }

    fn meaning(&self, name: &str) -> Meaning {
        let further = self.profile.credentials.iter().position(|credential| credential.security_scheme == name);
        if let Some(index) = further {
            return Meaning::Credential(index + 1);
        }
        match &self.profile.auth.security_schemes {
            None => return Meaning::Credential(0),
            Some(schemes) if schemes.iter().any(|scheme| scheme == name) => return Meaning::Credential(0),
            Some(_) => {}
        }
        let scheme = Pointer::root().join("components").join("securitySchemes").join(name);
        let text = |scheme: &Value, key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Meaning::Unsupported(match scheme.find(self.document) {
            None => "which the document does not declare".to_owned(),
            Some(scheme) if text(scheme, "type") == "mutualTLS" => {
                "a certificate of the client, which is set with `ClientBuilder::http_client`".to_owned()
            }
            Some(scheme) if text(scheme, "type") == "http" => {
                format!(
                    "the HTTP authentication scheme `{}`, which is not a credential in a header",
                    text(scheme, "scheme")
                )
            }
            Some(_) => "which no credential of the profile is for".to_owned(),
        })
    }

    /// Reports an operation that the client cannot authenticate, once for each place.
    fn report_unusable(&mut self, source: &Source<'_>, place: &Pointer, problem: &str) {
        if self.report.diagnostics.iter().any(|known| known.pointer == *place) {
            return;
        }
        let inherits = if place.segments().len() == 1 { ", like every operation that inherits it," } else { "" };
        let found =
            format!("`{} {}`{inherits} requires {problem}; the client sends no credential", source.method, source.path);
        self.report.push(
            Diagnostic::new(Code::Ignored, place.clone(), found)
                .expected("a key in a header, query parameter or cookie, a bearer token, or HTTP basic authentication")
                .help("set the header of the call, add a layer, or list the scheme as [[credentials]] in a profile"),
        );
    }
}

/// Returns whether the setter of a credential takes a user name and a password.
pub(super) fn takes_password(scheme: AuthScheme) -> bool {
    match scheme {
        AuthScheme::Basic => true,
        AuthScheme::Bearer | AuthScheme::Header | AuthScheme::Query | AuthScheme::Cookie | AuthScheme::None => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::derived::Derived;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;

    /// Builds the model of operations with these requirements, below those of the document.
    fn built(shared: &Value, own: &[Value]) -> (Vec<Security>, Report) {
        let schemes = json!({
            "bearer": {"type": "http", "scheme": "bearer"},
            "basic": {"type": "http", "scheme": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "digest": {"type": "http", "scheme": "digest"},
            "tls": {"type": "mutualTLS"},
        });
        let paths: Map<String, Value> = own
            .iter()
            .enumerate()
            .map(|(index, own)| {
                let operation = if own.is_null() { json!({}) } else { json!({"security": own}) };
                (format!("/{index}"), json!({"get": operation}))
            })
            .collect();
        let mut document = json!({"openapi": "3.0.3", "paths": paths, "components": {"securitySchemes": schemes}});
        if !shared.is_null() {
            document["security"] = shared.clone();
        }
        let mut profile = Profile::default();
        Derived::from_document(&document, "").complete(&mut profile, &Default::default());
        let modelled = build(&normalize_document(document), &profile, &Lock::default());
        (modelled.api.operations.into_iter().map(|operation| operation.security).collect(), modelled.report)
    }

    #[test]
    fn requirements_of_an_operation_override_those_of_the_document() {
        let any_of = |sets: &[&[usize]]| Security::AnyOf(sets.iter().map(|set| set.to_vec()).collect());
        let bearer = json!([{"bearer": []}]);
        let own = [
            json!(null),
            json!([]),
            json!([{"basic": []}]),
            json!([{}, {"bearer": []}]),
            json!([{"bearer": [], "key": []}, {"basic": []}]),
            json!([{"digest": []}, {"key": []}]),
        ];
        let expected = [
            Security::Default,
            any_of(&[]),
            any_of(&[&[1]]),
            any_of(&[&[], &[0]]),
            any_of(&[&[0, 2], &[1]]),
            any_of(&[&[2]]),
        ];
        let (found, report) = built(&bearer, &own);
        assert_eq!(found, expected);
        assert!(report.diagnostics.iter().all(|found| found.code != Code::Ignored), "{report}");
        // Without any requirement, the document leaves it to the reader.
        assert_eq!(built(&json!(null), &[json!(null)]).0, [Security::Default]);
        assert_eq!(built(&json!(null), &[json!(null), bearer]).0, [any_of(&[]), Security::Default]);
    }

    #[test]
    fn operation_whose_scheme_cannot_be_configured_is_named() {
        let own = [
            json!([{"digest": []}]),
            json!([{"tls": [], "bearer": []}]),
            json!([{"gone": []}]),
            json!([{"bearer": [], "basic": []}]),
            json!([{"bearer": []}]),
        ];
        let (found, report) = built(&json!(null), &own);
        assert_eq!(found[..4], [const { Security::AnyOf(Vec::new()) }; 4]);
        let texts: Vec<(String, &str)> = report
            .diagnostics
            .iter()
            .filter(|found| found.code == Code::Ignored)
            .map(|found| (found.pointer.to_string(), found.found.as_str()))
            .collect();
        for (index, part) in ["`digest`", "a certificate", "does not declare", "several credentials"].iter().enumerate()
        {
            assert_eq!(texts[index].0, format!("/paths/~1{index}/get/security"));
            assert!(texts[index].1.starts_with(&format!("`GET /{index}` requires")), "{texts:?}");
            assert!(texts[index].1.contains(part), "{texts:?}");
        }
        assert_eq!(texts.len(), 4);
        let (_, report) = built(&json!([{"digest": []}]), &[json!(null), json!(null)]);
        let inherited = report.diagnostics.iter().filter(|found| found.pointer.to_string() == "/security");
        assert_eq!(inherited.count(), 1);
    }
}
