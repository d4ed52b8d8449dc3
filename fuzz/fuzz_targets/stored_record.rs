//! Arbitrary text as a stored record: what is read is written and read again as the same.
#![no_main]

use apim_origin_guard::origin::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|stored: &str| {
    if let Ok(record) = Record::parse(stored) {
        assert_eq!(Record::parse(&record.to_json()), Ok(record));
    }
});
