//! What the guard knows as numbers, in the `OpenMetrics` text format (contract section 6, `docs/metrics.md`).
//!
//! Isolates share nothing but the store, and each scrape may meet another one. A counter that lives in an isolate would
//! seem to start anew at every other scrape, and `rate()` would add up what never happened. So everything here is a gauge
//! over what all isolates share: the records, which keep 30 days.
//!
//! Written by a table of families and not by a library: those hold live counters and a registry, here is nothing to
//! keep between two scrapes, and what they would add to the module is more than all of this.

mod exposition;
mod families;
mod numbers;

pub use exposition::expose;
pub use families::names;
pub use numbers::{Numbers, OriginNumbers};
