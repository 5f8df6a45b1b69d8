//! The generated client against the published document: every operation on the wire, every schema there and back.
//!
//! Knows the client by its public face only. What is expected comes from the document, not from the generator.

#[cfg(test)]
mod blocking;
#[cfg(test)]
mod comparison;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod events;
#[cfg(test)]
mod features;
#[cfg(test)]
mod fluent;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_bodies;
#[cfg(test)]
mod hostile_timing;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod older;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod polls;
#[cfg(test)]
mod repeats;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod unexpected;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wire;
