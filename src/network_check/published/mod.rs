//! Lists of others that come with the check. Each says where it is from and of when; none is silently taken for current.

mod control_plane;

pub(super) use control_plane::{CONTROL_PLANE_DATE, MONITORING_ADDRESS, control_plane};
