//! Wrong tokens, counted by client. An isolate's own count: others have theirs, which a rate-limiting binding adds up.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::time::UnixMillis;

/// Wrong tokens of one client within [`WINDOW_S`]; from then on no token of that client is looked at until it is over.
const MAX_WRONG: u32 = 50;
/// From the first wrong token, in seconds. Further ones do not prolong it.
const WINDOW_S: u64 = 60;
/// Clients remembered at most.
const MAX_CLIENTS: usize = 1000;

/// Who counts as one: an IPv4 address, an IPv6 network of 64 bits, or all whose address is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(Option<IpAddr>);

impl Client {
    /// The client with this address.
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            address @ IpAddr::V4(_) => address,
        }))
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

/// The counts.
#[derive(Debug, Default)]
pub struct Attempts(Vec<Count>);

#[derive(Debug)]
struct Count {
    client: Client,
    since: UnixMillis,
    wrong: u32,
}

impl Attempts {
    /// For how many seconds no token of `client` is looked at.
    pub fn wait_s(&self, client: Client, now: UnixMillis) -> Option<u64> {
        let count = self.0.iter().find(|count| count.client == client && count.is_of(now))?;
        (count.wrong >= MAX_WRONG).then(|| WINDOW_S.saturating_sub(now.since_s(count.since)).max(1))
    }

    /// A wrong token.
    pub fn note_wrong(&mut self, client: Client, now: UnixMillis) {
        self.change(client, now, |count| count.wrong = count.wrong.saturating_add(1));
    }

    /// There were too many, as others have counted.
    pub fn close(&mut self, client: Client, now: UnixMillis) {
        self.change(client, now, |count| (count.since, count.wrong) = (now, MAX_WRONG));
    }

    fn change(&mut self, client: Client, now: UnixMillis, change: impl FnOnce(&mut Count)) {
        self.0.retain(|count| count.is_of(now));
        let known = self.0.iter().position(|count| count.client == client);
        if known.is_none() && self.0.len() >= MAX_CLIENTS {
            self.forget_one();
        }
        let known = known.map(|place| self.0.swap_remove(place));
        let mut count = known.unwrap_or(Count { client, since: now, wrong: 0 });
        change(&mut count);
        self.0.push(count);
    }

    /// The one with the fewest wrong tokens: who tries most is remembered longest.
    fn forget_one(&mut self) {
        let fewest =
            self.0.iter().enumerate().min_by_key(|(_, count)| (count.wrong, count.since)).map(|(place, _)| place);
        if let Some(place) = fewest {
            self.0.swap_remove(place);
        }
    }
}

impl Count {
    fn is_of(&self, now: UnixMillis) -> bool {
        now.since_s(self.since) < WINDOW_S
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_777_288_792_000);

    fn client(address: &str) -> Client {
        Client::of(Some(address.parse().unwrap()))
    }

    fn wrong(attempts: &mut Attempts, of: Client, times: u32) {
        (0..times).for_each(|_| attempts.note_wrong(of, NOW));
    }

    #[test]
    fn fifty_wrong_tokens_close_it_until_the_minute_is_over() {
        let (mut attempts, one) = (Attempts::default(), client("192.0.2.1"));
        wrong(&mut attempts, one, MAX_WRONG - 1);
        assert_eq!(attempts.wait_s(one, NOW), None);
        wrong(&mut attempts, one, 1);
        assert_eq!(attempts.wait_s(one, NOW), Some(60));
        attempts.note_wrong(one, NOW.plus_s(30));
        assert_eq!(attempts.wait_s(one, NOW.plus_s(59)), Some(1));
        assert_eq!(attempts.wait_s(one, NOW.plus_s(60)), None);
        attempts.note_wrong(one, NOW.plus_s(60));
        assert_eq!(attempts.wait_s(one, NOW.plus_s(60)), None);
    }

    #[test]
    fn nobody_pays_for_another_one() {
        let mut attempts = Attempts::default();
        wrong(&mut attempts, client("192.0.2.1"), MAX_WRONG);
        assert_eq!(attempts.wait_s(client("192.0.2.2"), NOW), None);
        assert_eq!(attempts.wait_s(Client::of(None), NOW), None);
        assert!(attempts.wait_s(client("::ffff:192.0.2.1"), NOW).is_some());
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let mut attempts = Attempts::default();
        (0..MAX_WRONG).for_each(|host| attempts.note_wrong(client(&format!("2001:db8:0:1::{host}")), NOW));
        assert!(attempts.wait_s(client("2001:db8:0:1:ffff::9"), NOW).is_some());
        assert_eq!(attempts.wait_s(client("2001:db8:0:2::1"), NOW), None);
        assert_eq!(client("2001:db8:0:1::7").to_string(), "2001:db8:0:1::");
    }

    #[test]
    fn what_others_counted_closes_it_too() {
        let (mut attempts, one) = (Attempts::default(), client("192.0.2.1"));
        attempts.close(one, NOW);
        assert_eq!(attempts.wait_s(one, NOW.plus_s(1)), Some(59));
    }

    #[test]
    fn the_table_is_bounded_and_keeps_who_tries_most() {
        let (mut attempts, worst) = (Attempts::default(), client("192.0.2.1"));
        wrong(&mut attempts, worst, MAX_WRONG);
        for number in 0..5000_u32 {
            attempts.note_wrong(client(&format!("10.0.{}.{}", number / 256, number % 256)), NOW);
        }
        assert_eq!(attempts.0.len(), MAX_CLIENTS);
        assert!(attempts.wait_s(worst, NOW).is_some());
        attempts.note_wrong(worst, NOW.plus_s(3600));
        assert_eq!(attempts.0.len(), 1);
    }
}
