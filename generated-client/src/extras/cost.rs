//! What runs cost: credits per run, batch and client, with their breakdown.
//!
//! Must not know prices, nor how runs are made.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sdk_runtime::codegen::Core;

use crate::types::{RunUsage, RunUsageBreakdownCharge, RunUsageBreakdownEntry};
use crate::{Client, Map, RawResponse, types};

/// A run whose cost can be counted.
pub trait Charged {
    /// Returns the ID of the run.
    fn run_id(&self) -> &str;

    /// Returns the credits of the run and of runs made along the way; `None` until the API reports them.
    fn credits(&self) -> Option<f64>;

    /// Returns what the credits were spent on, if the API reports it.
    fn breakdown(&self) -> &[RunUsageBreakdownEntry];
}

macro_rules! charged {
    ($run:ty) => {
        impl Charged for $run {
            fn run_id(&self) -> &str {
                &self.id
            }

            fn credits(&self) -> Option<f64> {
                self.usage.as_ref().map(|usage| usage.total_credits.unwrap_or(usage.credits))
            }

            fn breakdown(&self) -> &[RunUsageBreakdownEntry] {
                self.usage.as_ref().and_then(|usage| usage.breakdown.as_deref()).unwrap_or_default()
            }
        }
    };
    ($($run:ident of $area:literal,)*) => {$(
        #[cfg(any(feature = $area, feature = "types"))]
        charged!(types::$run);
    )*};
}

charged! {
    ClassifyRun of "classify",
    EditRun of "edit",
    ExtractRun of "extract",
    FormDetectionRun of "edit",
    ParseRun of "parse",
    SplitRun of "split",
    VerifyRun of "verify",
    WorkflowRun of "workflows",
}

/// A tally of credits.
///
/// A run is counted once, however often it is added: what counts is its last state. A run that was made along the way of several
/// others, such as the parse run of a file that is extracted from twice, is counted once too, if the breakdowns name it.
///
/// ```no_run
/// use extend_ai::Client;
/// use extend_ai::cost::Tally;
/// use extend_ai::types::FileFromId;
///
/// # async fn example(client: Client) -> Result<(), extend_ai::Error> {
/// let mut tally = Tally::new();
/// for id in ["file_1", "file_2"] {
///     tally.add(&client.parse_runs().create(FileFromId::new(id)).wait().await?);
/// }
/// println!("{} credits, and {} runs of unknown cost", tally.credits(), tally.unknown().count());
/// for charge in tally.charges() {
///     println!("{} for {}: {} × {}", charge.credits, charge.product, charge.quantity, charge.unit);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    runs: Map<Cost>,
}

/// The cost of one run that was added.
#[derive(Clone, Debug, PartialEq)]
enum Cost {
    Unknown,
    Total(f64),
    Parts(Vec<RunUsageBreakdownEntry>),
}

/// What was spent on one product, counted in one unit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Charge {
    /// The billable feature or model.
    pub product: String,
    /// What it is counted in.
    pub unit: types::RunUsageBreakdownChargeUnit,
    /// How many units.
    pub quantity: f64,
    /// The credits for all of them.
    pub credits: f64,
}

impl Tally {
    /// Returns an empty tally.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a run, or replaces its earlier state.
    pub fn add(&mut self, run: &(impl Charged + ?Sized)) {
        let cost = match (run.credits(), run.breakdown()) {
            (None, _) => Cost::Unknown,
            (Some(credits), []) => Cost::Total(credits),
            (Some(_), parts) => Cost::Parts(parts.to_vec()),
        };
        self.runs.insert(run.run_id().to_owned(), cost);
    }

    /// Adds all runs of another tally. The states of the other one replace those of this one.
    pub fn merge(&mut self, other: &Self) {
        self.runs.extend(other.runs.iter().map(|(id, cost)| (id.clone(), cost.clone())));
    }

    /// Returns the credits of all runs whose cost is known.
    #[must_use]
    pub fn credits(&self) -> f64 {
        let parts = self.parts();
        let totals = self.runs.iter().filter(|(id, _)| !parts.contains_key(id.as_str()));
        let totals = totals.filter_map(|(_, cost)| if let Cost::Total(credits) = cost { Some(credits) } else { None });
        // An empty sum of floats is -0.
        0.0 + totals.chain(parts.values().map(|part| &part.credits)).sum::<f64>()
    }

