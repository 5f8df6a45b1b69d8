//! Tests the generated client against the published document: every operation on the wire, every schema in a round trip.
//!
//! Must know only the public API of the client. Expectations come from the document, not from the generator.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod blocking;
#[cfg(test)]
mod comparison;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod events;
#[cfg(test)]
mod features;
#[cfg(test)]
mod fluent;
#[cfg(test)]
mod guarantees;
#[cfg(test)]
mod harness;
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
mod pagination;
#[cfg(test)]
mod polling;
#[cfg(test)]
mod retries;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod short_forms;
#[cfg(test)]
mod unexpected;
#[cfg(test)]
mod uploads;
#[cfg(test)]
#[cfg(unix)]
mod watchdog;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wire;
