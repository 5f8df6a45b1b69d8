//! Events of an API of which a program knows several versions: which version a delivery is of.
//!
//! It must not know which versions there are.

use std::fmt;

use serde_json::Value;

use super::{Event, Events};
use crate::decode::read_value;

/// A version of an API, and how to recognize its events.
#[derive(Clone, Copy)]
pub struct EventVersion {
    name: &'static str,
    fits: fn(&Value) -> bool,
}

impl EventVersion {
    /// Describes a version by its events.
    pub const fn of<E: Events>(name: &'static str) -> Self {
        Self { name, fits: |raw| read_value::<E>(raw).is_ok_and(|event| event.is_known()) }
    }
}

impl fmt::Debug for EventVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventVersion").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The events of one version of an API.
pub trait VersionedEvents: Events {
    /// All versions that the program knows, this one included.
    const VERSIONS: &'static [EventVersion];
}

impl<E: VersionedEvents> Event<E> {
    /// Returns the version of the API that this event fits, if it is unknown to the version that it was parsed by.
    ///
    /// A webhook endpoint is pinned to a version, and its deliveries have to be parsed by that version. Only versions
    /// whose features are on are considered; an event that none of them knows, or whose payload is a
    /// [link](Self::is_signed_url), fits none. An event whose payload several versions can read without loss is known to
    /// each of them.
    pub fn fitting_version(&self) -> Option<&'static str> {
        if self.event.is_known() {
            return None;
        }
        E::VERSIONS.iter().find(|version| (version.fits)(self.raw())).map(|version| version.name)
    }
}
