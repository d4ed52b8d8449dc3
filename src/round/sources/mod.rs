//! What there is to tell, by what it is about. Each source makes all of its notices anew, told or not: a matter that is
//! open, and one that is over with its beginning before its end.

mod azure;
mod configuration;
mod drifts;
mod incidents;
mod look_ups;
mod network;
mod refusals;
mod store;
mod targets;

use super::Seen;
use crate::notices::Notice;

/// One of them.
type Source = fn(&Seen<'_>) -> Vec<Notice>;

/// All of them, in the order in which their notices are sent.
pub(super) const SOURCES: &[Source] = &[
    incidents::notices,
    look_ups::notices,
    store::notices,
    refusals::notices,
    drifts::notices,
    azure::notices,
    network::notices,
    targets::notices,
    configuration::notices,
];

/// Everything that there is to tell.
pub fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for source in SOURCES {
        notices.append(&mut source(seen));
    }
    notices
}
