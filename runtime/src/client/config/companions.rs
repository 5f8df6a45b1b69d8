//! What the hand-written part of a client keeps with it: one value per type, and a function that is called with responses.
//!
//! It must not know which types those are.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::ResponseListener;

/// Values that live as long as a client and its clones.
#[derive(Clone, Default)]
pub(super) struct Companions(Arc<Kept>);

#[derive(Default)]
struct Kept {
    values: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    listener: OnceLock<ResponseListener>,
}

impl Companions {
    /// Returns the value of a type, which is created when it is first asked for.
    pub(super) fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut values = self.0.values.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(value).downcast().unwrap_or_else(|_| Arc::default())
    }

    /// Sets the function that is called with responses; the first one stays.
    pub(super) fn listen(&self, listener: ResponseListener) {
        let _ = self.0.listener.set(listener);
    }

    /// Returns the function that is called with responses.
    pub(super) fn listener(&self) -> Option<ResponseListener> {
        self.0.listener.get().copied()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn clones_share_one_value_of_each_type() {
        let companions = Companions::default();
        let copy = companions.clone();
        companions.get::<AtomicU32>().store(7, Ordering::Relaxed);
        assert_eq!(copy.get::<AtomicU32>().load(Ordering::Relaxed), 7);
        assert_eq!(*copy.get::<String>(), "");
    }
}
