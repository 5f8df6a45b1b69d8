//! Tests both versions of the API in one program: their clients, types and events, beside each other.
//!
//! Must know only the public API of the client. Expectations come from the documents, not from the generator. Only this target
//! is about the older version; all others are about the newest.

#[cfg(test)]
mod clients;
#[cfg(test)]
mod events;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod mocks;
#[cfg(test)]
mod polling;
#[cfg(test)]
mod round_trip;
