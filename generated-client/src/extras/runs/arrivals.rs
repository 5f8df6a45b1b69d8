//! Runs that are waited for until a webhook tells of them: the events that a program receives end its waits.
//!
//! Must not know how events are verified, nor which state of a run is final.

use std::collections::HashMap;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use sdk_runtime::webhooks::{Event, Events};
use tokio::sync::Notify;

use super::{Polling, Run, WaitForRun, poll_to_end};
use crate::{Error, PollSchedule, Pollable, Poller};

/// How often a run is polled in case that its event is lost.
const PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// What has arrived by webhooks, for waits in the same process. Clones share it.
///
/// The handler of the webhook notes each event that it has verified; [`Runs::wait_or_webhook`](super::Runs::wait_or_webhook) polls a
/// run at once when an event is about it, and otherwise rarely, so that an event that is lost delays the wait but does not break it.
///
/// ```no_run
/// use extend_ai::runs::Arrivals;
/// use extend_ai::webhooks::{WebhookError, Webhooks};
/// use extend_ai::{Client, HeaderMap};
///
/// fn receive(webhooks: &Webhooks, arrivals: &Arrivals, headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
///     arrivals.note(&webhooks.verify_and_parse(headers, body)?);
///     Ok(())
/// }
///
/// # async fn example(client: Client, arrivals: Arrivals) -> Result<(), extend_ai::Error> {
/// let run = client.runs().wait_or_webhook("exr_123", &arrivals).await?;
/// println!("{} is {}", run.id(), run.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    waits: Arc<Mutex<HashMap<String, Vec<Arc<Notify>>>>>,
}

impl Arrivals {
    /// Returns one that nothing has arrived in.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a verified event, and returns how many waits it is about. One whose payload is a link may be about any run.
    pub fn note<E: Events>(&self, event: &Event<E>) -> usize {
        let payload = event.raw().get(E::SCHEME.payload_property);
        let id = payload.and_then(|payload| payload.get("id")?.as_str());
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        let concerned: Vec<&Arc<Notify>> = match id {
            _ if event.is_signed_url() => waits.values().flatten().collect(),
            Some(id) => waits.get(id).into_iter().flatten().collect(),
            None => Vec::new(),
        };
        concerned.iter().for_each(|wait| wait.notify_one());
        concerned.len()
    }

    /// Begins to listen for events about a run.
    fn listen(&self, id: &str) -> Listener {
        let woken = Arc::new(Notify::new());
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.entry(id.to_owned()).or_default().push(Arc::clone(&woken));
        Listener { arrivals: self.clone(), id: id.to_owned(), woken }
    }
}

/// A wait that listens.
struct Listener {
    arrivals: Arrivals,
    id: String,
    woken: Arc<Notify>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut waits = self.arrivals.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listening) = waits.get_mut(&self.id) {
            listening.retain(|wait| !Arc::ptr_eq(wait, &self.woken));
            if listening.is_empty() {
                waits.remove(&self.id);
            }
        }
    }
}

impl Polling for Listener {
    async fn poll<P: Pollable>(self, mut poller: Poller<P>) -> Result<P::State, Error> {
        let mut last = None;
        loop {
            let step = {
                let (mut next, mut woken) = (pin!(poller.next()), pin!(self.woken.notified()));
                std::future::poll_fn(|context| match next.as_mut().poll(context) {
                    Poll::Ready(state) => Poll::Ready(Some(state)),
                    Poll::Pending => woken.as_mut().poll(context).map(|()| None),
                })
                .await
            };
            match step {
                Some(Some(state)) => last = Some(state?),
                Some(None) => break,
                None => poller.poll_now(),
            }
        }
        last.ok_or_else(|| Error::invalid_request(None, "the run has no state".to_owned()))
    }
}

/// A wait for a run that an event ends early: see [`Arrivals`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct WaitForEvent {
    wait: WaitForRun,
    arrivals: Arrivals,
}

impl WaitForEvent {
    pub(super) fn new(wait: WaitForRun, arrivals: &Arrivals) -> Self {
        let schedule =
            PollSchedule::new().fast_poll_duration(Duration::ZERO).initial_delay(PAUSE).max_delay(LONGEST_PAUSE);
        Self { wait: wait.schedule(schedule), arrivals: arrivals.clone() }
    }

    /// Sets how often and how long to poll without an event. By default, every 30 seconds at first and every two minutes later, until
    /// the run ends.
    pub fn schedule(mut self, schedule: PollSchedule) -> Self {
        self.wait = self.wait.schedule(schedule);
        self
    }
}

impl IntoFuture for WaitForEvent {
    type Output = Result<Run, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let listener = self.arrivals.listen(&self.wait.id);
            poll_to_end(self.wait, listener).await
        })
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Call for WaitForEvent {
    type Response = Run;

    fn client(&self) -> &sdk_runtime::codegen::Core {
        &self.wait.runs.client.core
    }
}
