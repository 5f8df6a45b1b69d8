//! Rule `layers`: which package, and which module of it, may use which. `tidy.toml` declares it once; manifests, uses and paths
//! are compared with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::code::{Code, NamedPath, Place};
use crate::tidy::config::{self, Config, Package, is_within};
use crate::tidy::finding::{Finding, Rule};
use crate::tidy::sources::Source;
use crate::tidy::test_files::TestFiles;

/// Tables of a manifest that name what is linked into the package itself.
const DEPENDENCIES: [&str; 2] = ["dependencies", "build-dependencies"];

/// The declared layers, with what the packages export at their roots.
#[derive(Debug)]
pub(in crate::tidy) struct Layers<'a> {
    packages: &'a BTreeMap<String, Package>,
    /// By package: names at the root of the crate, with the modules that they come from.
    exports: BTreeMap<&'a str, BTreeMap<String, String>>,
}

impl<'a> Layers<'a> {
    /// Takes the declared layers, and the root files of the packages for what they re-export.
    pub(in crate::tidy) fn new<'s>(
        config: &'a Config,
        roots: impl IntoIterator<Item = (&'s str, &'s Code<'s>)>,
    ) -> Self {
        let roots: BTreeMap<&str, &Code<'_>> = roots.into_iter().collect();
        let exports = config.packages.iter().map(|(name, package)| {
            let root = roots.get(format!("{}/src/lib.rs", package.folder).as_str());
            (name.as_str(), root.map(|code| exports_of(code, package)).unwrap_or_default())
        });
        Self { packages: &config.packages, exports: exports.collect() }
    }

    fn package_of(&self, path: &str) -> Option<(&'a str, &'a Package)> {
        let found = self.packages.iter().find(|(_, package)| is_within(path, &package.folder));
        found.map(|(name, package)| (name.as_str(), package))
    }

    /// Checks that the table itself has no circle, and that every module is in it.
    pub(in crate::tidy) fn check_declared(&self, paths: &BTreeSet<&str>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for package in self.packages.values().filter(|package| !package.modules.is_empty()) {
            let there = modules_of(package, paths);
            for module in there.iter().filter(|module| !package.modules.contains_key(**module)) {
                let file = format!("{}/src/{module}", package.folder);
                let message = format!("add the module `{module}` and what it may use to {}", config::FILE);
                findings.push(Finding::new(Rule::Layers, &file, 1, message));
            }
            for module in package.modules.keys().filter(|module| !there.contains(module.as_str())) {
                let message = format!("remove the module `{module}` of {}: there is none", package.folder);
                findings.push(Finding::new(Rule::Layers, config::FILE, 1, message));
            }
            if let Some(circle) = find_circle(&package.modules) {
                let message = format!("cut the circle of modules in {}: {}", package.folder, circle.join(" -> "));
                findings.push(Finding::new(Rule::Layers, config::FILE, 1, message));
            }
        }
        findings
    }

    /// Checks the dependencies of a manifest.
    pub(in crate::tidy) fn check_manifest(&self, source: &Source) -> Vec<Finding> {
        let Some((_, package)) = self.package_of(&source.path) else { return Vec::new() };
        let Ok(manifest) = source.text.parse::<toml::Table>() else { return Vec::new() };
        let mut findings = Vec::new();
        for (table, dependencies) in manifest.iter().filter_map(|(key, value)| Some((key, value.as_table()?))) {
            let is_linked = DEPENDENCIES.contains(&table.as_str());
            if !is_linked && table != "dev-dependencies" {
                continue;
            }
            for name in dependencies.keys().filter(|name| self.packages.contains_key(*name)) {
                let in_tests = if is_linked { &[][..] } else { &package.tests_use };
                if !package.uses.contains(name) && !in_tests.contains(name) {
                    let line = source.text.lines().position(|line| line.starts_with(name.as_str())).unwrap_or_default();
                    let message = format!("{} may not depend on `{name}`: see {}", package.folder, config::FILE);
                    findings.push(Finding::new(Rule::Layers, &source.path, line + 1, message));
                }
            }
        }
        findings
    }

    /// Checks the paths of a Rust file.
    pub(in crate::tidy) fn check_code(&self, source: &Source, code: &Code<'_>, tests: &TestFiles) -> Vec<Finding> {
        let Some((name, package)) = self.package_of(&source.path) else { return Vec::new() };
        let file = File::of(&source.path, package);
        let is_test_file = tests.contains(&source.path);
        let mut findings = Vec::new();
        for path in &code.paths {
            let is_test = is_test_file || path.place == Place::Test;
            let in_tests = if is_test { package.tests_use.as_slice() } else { &[] };
            let wrong = if is_test { None } else { self.wrong_module(&file, name, package, path) };
            let wrong = wrong.or_else(|| self.wrong_package(name, package, path, in_tests));
            let wrong = wrong.or_else(|| if is_test { None } else { forbidden(&file, package, path) });
            findings.extend(wrong.map(|message| Finding::new(Rule::Layers, &source.path, path.line, message)));
        }
        findings
    }

