//! The generated client against the published document: every operation on the wire, every schema there and back.
//!
//! Knows the client by its public face only. What is expected comes from the document, not from the generator.

#[cfg(test)]
mod command;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod events;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod fluent;
#[cfg(test)]
mod older;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod unexpected;
#[cfg(test)]
mod wire;
