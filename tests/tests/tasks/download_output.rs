//! Fills in a form and saves the edited PDF.

use std::path::Path;

use extend_ai::types::FileFromId;
use extend_ai::{Client, Error};

pub(crate) async fn run(client: &Client, form: &str, to: &Path) -> Result<(), Error> {
    let run = client.edit_runs().create().file(FileFromId::new(form)).wait().await?;
    client.download(&run).save_to(to).await?;
    println!("{} is in {}", run.id, to.display());
    Ok(())
}