    /// Returns the number of runs that were added.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Returns the IDs of the runs whose cost was not known when they were added last: add them again once they have ended.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().filter(|(_, cost)| **cost == Cost::Unknown).map(|(id, _)| id.as_str())
    }

    /// Returns what was spent on each product, as far as the API reports it: older runs have no breakdown, so the sum may be less than
    /// [`credits`](Self::credits).
    #[must_use]
    pub fn charges(&self) -> Vec<Charge> {
        let mut charges: Vec<Charge> = Vec::new();
        for RunUsageBreakdownCharge { product, unit, quantity, credits, .. } in
            self.parts().values().flat_map(|part| part.charges.iter().flatten())
        {
            let place = charges.binary_search_by(|charge| {
                (charge.product.as_str(), charge.unit.as_str()).cmp(&(product.as_str(), unit.as_str()))
            });
            let place = place.unwrap_or_else(|place| {
                let (product, unit) = (product.clone(), unit.clone());
                charges.insert(place, Charge { product, unit, quantity: 0.0, credits: 0.0 });
                place
            });
            let charge = &mut charges[place];
            charge.quantity += quantity;
            charge.credits += credits;
        }
        charges
    }

    /// Returns the parts of all runs by the ID of the resource that was paid for.
    fn parts(&self) -> Map<&RunUsageBreakdownEntry> {
        let parts =
            self.runs.values().filter_map(|cost| if let Cost::Parts(parts) = cost { Some(parts) } else { None });
        parts.flatten().map(|part| (part.id.clone(), part)).collect()
    }
}

/// The tally of a client.
#[derive(Debug, Default)]
struct ClientTally(Mutex<Tally>);

impl ClientTally {
    /// Returns the tally, for as long as nobody else needs it.
    fn lock(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is read of a response to learn what it cost.
#[derive(Debug)]
struct ChargedResponse {
    object: String,
    id: String,
    usage: Option<RunUsage>,
}

sdk_runtime::codegen::object!(ChargedResponse {
    "object" => object: required,
    "id" => id: required,
    "usage" => usage: optional,
});

charged!(ChargedResponse);

/// Adds the run in a response, if it is one, to the tally of the client.
fn count_response(core: &Core, response: &RawResponse) {
    // Anything else is left to the call itself, which reports what it cannot decode.
    let Ok(charged) = sdk_runtime::read_json::<ChargedResponse>(response.bytes()) else { return };
    if charged.object.ends_with("_run") {
        core.companion::<ClientTally>().lock().add(&charged);
    }
}

impl Client {
    /// Adds a run to the tally of this client and its clones. Runs that are returned by `client.runs()` are added without it.
    pub fn count_cost(&self, run: &(impl Charged + ?Sized)) {
        self.core.companion::<ClientTally>().lock().add(run);
    }

    /// Adds every run in a response to this client and its clones to the tally from now on, whichever call it is the response to:
    /// runs that are started, retrieved, polled or cancelled. Each response is read once more for that.
    ///
    /// A list has summaries of runs, which are not added. What a webhook brings is no response: add it by
    /// [`count_cost`](Self::count_cost).
    pub fn count_all_costs(&self) {
        self.core.listen(count_response);
    }

    /// Returns the tally of this client and its clones: what was added by [`count_cost`](Self::count_cost), by `client.runs()` and,
    /// after [`count_all_costs`](Self::count_all_costs), by every call.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.core.companion::<ClientTally>().lock().clone()
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Client {
    /// Adds a run to the tally of this client, as [`Client::count_cost`] does.
    pub fn count_cost(&self, run: &(impl Charged + ?Sized)) {
        Client { core: self.core.clone() }.count_cost(run);
    }

    /// Adds every run in a response to the tally of this client, as [`Client::count_all_costs`] does.
    pub fn count_all_costs(&self) {
        Client { core: self.core.clone() }.count_all_costs();
    }

    /// Returns the tally of this client, as [`Client::tally`] does.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Client { core: self.core.clone() }.tally()
    }
}
