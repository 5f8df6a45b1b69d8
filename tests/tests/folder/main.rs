//! Folders: each file has one run and one result, whatever the server, the network and the process do.
//!
//! `FOLDER_FILES=1000 FOLDER_KILLS=100 cargo test -p workspace-tests --test folder killed -- --nocapture` is the long form.

#[cfg(test)]
mod api;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod kills;
