//! The command as a user runs it: a process of its own, against a server on the loopback interface.
//!
//! Must not know how the command is made. What is expected comes from the published document.

#[cfg(test)]
mod call;
#[cfg(test)]
mod documentation;
#[cfg(test)]
mod process;
#[cfg(test)]
mod service;
#[cfg(test)]
mod webhook;
