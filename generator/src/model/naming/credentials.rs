//! Setters of credentials on the builder of a client that has several.

use crate::ir::{CredentialInput, CredentialSetters};
use crate::model::security::takes_password;
use crate::names::{Lock, RustIdent};
use crate::profile::{AuthScheme, Profile};

use super::claims::{Claims, Wanted};

/// Key of the builder in the lock.
const BUILDER: &str = "client builder";

/// Methods that the builder of every client has; the emitter of the client verifies that the list is complete.
pub(crate) const BUILDER_METHODS: &[&str] = &[
    "allow_insecure_http",
    "api_key",
    "api_key_provider",
    "base_url",
    "build",
    "build_blocking",
    "clock",
    "connect_timeout",
    "environment",
    "header",
    "http_client",
    "layer",
    "max_response_bytes",
    "max_retries",
    "region",
    "retry",
    "timeout",
    "total_timeout",
    "user_agent_suffix",
];

/// Names the setters of each credential if there are several. They are named after the security schemes of the document.
pub(super) fn name_credentials(profile: &Profile, lock: &Lock, published: &mut Lock) -> Vec<CredentialSetters> {
    if profile.credentials.is_empty() {
        return Vec::new();
    }
    let auth = &profile.auth;
    let first = auth.security_schemes.iter().flatten().take(1).map(|name| (0, name, auth.scheme));
    let further = profile.credentials.iter().enumerate();
    let further = further.map(|(index, credential)| (index + 1, &credential.security_scheme, credential.scheme));
    let credentials: Vec<(usize, &String, AuthScheme)> =
        first.chain(further).filter(|(_, _, scheme)| *scheme != AuthScheme::None).collect();
    let mut fixed = BUILDER_METHODS.to_vec();
    fixed.extend(profile.headers.iter().map(|header| header.setter.as_str()));
    let mut claims = Claims::new(lock, BUILDER, &fixed);
    let wanted = credentials.iter().flat_map(|(_, name, _)| {
        let setter = RustIdent::snake(name);
        let provider = setter.with_suffix("_provider");
        let fallback = |name: &RustIdent| name.with_suffix("_credential");
        [
            Wanted::new(*name, setter.clone()).or(fallback(&setter)).recorded(),
            Wanted::new(format!("{name} (provider)"), provider.clone()).or(fallback(&provider)).recorded(),
        ]
    });
    let wanted: Vec<Wanted> = wanted.collect();
    let names = claims.claim(&wanted, published);
    let pairs = names.chunks_exact(2).zip(credentials);
    let named = pairs.filter_map(|(names, (index, security_scheme, scheme))| {
        let [setter, provider] = names else { return None };
        let input = if takes_password(scheme) {
            CredentialInput::UserAndPassword
        } else {
            CredentialInput::Token(provider.clone())
        };
        Some(CredentialSetters { security_scheme: security_scheme.clone(), index, setter: setter.clone(), input })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::CredentialPolicy;

    /// Returns the setters of schemes, of which the first is the API key.
    fn setters(schemes: &[&str], lock: &Lock) -> (Vec<String>, Lock) {
        let mut profile = Profile::default();
        profile.auth.scheme = AuthScheme::Bearer;
        profile.auth.security_schemes = Some(vec![schemes[0].to_owned()]);
        profile.credentials = schemes[1..]
            .iter()
            .map(|name| CredentialPolicy {
                security_scheme: (*name).to_owned(),
                scheme: AuthScheme::Header,
                name: Some("x-key".to_owned()),
                prefix: None,
                variable: None,
            })
            .collect();
        let mut published = lock.clone();
        let named = name_credentials(&profile, lock, &mut published);
        (named.iter().map(|setters| setters.setter.to_string()).collect(), published)
    }

    #[test]
    fn schemes_with_alike_names_have_setters_of_their_own_that_stay() {
        let (names, lock) = setters(&["main", "Partner-Key", "partner_key", "API-Key", "api_key"], &Lock::default());
        let expected = ["main", "partner_key", "partner_key_credential", "api_key_credential", "api_key_credential2"];
        assert_eq!(names, expected);
        let (names, _) = setters(&["main", "api_key", "partnerKey", "partner_key", "Partner-Key"], &lock);
        assert_eq!(
            names,
            ["main", "api_key_credential2", "partner_key_credential2", "partner_key_credential", "partner_key"]
        );
    }
}
