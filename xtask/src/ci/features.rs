//! Which sets of features prove that each feature of the client and of its runtime compiles without the others, and the check of
//! each set. Knows manifests and cargo, no code.
//!
//! A feature of the client turns on the feature of the same name in the runtime, and nothing else there: the client with one
//! feature compiles the runtime with one feature too, and cargo shows the warnings of both. Only features that the client does not
//! have are checked with the runtime. TLS is passed on to reqwest, and no line of ours depends on it: the features are resolved
//! for the client, and compiled with the runtime alone where the machine has what they need. OpenSSL takes minutes to build, so the
//! feature that builds it is compiled by a step of its own.
//!
//! A check of one crate keeps one processor busy, so as many run at once as there are processors, each with a target directory.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::num::NonZero;
use std::panic;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use generator::feature_of_version;
use generator::profile::Profile;
use serde::Deserialize;

use super::cargo;
use crate::layout::Layout;
use crate::outcome::Failure;

/// The client and its runtime.
const CLIENT: &str = "extend-ai";
const RUNTIME: &str = "sdk-runtime";
/// Features that are passed on to reqwest, with a package that each brings.
const TLS: [(&str, &str); 4] = [
    ("rustls", "rustls"),
    ("rustls-no-provider", "rustls"),
    ("native-tls", "native-tls"),
    ("native-tls-vendored", "openssl-src"),
];
/// Commands that have to succeed before a feature of TLS can be compiled: without the library of the system it is passed over.
const NEEDS: [(&str, &[&[&str]]); 3] =
    [("rustls", &[]), ("rustls-no-provider", &[]), ("native-tls", &[&["pkg-config", "--exists", "openssl"]])];

/// The most checks at once: each needs about a gigabyte of memory, and a target directory with the dependencies.
const LANES: usize = 2;

/// A set of features of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Set {
    package: &'static str,
    features: String,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    features: BTreeMap<String, Vec<String>>,
}

/// A version of the API that is a feature, with the features of its areas.
#[derive(Clone, Debug)]
struct Version {
    feature: String,
    areas: Vec<String>,
}

/// Reads the versions from the profile.
fn read_versions(layout: &Layout) -> Result<Vec<Version>, Failure> {
    let path = layout.profile();
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let profile = Profile::parse(&text).map_err(Failure::Unsound)?;
    let default = profile.document.api_version.as_str();
    let of_version = |version: &str| {
        let profile = Profile::of_version(&text, version).map_err(Failure::Unsound)?;
        Ok(Version { feature: feature_of_version(version), areas: profile.areas.0.into_keys().collect() })
    };
    profile.versions.names().filter(|version| *version != default).map(of_version).collect()
}

/// Compiles every set; returns what is wrong with the first one that has errors or warnings.
pub(super) fn check_features(layout: &Layout) -> Result<Option<String>, Failure> {
    let metadata = output_of(cargo(layout).args(["metadata", "--format-version", "1", "--no-deps"]))?.0;
    let metadata: Metadata = serde_json::from_str(&metadata)
        .map_err(|error| Failure::io("read", "the output of cargo metadata")(error.into()))?;
    let sets = sets(&metadata, &read_versions(layout)?).into_iter().chain(tls_sets()).collect();
    if let Some(problem) = check_sets(layout, sets)? {
        return Ok(Some(problem));
    }
    for (feature, brought) in TLS {
        println!("{CLIENT}: {feature} brings {brought}");
        let mut command = cargo(layout);
        command.args(["tree", "--quiet", "--package", CLIENT, "--no-default-features", "--features", feature]);
        let (tree, said) = output_of(command.args(["--edges", "normal,build", "--target", "all", "--prefix", "none"]))?;
        if !tree.lines().any(|line| line.split(' ').next() == Some(brought)) {
            return Ok(Some(format!("the feature `{feature}` does not bring {brought}\n{said}")));
        }
    }
    Ok(None)
}

/// Compiles sets, several at once; returns what is wrong with the first one that is found to have errors or warnings.
fn check_sets(layout: &Layout, sets: VecDeque<Set>) -> Result<Option<String>, Failure> {
    let lanes = thread::available_parallelism().map_or(1, NonZero::get).min(LANES);
    let waiting = Mutex::new(sets);
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let check_lane = |lane: usize| {
        while let Some(set) = next() {
            let problem = check_set(layout, &set, lane)?;
            if problem.is_some() {
                waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
                return Ok(problem);
            }
        }
        Ok(None)
    };
    let check_lane = &check_lane;
    let results: Vec<Result<Option<String>, Failure>> = thread::scope(|scope| {
        let lanes: Vec<_> = (0..lanes).map(|lane| scope.spawn(move || check_lane(lane))).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|panic| panic::resume_unwind(panic))).collect()
    });
    let problems: Vec<Option<String>> = results.into_iter().collect::<Result<_, _>>()?;
    Ok(problems.into_iter().flatten().next())
}

