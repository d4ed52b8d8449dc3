//! The targets of the allowlist: a plan that waits, a change, trouble.

use crate::allowlist::notices_of;
use crate::notices::Notice;
use crate::round::Seen;

pub(super) fn notices(seen: &Seen<'_>) -> Vec<Notice> {
    seen.targets.iter().flat_map(notices_of).collect()
}
