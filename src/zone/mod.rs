//! The zone's own records: whether each host that an origin serves leads to the gateway by its name, and what breaks that.
//!
//! The guard reads; it never writes DNS. What it would write is shown as a plan.
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `reading` | what is read of the zones, and kept in KV |
//! | `look` | reading it, seldom |
//! | `judge` | what is wrong with a host's records: pure |
//! | `report` | an origin's hosts, with what is known besides |
//! | `replacement` | the complete replacement of a pinned record, and the way back |

mod judge;
mod look;
mod reading;
mod replacement;
mod report;

pub use judge::{HostReport, Known, judge};
pub use look::{keep_up_zones, known_zones, look_at_zones};
pub use reading::{Reading, Record, ZONES_KEY, Zone};
pub use replacement::Replacement;
pub use report::{OriginZones, zones_of};
