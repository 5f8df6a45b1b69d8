//! Waits for a run even if the program is restarted meanwhile: its ID is kept in a file until it has ended.

use std::error::Error;
use std::fs;
use std::path::Path;

use extend_ai::Client;
use extend_ai::types::{FileFromUrl, ParseRun};

pub(crate) async fn run(client: &Client, url: &str, state: &Path) -> Result<ParseRun, Box<dyn Error>> {
    let id = match fs::read_to_string(state) {
        Ok(id) => id,
        Err(_) => {
            let run = client.parse_runs().create(FileFromUrl::new(url)).await?;
            fs::write(state, &run.id)?;
            run.id
        }
    };
    let run = client.parse_runs().attach(id).await?;
    fs::remove_file(state)?;
    Ok(run)
}
