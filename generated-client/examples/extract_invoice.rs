//! Prints the total of an invoice, with its place: `cargo run -p extend-ai --features schema --example extract_invoice -- FILE`

use extend_ai::types::{ExtractAdvancedOptions, ExtractConfigJson};
use extend_ai::{Client, Extract, schema::Currency};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(JsonSchema, Deserialize, Extract)]
struct Invoice {
    /// Everything that has to be paid, with tax.
    total: Option<Currency>,
}

pub(crate) async fn find_total(client: &Client, path: &str) -> Result<String, Box<dyn std::error::Error>> {
    let file = client.files().upload(path).await?;
    let options = ExtractAdvancedOptions::new().with_citations_enabled(true);
    let call = client.extract_runs().create().config(ExtractConfigJson::new().with_advanced_options(options));
    let invoice = call.file(&file).typed::<Invoice>().wait().await?.into_output()?;
    let total = invoice.field(Invoice::total());
    let page = total.citations.first().and_then(|citation| Some(citation.page.as_ref()?.number));
    Ok(format!("{:?} on page {page:?}, confidence {:?}", total.value, total.confidence()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("pass a file")?;
    println!("{}", find_total(&Client::from_env()?, &path).await?);
    Ok(())
}
