//! Look up, compare, store: the cron run, `POST /refresh`, and what a failed request leaves behind.

mod drift;
mod fresh_lookup;
mod record_io;
mod run;
mod scene;

pub use drift::Drift;
pub use fresh_lookup::fresh_lookup;
pub use record_io::{Stored, load_record, save_record};
pub use run::{RefreshReport, is_due, note_lookup, refresh_origin};
pub use scene::Scene;
