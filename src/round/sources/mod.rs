//! What there is to tell, by what it is about. Each source makes all of its notices anew, told or not: a matter that is
//! open, and one that is over with its beginning before its end.

mod allowlist;
mod azure;
mod configuration;
mod drifts;
mod incidents;
mod look_ups;
mod network;
mod refusals;
mod store;

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
    configuration::notices,
];

/// Those whose notices no later run makes again. They are kept until they are told.
const ONCE: &[Source] = &[allowlist::notices];

/// Everything that there is to tell, but for [`seen_once`].
pub fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    all_of(SOURCES, seen)
}

/// What this run alone has seen.
pub fn seen_once(seen: &Seen<'_>) -> Vec<Notice> {
    all_of(ONCE, seen)
}

fn all_of(sources: &[Source], seen: &Seen<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for source in sources {
        notices.append(&mut source(seen));
    }
    notices
}
