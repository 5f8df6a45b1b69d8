//! Which runs a limit of credits still allows. Must not know runs.

use super::report::StopReason;

/// What has been spent, and what the runs in flight are expected to cost.
#[derive(Debug, Default)]
pub(super) struct Budget {
    limit: Option<f64>,
    spent: f64,
    reserved: f64,
    in_flight: usize,
    worst_per_page: Option<f64>,
    /// Runs that ended without a known cost.
    unknown: usize,
}

/// Whether a run may be started.
#[derive(Debug)]
pub(super) enum Permission {
    /// It may, and this is reserved for it.
    Granted(Reservation),
    /// It depends on runs in flight.
    Later,
    Never(StopReason),
}

/// Credits that are kept for a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reservation {
    credits: f64,
    pages: f64,
}

impl Budget {
    pub(super) fn new(limit: Option<f64>) -> Self {
        Self { limit, ..Self::default() }
    }

    pub(super) fn spent(&self) -> f64 {
        // A sum of nothing is -0 for floats.
        0.0 + self.spent
    }

    /// Counts a run of an earlier call that has ended.
    pub(super) fn count(&mut self, credits: Option<f64>, pages: Option<f64>) {
        match credits {
            Some(credits) => {
                self.spent += credits;
                let per_page = credits / pages.map_or(1.0, |pages| pages.max(1.0));
                self.worst_per_page = Some(self.worst_per_page.map_or(per_page, |worst| worst.max(per_page)));
            }
            None => self.unknown += 1,
        }
    }

    /// Asks for a run that is to be started.
    pub(super) fn ask(&mut self, pages: Option<f64>) -> Permission {
        let Some(limit) = self.limit else { return Permission::Granted(self.hold(pages)) };
        let expected = match self.worst_per_page {
            Some(worst) => worst * pages.map_or(1.0, |pages| pages.max(1.0)),
            None if self.in_flight > 0 => return Permission::Later,
            None if self.unknown > 0 => return Permission::Never(StopReason::UnknownCost),
            None => 0.0,
        };
        let fits = self.spent < limit && self.spent + self.reserved + expected <= limit;
        match (fits, self.in_flight) {
            (true, _) => Permission::Granted(self.hold(pages)),
            (false, 0) => Permission::Never(StopReason::MaxCredits),
            (false, _) => Permission::Later,
        }
    }

    /// Reserves credits for a run that exists, whether they are there or not.
    pub(super) fn hold(&mut self, pages: Option<f64>) -> Reservation {
        let pages = pages.map_or(1.0, |pages| pages.max(1.0));
        let credits = self.worst_per_page.unwrap_or(0.0) * pages;
        self.reserved += credits;
        self.in_flight += 1;
        Reservation { credits, pages }
    }

    /// Gives back what was reserved for a run that was not started, or that is no longer waited for.
    pub(super) fn release(&mut self, held: Reservation) {
        self.reserved -= held.credits;
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Exchanges what was reserved for what the run has cost.
    pub(super) fn settle(&mut self, held: Reservation, credits: Option<f64>) {
        self.release(held);
        self.count(credits, Some(held.pages));
        if credits.is_none() {
            // What is not known is counted as what was expected.
            self.spent += held.credits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(budget: &mut Budget, pages: f64) -> Reservation {
        match budget.ask(Some(pages)) {
            Permission::Granted(held) => held,
            refused @ (Permission::Later | Permission::Never(_)) => panic!("{refused:?}"),
        }
    }

    #[test]
    fn first_run_is_alone_and_later_ones_cost_what_a_page_has_cost_at_most() {
        let mut budget = Budget::new(Some(10.0));
        let first = granted(&mut budget, 2.0);
        assert!(matches!(budget.ask(Some(1.0)), Permission::Later));
        budget.settle(first, Some(4.0));
        let second = granted(&mut budget, 2.0);
        assert!(matches!(budget.ask(Some(2.0)), Permission::Later), "4 + 4 + 4 are more than 10");
        budget.settle(second, Some(3.0));
        assert!(matches!(budget.ask(Some(2.0)), Permission::Never(StopReason::MaxCredits)));
        granted(&mut budget, 1.0);
        assert_eq!(budget.spent(), 7.0);
    }

    #[test]
    fn limit_that_cannot_be_kept_stops_after_one_run() {
        let mut budget = Budget::new(Some(10.0));
        let first = granted(&mut budget, 1.0);
        budget.settle(first, None);
        assert!(matches!(budget.ask(None), Permission::Never(StopReason::UnknownCost)));
    }

    #[test]
    fn run_that_was_not_started_costs_nothing() {
        let mut budget = Budget::new(Some(1.0));
        budget.count(Some(0.5), Some(1.0));
        let held = granted(&mut budget, 1.0);
        budget.release(held);
        granted(&mut budget, 1.0);
    }

    #[test]
    fn without_a_limit_everything_is_granted() {
        let mut budget = Budget::new(None);
        let held: Vec<Reservation> = (0..100).map(|_| granted(&mut budget, 1e9)).collect();
        assert_eq!(held.len(), 100);
    }
}
