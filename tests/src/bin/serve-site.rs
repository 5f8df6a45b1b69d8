//! `cargo xtask serve-site`: plays documentation sites on this machine until it is stopped. Must not know what is requested of them.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use workspace_tests::site::{Form, Published, Site, documents, serve};

/// What the arguments request.
#[derive(Debug, Default)]
struct Wanted {
    spec: PathBuf,
    form: Option<String>,
    base: String,
    port: u16,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)).and_then(|wanted| run(&wanted)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // There is no other place to report it.
            let _closed = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::from(1)
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} has no value"))?;
        match name.as_str() {
            "--spec" => wanted.spec = PathBuf::from(value),
            "--form" => wanted.form = Some(value),
            "--base" => wanted.base = format!("/{}", value.trim_matches('/')).trim_end_matches('/').to_owned(),
            "--port" => wanted.port = value.parse().map_err(|error| format!("--port {value}: {error}"))?,
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    Ok(wanted)
}

fn run(wanted: &Wanted) -> Result<(), String> {
    let documents =
        documents::of_folder(&wanted.spec).map_err(|error| format!("{}: {error}", wanted.spec.display()))?;
    let sites = sites(wanted, &documents)?;
    let places: Vec<(String, &str)> = sites
        .iter()
        .map(|site| {
            let named = Form::ALL.into_iter().find(|(_, form, _)| *form == site.form);
            (format!("{}/", site.base), named.map_or("", |(_, _, text)| text))
        })
        .collect();
    let versions: Vec<&str> = documents.iter().map(|published| published.version.as_str()).collect();
    let running = serve(sites, wanted.port).map_err(|error| format!("port {}: {error}", wanted.port))?;
    let mut text = format!("versions {}; stop it with Ctrl-C\n", versions.join(", "));
    for (place, about) in &places {
        text.push_str(&format!("  {:<50} {about}\n", running.url(place)));
    }
    if let Some((place, _)) = places.first() {
        text.push_str(&format!("try: cargo xtask fetch --url {} --dry-run\n", running.url(place)));
    }
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| error.to_string())?;
    drop(stdout);
    running.wait();
    Ok(())
}

/// One site of the requested form, or one of each form below a folder of its own.
fn sites(wanted: &Wanted, documents: &[Published]) -> Result<Vec<Site>, String> {
    let site = |form: Form, base: String| Site { form, base, documents: documents.to_vec() };
    match &wanted.form {
        Some(name) => {
            let form = Form::named(name).ok_or_else(|| {
                let names: Vec<&str> = Form::ALL.iter().map(|(name, _, _)| *name).collect();
                format!("there is no form {name}; the forms are {}", names.join(", "))
            })?;
            Ok(vec![site(form, wanted.base.clone())])
        }
        None => Ok(Form::ALL.iter().map(|(name, form, _)| site(*form, format!("{}/{name}", wanted.base))).collect()),
    }
}
