//! Typed extraction: schemas beside those of the vendor's own converter, what is refused, typed runs against the mock server,
//! what the API says about each field, and how an extraction is shown.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod compile_errors;
#[cfg(test)]
mod dates;
#[cfg(test)]
mod example;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod picked;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod view;
