//! Lists all files, page by page.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --example list_pages`

use extend_ai::types::SortDir;
use extend_ai::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let mut next: Option<String> = None;
    loop {
        // A token belongs to the filters it was made with: every page asks with the same ones.
        let mut call = client.files().list().sort_dir(SortDir::Asc).max_page_size(100);
        if let Some(token) = next {
            call = call.next_page_token(token);
        }
        let page = call.await?;
        for file in page.data {
            println!("{}  {}", file.id, file.name);
        }
        // The last page has no token; an empty one would start all over.
        next = page.next_page_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(());
        }
    }
}
