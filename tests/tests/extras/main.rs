//! What people build around the client: inputs of any kind, runs of any kind, costs, and parsed documents as people use them.
//!
//! Uses the mock server, and the public interface only.

#[cfg(test)]
mod cost;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod document;
#[cfg(test)]
mod example;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod runs;
