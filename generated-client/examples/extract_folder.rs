//! Prints the total of each invoice in a folder: `cargo run -p extend-ai --features folder,schema --example extract_folder -- DIR`
//! If it is killed, it goes on where it was.

use extend_ai::{Client, Extract, folder::Outcome, schema::Currency};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(JsonSchema, Deserialize, Extract)]
struct Invoice {
    total: Option<Currency>,
}

pub(crate) async fn find_totals(client: &Client, folder: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let report = client.folder(folder).typed::<Invoice>().max_credits(100.0).await?;
    let mut lines = Vec::new();
    for file in report.files {
        let Outcome::Done(run) = &file.outcome else { return Err(format!("{}: {}", file.path, file.outcome).into()) };
        let total = run.output()?.field(Invoice::total());
        lines.push(format!("{}: {:?}, read from {:?}", file.path, total.value, total.citations));
    }
    Ok(lines)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("pass a folder")?;
    find_totals(&Client::from_env()?, &folder).await?.iter().for_each(|line| println!("{line}"));
    Ok(())
}
