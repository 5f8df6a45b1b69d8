//! `release-plan`: the version of the next release, why, and its section in the changelog. What changed is the generator's finding;
//! the committed surface and cargo-semver-checks are asked too, and the highest level wins.

mod changelog;
mod surface;
mod version;

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use generator::drift::{Drift, RustLevel};
use generator::{FormerAlias, Lock, Tolerance, compare_documents};

use crate::cli::ReleasePlanArgs;
use crate::drift::{at_revision, git, shown_at};
use crate::input::{self, ClientVersions, Inputs};
use crate::layout::{ApiVersion, Layout};
use crate::outcome::{Exit, Failure, Outcome, Problem, ProblemCode};

use surface::compare_surfaces;
use version::CrateVersion;

/// Where the surface is committed.
const SURFACES: &str = "tests/tests/snapshots/snapshots";
const CHANGELOG: &str = "CHANGELOG.md";

/// What one source says about the release.
struct Opinion {
    of: &'static str,
    level: Option<RustLevel>,
    detail: String,
}

/// A deprecated name that the release does not have any more: the file with the names, and what it is in there.
struct Due {
    version: ApiVersion,
    alias: FormerAlias,
}

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &ReleasePlanArgs) -> Result<Outcome, Failure> {
    let versions = ClientVersions::read(layout)?;
    let since = match &arguments.since {
        Some(revision) => revision.clone(),
        None => last_release(layout)?,
    };
    let drifts = drifts(layout, &versions, &since)?;
    let (due, waiting) = former_names(layout, &versions)?;
    let mut opinions = vec![of_documents(&drifts, &due)];
    opinions.push(of_surface(layout, &since)?);
    opinions.push(of_semver_checks(layout, &since));
    let level = opinions.iter().filter_map(|opinion| opinion.level).max().unwrap_or_default();
    let current = current_version(layout)?;
    let next = current.next(level);
    let name = format!("{next}+api.{}", versions.default);
    let removed: Vec<(String, String)> = due.iter().map(|due| (due.alias.old.clone(), due.alias.new.clone())).collect();
    let found: Vec<Drift> = drifts.into_iter().filter_map(|(_, drift)| drift).collect();
    let section = changelog::render_section(&name, &found, &removed);
    let mut text = describe(&since, current, (level, &name), &opinions);
    if level == RustLevel::None {
        return Ok(Outcome::done(text));
    }
    if arguments.write {
        text.push_str(&write(layout, &section, (&due, &waiting), next)?);
    } else {
        let _ = write!(text, "\n{section}");
    }
    let said: Vec<RustLevel> = opinions.iter().filter_map(|opinion| opinion.level).collect();
    let disagree = said.iter().any(|one| *one != level);
    let exit = if arguments.strict && disagree { Exit::Severe } else { Exit::Done };
    Ok(Outcome { exit, ..Outcome::done(text) })
}

/// Returns the newest release: the last tag `v…` before the current commit.
fn last_release(layout: &Layout) -> Result<String, Failure> {
    let tag = git(layout, &["describe", "--tags", "--abbrev=0", "--match", "v*"]).map_err(|failure| {
        if let Failure::Input(problem) = failure {
            Failure::Input(problem.help("name what was released last: --since REV"))
        } else {
            failure
        }
    })?;
    Ok(String::from_utf8_lossy(&tag).trim().to_owned())
}

/// Compares each version of the API with the revision; `None` for one that the revision does not have.
fn drifts(
    layout: &Layout,
    versions: &ClientVersions,
    since: &str,
) -> Result<Vec<(ApiVersion, Option<Drift>)>, Failure> {
    let mut found = Vec::new();
    for version in &versions.all {
        let Some(base) = at_revision(layout, version, since) else {
            found.push((version.clone(), None));
            continue;
        };
        let head = Inputs::of_layout(layout, version)?;
        let drift = compare_documents(&base.sources(), &head.sources(), Tolerance::Strict).map_err(Failure::Unsound)?;
        found.push((version.clone(), Some(drift)));
    }
    Ok(found)
}