    fn wrong_module(&self, file: &File<'_>, name: &str, package: &Package, path: &NamedPath<'_>) -> Option<String> {
        let allowed = package.modules.get(file.module()?)?;
        let target = file.name_at_root(path)?;
        let exported = self.exports.get(name).and_then(|exports| exports.get(target)).map(String::as_str);
        let target = if package.modules.contains_key(target) { target } else { exported? };
        let is_allowed = Some(target) == file.module() || allowed.iter().any(|module| module == target);
        let module = file.module()?;
        (!is_allowed)
            .then(|| format!("`{module}` may not use `{target}`: see packages.{name}.modules in {}", config::FILE))
    }

    /// `in_tests` are the packages that are allowed beyond those of the package itself.
    fn wrong_package(
        &self,
        name: &str,
        package: &Package,
        path: &NamedPath<'_>,
        in_tests: &[String],
    ) -> Option<String> {
        let first = path.segments.first()?;
        let (target, _) = self.packages.iter().find(|(target, _)| target.replace('-', "_") == *first)?;
        let is_allowed = target == name || package.uses.contains(target) || in_tests.contains(target);
        (!is_allowed).then(|| format!("`{name}` may not use `{target}`: see packages.{name}.uses in {}", config::FILE))
    }
}

fn forbidden(file: &File<'_>, package: &Package, path: &NamedPath<'_>) -> Option<String> {
    let named = path.segments.join("::");
    let starts =
        |prefix: &str| named.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    let (path, _) = package
        .forbidden
        .iter()
        .find(|(path, modules)| starts(path) && !modules.iter().any(|module| Some(module.as_str()) == file.module()))?;
    Some(format!("`{path}` is not for this place: see `forbidden` in {}", config::FILE))
}

/// A Rust file, as its place in a package.
#[derive(Debug)]
struct File<'a> {
    /// Its module, from the root of the crate.
    modules: Vec<&'a str>,
}

impl<'a> File<'a> {
    fn of(path: &'a str, package: &Package) -> Self {
        let inner = path.get(package.folder.len() + 1..).unwrap_or_default();
        let Some(inner) = inner.strip_prefix("src/") else { return Self { modules: Vec::new() } };
        let stem = inner.strip_suffix(".rs").unwrap_or(inner);
        let mut modules: Vec<&str> = stem.split('/').collect();
        let last = modules.last().copied().unwrap_or_default();
        if ["lib", "main", "mod"].contains(&last) {
            modules.pop();
        }
        Self { modules }
    }

    fn module(&self) -> Option<&'a str> {
        self.modules.first().copied()
    }

    /// The first name below the root of the crate that a path leads to; `None` when it stays within its module.
    fn name_at_root<'p>(&self, path: &NamedPath<'p>) -> Option<&'p str> {
        let (first, rest) = path.segments.split_first()?;
        if *first == "crate" {
            return rest.first().copied();
        }
        let ups = path.segments.iter().take_while(|segment| **segment == "super").count();
        let leads_to_root = ups > 0 && ups >= self.modules.len() + path.depth;
        if leads_to_root { path.segments.get(ups).copied() } else { None }
    }
}

/// The modules of a package that are there.
fn modules_of<'p>(package: &Package, paths: &BTreeSet<&'p str>) -> BTreeSet<&'p str> {
    let inner = paths.iter().filter(|path| is_within(path, &package.folder));
    let files = inner.filter_map(|path| path.get(package.folder.len() + 1..)?.strip_prefix("src/"));
    let names = files.filter_map(|path| path.split('/').next());
    let modules = names.map(|name| name.strip_suffix(".rs").unwrap_or(name));
    modules.filter(|name| !["bin", "lib", "main"].contains(name)).collect()
}

/// Names at the root of a crate, with the modules that they come from.
fn exports_of(code: &Code<'_>, package: &Package) -> BTreeMap<String, String> {
    let mut exports = BTreeMap::new();
    for path in &code.paths {
        let segments: Vec<&str> =
            path.segments.iter().copied().filter(|name| !["crate", "self"].contains(name)).collect();
        if let [module, .., name] = segments.as_slice()
            && package.modules.contains_key(*module)
        {
            exports.insert((*name).to_owned(), (*module).to_owned());
        }
    }
    exports
}

/// A way from a module back to itself.
fn find_circle(modules: &BTreeMap<String, Vec<String>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    modules.keys().find_map(|module| follow(module, modules, &mut Vec::new(), &mut done))
}

