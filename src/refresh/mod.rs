//! Look up, compare, store: the cron run, `POST /refresh`, and what a failed request leaves behind.

mod fresh_lookup;
mod record_io;
mod run;
mod scene;

pub use fresh_lookup::{Serves, fresh_lookup};
pub use record_io::{Stored, load_record, read_key, save_record, write_key};
pub use run::{RefreshReport, is_due, note_lookup, refresh_origin};
pub use scene::Scene;