/// Returns the deprecated names that were released once and go now, and whether others wait for their release.
fn former_names(layout: &Layout, versions: &ClientVersions) -> Result<(Vec<Due>, Vec<ApiVersion>), Failure> {
    let (mut due, mut waiting) = (Vec::new(), Vec::new());
    for version in &versions.all {
        let names = read_names(layout, version)?;
        for alias in names.former_aliases() {
            match alias.released {
                Some(_) => due.push(Due { version: version.clone(), alias }),
                None => waiting.push(version.clone()),
            }
        }
    }
    waiting.dedup();
    Ok((due, waiting))
}

fn read_names(layout: &Layout, version: &ApiVersion) -> Result<Lock, Failure> {
    let text = input::optional_text(layout, &layout.names(version))?.unwrap_or_default();
    Lock::read(&text).map_err(Failure::Unsound)
}

fn of_documents(drifts: &[(ApiVersion, Option<Drift>)], due: &[Due]) -> Opinion {
    let level = |drift: &Option<Drift>| drift.as_ref().map_or(RustLevel::Minor, |drift| drift.suggested_bump);
    let mut detail = Vec::new();
    for (version, drift) in drifts {
        let count =
            |wanted| drift.iter().flat_map(|drift| &drift.changes).filter(|change| change.rust == wanted).count();
        detail.push(match drift {
            Some(_) => format!(
                "{version}: {} major, {} minor, {} patch",
                count(RustLevel::Major),
                count(RustLevel::Minor),
                count(RustLevel::Patch)
            ),
            None => format!("{version} is new"),
        });
    }
    detail.extend(due.iter().map(|due| format!("{} goes, after one release as an alias", due.alias.old)));
    let removed = if due.is_empty() { RustLevel::None } else { RustLevel::Major };
    let level = drifts.iter().map(|(_, drift)| level(drift)).max().unwrap_or_default().max(removed);
    Opinion { of: "documents", level: Some(level), detail: detail.join("; ") }
}

/// Compares the committed surface with that of the revision.
fn of_surface(layout: &Layout, since: &str) -> Result<Opinion, Failure> {
    let of = "surface";
    let folder = layout.place(SURFACES);
    if !folder.is_dir() {
        return Ok(Opinion { of, level: None, detail: format!("{SURFACES} does not exist") });
    }
    let is_surface = |name: &str| {
        let known = name.starts_with("surface-") && name.ends_with(".snap");
        known && !name.contains("-calls") && !name.contains("-features")
    };
    let mut new = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Failure::io("read", &folder))? {
        let path = entry.map_err(Failure::io("read", &folder))?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(is_surface) {
            new.push(input::text(layout, &path)?);
        }
    }
    let listed = git(layout, &["ls-tree", "--name-only", since, &format!("{SURFACES}/")])?;
    let mut old = Vec::new();
    for path in String::from_utf8_lossy(&listed).lines() {
        if path.rsplit('/').next().is_some_and(is_surface) {
            old.push(String::from_utf8_lossy(&shown_at(layout, since, path)?).into_owned());
        }
    }
    if old.is_empty() {
        return Ok(Opinion { of, level: None, detail: format!("{since} has none in {SURFACES}") });
    }
    let change = compare_surfaces(&old, &new);
    let shown: Vec<&str> = change.lost.iter().take(3).map(String::as_str).collect();
    let detail = match change.lost.len() {
        0 => "nothing is gone".to_owned(),
        count => format!("{count} gone or different, such as {}", shown.join("; ")),
    };
    Ok(Opinion { of, level: Some(change.level), detail })
}