fn follow<'m>(
    module: &'m str,
    modules: &'m BTreeMap<String, Vec<String>>,
    way: &mut Vec<&'m str>,
    done: &mut BTreeSet<&'m str>,
) -> Option<Vec<String>> {
    if let Some(start) = way.iter().position(|passed| *passed == module) {
        let circle = way.iter().skip(start).chain([&module]);
        return Some(circle.map(|name| (*name).to_owned()).collect());
    }
    if done.contains(module) {
        return None;
    }
    way.push(module);
    let circle = modules.get(module).into_iter().flatten().find_map(|next| follow(next, modules, way, done));
    way.pop();
    done.insert(module);
    circle
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        [packages.low]
        folder = "low"
        [packages.high-up]
        folder = "high"
        uses = ["low"]
        tests_use = ["tests"]
        forbidden = {"std::fs" = ["io"]}
        modules = {base = [], io = ["base"], top = ["base", "io"]}
        [packages.tests]
        folder = "tests"
    "#;

    fn found(path: &str, text: &str) -> Vec<String> {
        let config = Config::parse(CONFIG).unwrap();
        let root = Code::read("pub use io::Open;\npub use base::{Name, deep::Other};");
        let layers = Layers::new(&config, [("high/src/lib.rs", &root)]);
        let parent = BTreeMap::from([("high/src/base.rs", Code::read("#[cfg(test)]\nmod tests;"))]);
        let tests = TestFiles::new(&parent);
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        let findings = if source.has_extension("toml") {
            layers.check_manifest(&source)
        } else {
            layers.check_code(&source, &Code::read(text), &tests)
        };
        findings.into_iter().map(|finding| finding.message.split(':').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn modules_use_what_is_declared_by_whatever_path() {
        let rows = [
            ("high/src/io/mod.rs", "use crate::base::X; use super::base; use crate::Name;", 0),
            ("high/src/base.rs", "use crate::io::X;", 1),
            ("high/src/base.rs", "fn f() { crate::io::g() }", 1),
            ("high/src/base.rs", "use super::{io, top};", 2),
            ("high/src/base/deep.rs", "use super::io; use super::super::io;", 1),
            ("high/src/base.rs", "mod inner { use super::io; use super::super::io; }", 1),
            ("high/src/base.rs", "use crate::Open; use crate::Other;", 1),
            ("high/src/base.rs", "#[cfg(test)] mod tests { use crate::io::X; }", 0),
            ("high/src/base/tests.rs", "use crate::io::X;", 0),
            ("high/src/lib.rs", "use crate::io::X;", 0),
        ];
        for (path, text, count) in rows {
            let messages = found(path, text);
            assert_eq!(messages.len(), count, "{path}: {text}: {messages:?}");
            assert!(messages.iter().all(|message| message.starts_with("`base` may not use")), "{messages:?}");
        }
    }

    #[test]
    fn packages_use_what_is_declared_in_code_and_in_manifests() {
        let rows = [
            ("high/src/top.rs", "use low::X;", 0),
            ("low/src/lib.rs", "use high_up::X;", 1),
            ("high/src/top.rs", "use tests::X;", 1),
            ("high/tests/a.rs", "use tests::X; use high_up::Y;", 0),
            (
                "high/Cargo.toml",
                "[dependencies]\nlow.workspace = true\nserde = \"1\"\n[dev-dependencies]\ntests = {}",
                0,
            ),
            ("high/Cargo.toml", "[dependencies]\ntests = {}", 1),
            ("low/Cargo.toml", "[build-dependencies]\nhigh-up = {}", 1),
        ];
        for (path, text, count) in rows {
            assert_eq!(found(path, text).len(), count, "{path}: {text}");
        }
    }

    #[test]
    fn forbidden_paths_are_for_the_modules_that_are_named() {
        let text = "use std::fs; use std::fs::File; use std::fsx;";
        assert_eq!(found("high/src/io.rs", text).len(), 0);
        assert_eq!(found("high/src/top.rs", text), ["`std", "`std"]);
    }

    #[test]
    fn circle_and_a_module_that_is_not_declared_are_found() {
        let mut config = Config::parse(CONFIG).unwrap();
        let paths =
            BTreeSet::from(["high/src/lib.rs", "high/src/base.rs", "high/src/io/mod.rs", "high/src/new/mod.rs"]);
        let messages = |config: &Config| -> Vec<String> {
            Layers::new(config, []).check_declared(&paths).iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            messages(&config),
            [
                "high/src/new:1: layers: add the module `new` and what it may use to tidy.toml",
                "tidy.toml:1: layers: remove the module `top` of high: there is none"
            ]
        );
        let package = config.packages.get_mut("high-up").unwrap();
        package.modules.insert("base".to_owned(), vec!["top".to_owned()]);
        assert!(messages(&config)[2].contains("base -> top -> base"), "{:?}", messages(&config));
    }
}
