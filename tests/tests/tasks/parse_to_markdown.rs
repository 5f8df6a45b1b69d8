//! Converts a document to Markdown, in one call that waits for the result.

use extend_ai::types::{FileFromUrl, ParseConfig, ParseConfigTarget};
use extend_ai::{Client, Error};

pub(crate) async fn run(client: &Client, url: &str) -> Result<String, Error> {
    let config = ParseConfig::new().with_target(ParseConfigTarget::Markdown);
    let run = client.parse(FileFromUrl::new(url)).config(config).await?;
    let chunks = run.output.map(|output| output.chunks).unwrap_or_default();
    let pages: Vec<String> = chunks.into_iter().map(|chunk| chunk.content).collect();
    Ok(pages.join("\n\n"))
}