/// Compiles a set; returns what is wrong with it. The first lane uses the target directory of the workspace, which has most of the
/// dependencies.
fn check_set(layout: &Layout, set: &Set, lane: usize) -> Result<Option<String>, Failure> {
    println!("{}: {}", set.package, if set.features.is_empty() { "none" } else { &set.features });
    let mut command = cargo(layout);
    if lane > 0 {
        command.env("CARGO_TARGET_DIR", layout.place(&format!("target/features-{lane}")));
    }
    command.args(["check", "--quiet", "--lib", "--package", set.package]);
    let (_, said) = output_of(command.args(["--no-default-features", "--features", &set.features]))?;
    let problem = format!("{} with the features `{}`:\n{said}", set.package, set.features);
    Ok((!said.trim().is_empty()).then_some(problem))
}

/// Returns the runtime with each feature of TLS that this machine can compile.
fn tls_sets() -> Vec<Set> {
    let mut sets = Vec::new();
    for (feature, needs) in NEEDS {
        match needs.iter().find(|command| !succeeds(command)) {
            None => sets.push(Set { package: RUNTIME, features: feature.to_owned() }),
            Some(missing) => println!("{RUNTIME}: {feature} is passed over: `{}` does not succeed", missing.join(" ")),
        }
    }
    sets
}

fn succeeds(command: &[&str]) -> bool {
    let Some((program, arguments)) = command.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(arguments).output().is_ok_and(|output| output.status.success())
}

/// No feature, each that turns something on, and all that need nothing from the system; each version alone, and with each of its
/// areas.
fn sets(metadata: &Metadata, versions: &[Version]) -> Vec<Set> {
    let is_plain = |name: &str| name != "default" && !TLS.iter().any(|(tls, _)| *tls == name);
    let features_of = |name: &str| -> Vec<&str> {
        let package = metadata.packages.iter().find(|package| package.name == name);
        let features = package.into_iter().flat_map(|package| &package.features);
        features.filter(|(name, brings)| is_plain(name) && !brings.is_empty()).map(|(name, _)| name.as_str()).collect()
    };
    let (client, runtime) = (features_of(CLIENT), features_of(RUNTIME));
    let of_versions: Vec<&str> = versions.iter().map(|version| version.feature.as_str()).collect();
    let all = [client.as_slice(), &["rustls"], &of_versions].concat().join(",");
    let with_areas = versions.iter().flat_map(|Version { feature, areas }| {
        std::iter::once(feature.clone()).chain(areas.iter().map(move |area| format!("{feature},{area}")))
    });
    let of_client = std::iter::once(String::new()).chain(client.iter().map(|name| (*name).to_owned()));
    let of_client = of_client.chain(with_areas).chain([all]);
    let of_runtime = runtime.into_iter().filter(|name| !client.contains(name)).map(str::to_owned);
    let of_runtime = of_runtime.map(|features| Set { package: RUNTIME, features });
    of_client.map(|features| Set { package: CLIENT, features }).chain(of_runtime).collect()
}

/// Runs a command to its end; returns its standard output, and its standard error with a note when it failed silently.
fn output_of(command: &mut Command) -> Result<(String, String), Failure> {
    let output = command.output().map_err(Failure::io("run", "cargo"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut said = text(&output.stderr);
    if !output.status.success() && said.trim().is_empty() {
        said = format!("cargo ended with {}", output.status);
    }
    Ok((text(&output.stdout), said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_is_alone_once_and_all_are_together() {
        let features = |pairs: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            pairs.iter().map(|(name, brings)| ((*name).to_owned(), owned(brings))).collect()
        };
        let client = features(&[
            ("default", &["parse"]),
            ("types", &[]),
            ("client", &["dep:reqwest"]),
            ("parse", &["client"]),
            ("native-tls", &["client"]),
        ]);
        let runtime = features(&[("client", &["dep:tokio"]), ("dispatch", &["client"]), ("rustls", &["client"])]);
        let package = |name: &str, features| Package { name: name.to_owned(), features };
        let metadata = Metadata { packages: vec![package(CLIENT, client), package(RUNTIME, runtime)] };
        let version = Version { feature: "v1".to_owned(), areas: vec!["parse".to_owned()] };
        let found = sets(&metadata, &[version]).into_iter().map(|set| (set.package, set.features));
        let found: Vec<(&str, String)> = found.collect();
        let expected = [
            (CLIENT, ""),
            (CLIENT, "client"),
            (CLIENT, "parse"),
            (CLIENT, "v1"),
            (CLIENT, "v1,parse"),
            (CLIENT, "client,parse,rustls,v1"),
            (RUNTIME, "dispatch"),
        ];
        assert_eq!(found, expected.map(|(package, features)| (package, features.to_owned())));
    }
}
