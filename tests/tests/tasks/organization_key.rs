//! Counts the files of two workspaces with one organization-scoped API key.

use extend_ai::{Client, Error};

pub(crate) async fn run(api_key: &str, base_url: &str) -> Result<[usize; 2], Error> {
    let client = Client::builder().api_key(api_key).base_url(base_url).workspace_id("ws_invoices").build()?;
    let invoices = client.files().list().await?;
    let contracts = client.files().list().workspace_id("ws_contracts").await?;
    Ok([invoices.data.len(), contracts.data.len()])
}