/// Asks cargo-semver-checks, where it is installed.
fn of_semver_checks(layout: &Layout, since: &str) -> Opinion {
    let of = "cargo-semver-checks";
    let manifest = layout.client_manifest();
    let asked = Command::new("cargo-semver-checks")
        .args(["semver-checks", "--baseline-rev", since, "--release-type", "patch", "--manifest-path"])
        .arg(&manifest)
        .current_dir(layout.root())
        .output();
    let Ok(output) = asked else { return Opinion { of, level: None, detail: "not installed".to_owned() } };
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let requires = |level: &str| said.contains(&format!("requires new {level} version"));
    let level = match (requires("major"), requires("minor"), output.status.success()) {
        (true, _, _) => Some(RustLevel::Major),
        (false, true, _) => Some(RustLevel::Minor),
        (false, false, true) => Some(RustLevel::None),
        (false, false, false) => None,
    };
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    Opinion { of, level, detail: last }
}

/// Returns the version in the manifest of the client, or in that of the workspace.
fn current_version(layout: &Layout) -> Result<CrateVersion, Failure> {
    let own = input::optional_text(layout, &layout.client_manifest())?.unwrap_or_default();
    let workspace = input::text(layout, &layout.place("Cargo.toml"))?;
    let of = |text: &str, path: &[&str]| {
        let table: toml::Value = toml::from_str(text).ok()?;
        let value = path.iter().try_fold(&table, |value, key| value.get(key))?;
        CrateVersion::parse(value.as_str()?)
    };
    let found = of(&own, &["package", "version"]).or_else(|| of(&workspace, &["workspace", "package", "version"]));
    found.ok_or_else(|| {
        let place = layout.display(&layout.client_manifest());
        Failure::Input(
            Problem::new(ProblemCode::UnreadableFile, place, "it has no version").expected("a version such as 0.1.0"),
        )
    })
}

fn describe(since: &str, current: CrateVersion, (level, next): (RustLevel, &str), opinions: &[Opinion]) -> String {
    let mut text = format!("since {since}: {}\n", level.as_str());
    for Opinion { of, level: said, detail } in opinions {
        let said = said.map_or("-", RustLevel::as_str);
        let _ = writeln!(text, "  {of:<20} {said:<6} {detail}");
    }
    let others = opinions.iter().filter(|opinion| opinion.level.is_some_and(|said| said != level));
    for opinion in others {
        let said = opinion.level.map_or("-", RustLevel::as_str);
        let _ = writeln!(text, "  disagreement: {} says {said}; {} is taken, the higher", opinion.of, level.as_str());
    }
    if level == RustLevel::None {
        let _ = writeln!(text, "nothing to release: {current} stays");
    } else {
        let _ = writeln!(text, "next version: {current} -> {next}");
        text.push_str("  before 1.0 a break raises the second number, everything else the third\n");
    }
    text
}

/// Writes the section of the changelog, and which deprecated names are in the release and which are not.
fn write(
    layout: &Layout,
    section: &str,
    (due, waiting): (&[Due], &[ApiVersion]),
    next: CrateVersion,
) -> Result<String, Failure> {
    let path = layout.place(CHANGELOG);
    let changelog = input::optional_text(layout, &path)?.unwrap_or_else(|| "# Changelog\n".to_owned());
    fs::write(&path, changelog::insert(&changelog, section)).map_err(Failure::io("write", &path))?;
    let mut text = format!("wrote the section of {next} to {CHANGELOG}\n");
    let mut versions: Vec<&ApiVersion> = due.iter().map(|due| &due.version).chain(waiting).collect();
    versions.sort();
    versions.dedup();
    for version in versions {
        let mut names = read_names(layout, version)?;
        for due in due.iter().filter(|due| due.version == *version) {
            names.drop_former(&due.alias);
        }
        names.release_former(&next.to_string());
        let path = layout.names(version);
        fs::write(&path, names.write()).map_err(Failure::io("write", &path))?;
        let _ = writeln!(text, "wrote {}: run cargo xtask regen", layout.display(&path));
    }
    Ok(text)
}
