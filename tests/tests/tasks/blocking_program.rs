//! Parses every stored file, in a program that is not asynchronous.

use extend_ai::Error;
use extend_ai::blocking::{Call, Client};
use extend_ai::types::FileFromId;

pub(crate) fn run(client: &Client) -> Result<usize, Error> {
    let mut chunks = 0;
    for file in client.files().list().items().blocking() {
        let run = client.parse_runs().create(FileFromId::new(file?.id)).wait().call()?;
        chunks += run.output.map_or(0, |output| output.chunks.len());
    }
    Ok(chunks)
}
