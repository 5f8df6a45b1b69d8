//! Starting the run of a file once: before a start is repeated, its run is looked for. Must not know what a run does.

use std::time::{Duration, Instant, UNIX_EPOCH};

use sdk_runtime::Error;

use super::budget::Permission;
use super::manifest::Line;
use super::pace::Category;
use super::report::Step;
use super::worker::{Attempts, End, Failure, FileWork};

impl FileWork {
    /// Sends the start of the run once. Afterwards the run exists, or it does not, or that is to be settled.
    pub(super) async fn start(&mut self) -> Result<(), End> {
        self.check_not_stopped()?;
        self.reserve().await?;
        self.shared.wait_turn(Category::Start).await;
        self.check_not_stopped()?;
        let Some(file_id) = self.file_id() else { return Err(End::inconsistent("it has no uploaded file")) };
        let now = self.shared.client.core.clock().wall().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let tag = self.entry.tag.clone();
        self.record(Line::Starting { tag: tag.clone(), at }).await?;
        let started = self.shared.task.start(&self.shared.client, &file_id, &tag).await;
        let error = match started {
            Ok(run) => {
                self.shared.pace.speed_up(Category::Start);
                self.record_start(run.id()).await?;
                self.report(Step::Started(run.id()));
                return Ok(());
            }
            Err(error) => error,
        };
        match Failure::of(&error) {
            Failure::Doubt => {
                self.doubt = Some((self.shared.client.core.clock().now(), error));
                self.report(Step::InDoubt);
                Ok(())
            }
            Failure::Account | Failure::TooFast | Failure::NotSent | Failure::Refused | Failure::Local => {
                self.record(Line::NotStarted { tag }).await?;
                let mut attempts = std::mem::take(&mut self.starts);
                let paused = self.pause_after(Category::Start, &mut attempts, error).await;
                self.starts = attempts;
                paused
            }
        }
    }

    /// Finds out whether a start whose response is not known has made a run.
    pub(super) async fn settle(&mut self, at: u64) -> Result<(), End> {
        let settle_after = self.shared.settings.settle_after;
        let deadline = self.settle_deadline(at, settle_after);
        let (mut attempts, mut empty) = (Attempts::default(), 0);
        loop {
            let is_late = self.shared.client.core.clock().now() >= deadline;
            match self.find_runs().await {
                Ok(found) => {
                    attempts = Attempts::default();
                    let mut found = found.into_iter();
                    if let Some(first) = found.next() {
                        self.duplicates = found.collect();
                        self.record_start(&first).await?;
                        self.report(Step::Found(&first));
                        return Ok(());
                    }
                    empty += 1;
                }
                Err(error) => {
                    let paused = self.pause_after(Category::Read, &mut attempts, error).await;
                    paused.map_err(End::into_unknown)?;
                    continue;
                }
            }
            if is_late && empty >= 2 {
                self.record(Line::NotListed { tag: self.entry.tag.clone() }).await?;
                return match self.doubt.take() {
                    Some((_, error)) if self.starts.is_last() => Err(End::Unfinished(error)),
                    Some(_) | None => {
                        self.starts.count();
                        Ok(())
                    }
                };
            }
            let clock = self.shared.client.core.clock();
            let left = deadline.saturating_duration_since(clock.now());
            clock.sleep(left.min(settle_after / 4).max(Duration::from_millis(1))).await;
        }
    }

    /// Returns when a run that exists is listed: counted from the end of the request, or from its beginning if that was in another
    /// process.
    fn settle_deadline(&self, at: u64, settle_after: Duration) -> Instant {
        let clock = self.shared.client.core.clock();
        let (since, left) = match &self.doubt {
            Some((since, _)) => (*since, settle_after),
            None => {
                let begun = UNIX_EPOCH.checked_add(Duration::from_millis(at)).unwrap_or(UNIX_EPOCH);
                // A clock that was set back says nothing.
                let passed = clock.wall().duration_since(begun).unwrap_or_default();
                (clock.now(), settle_after.saturating_sub(passed))
            }
        };
        since.checked_add(left).unwrap_or(since)
    }

    /// Returns the runs of this file that are listed.
    pub(super) async fn find_runs(&self) -> Result<Vec<String>, Error> {
        let file_id = self.file_id().unwrap_or_default();
        self.shared.wait_turn(Category::Read).await;
        let found = self.shared.task.find(&self.shared.client, &file_id, &self.entry.tag).await?;
        self.shared.pace.speed_up(Category::Read);
        Ok(found)
    }

    async fn record_start(&mut self, run_id: &str) -> Result<(), End> {
        self.record(Line::Started { tag: self.entry.tag.clone(), run_id: run_id.to_owned() }).await
    }

    /// Waits until the limit of credits allows another run.
    async fn reserve(&mut self) -> Result<(), End> {
        let pages = self.pages();
        while self.held.is_none() {
            self.check_not_stopped()?;
            // Made before asking, so that nothing that happens in between is missed.
            let changed = self.shared.changed.notified();
            let permission = self.shared.budget().ask(pages);
            match permission {
                Permission::Granted(held) => self.held = Some(held),
                Permission::Later => changed.await,
                Permission::Never(reason) => self.shared.stop(reason),
            }
        }
        Ok(())
    }
}
