//! A world for the core: virtual time, scripted resolvers and origin, a store with faults. Nothing here waits in real
//! time: when every future waits, the clock jumps to the next sleeper.
#![allow(unreachable_pub, dead_code, reason = "each test file uses its own part of the world")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::needless_for_each,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "test code"
)]

pub mod azure;
pub mod instance;
pub mod reply;
pub mod rsa;
pub mod shared;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use apim_origin_guard::azure::Memory as ArmMemory;
use apim_origin_guard::config::{Config, Loaded, load};
use apim_origin_guard::notices::NoticeMemory;
use apim_origin_guard::origin::Memory;
use apim_origin_guard::ports::{
    Clock, Dial, DialFailure, Dialer, FetchFailure, Fetcher, HttpRequest, HttpResponse, Limiter, Store, StoreFailure,
    Verifier,
};
use apim_origin_guard::refresh::Scene;
use apim_origin_guard::secrets::Secrets;
use apim_origin_guard::sign_in::SignInMemory;
use apim_origin_guard::time::UnixMillis;
use reply::Reply;

pub const ONE: &str = "https://one.test/dns-query";
pub const TWO: &str = "https://two.test/dns-query";
/// The admin token.
pub const TOKEN: &str = "correct-horse-battery-staple-0123456789";
pub const GATEWAY: &str = "contoso.azure-api.net";
/// 2026-04-27T11:19:52Z, when the incident of the user's documents was reported.
pub const START: UnixMillis = UnixMillis(1_777_288_792_000);

/// How a resolver treats a question.
#[derive(Debug, Clone)]
pub enum Manner {
    Answers(Zone),
    TimesOut,
    Refuses,
    HttpStatus(u16),
    Html,
    Garbage,
    Slow(u32, Zone),
    /// Answers for A; for AAAA there is no answer in time.
    OnlyA(Zone),
    Scripted(Script),
}

/// What a resolver makes of a request.
pub type Said = Result<HttpResponse, FetchFailure>;

type Say = dyn Fn(&HttpRequest) -> (u32, Said);

/// That, and after how many milliseconds.
#[derive(Clone)]
pub struct Script(pub Rc<Say>);

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

/// Names and what they have.
pub type Zone = BTreeMap<String, Entry>;

#[derive(Debug, Clone)]
pub enum Entry {
    Alias(String),
    V4(Vec<[u8; 4]>),
    Empty,
    Rcode(u8, Vec<(u16, String)>),
}

/// How the store behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreManner {
    Good,
    Down,
    Hangs,
    Missing,
    LosesWrites,
    LosesAnswers,
}

/// How a peer treats a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Opens,
    Fails,
    Silent,
}

pub struct World {
    now: Cell<u64>,
    sleepers: RefCell<Vec<(u64, Waker)>>,
    pub resolvers: RefCell<BTreeMap<String, Manner>>,
    pub origin: RefCell<Result<HttpResponse, FetchFailure>>,
    /// How receivers of notices answer, by URL; with this many milliseconds of delay.
    pub receivers: RefCell<BTreeMap<String, (u32, Said)>>,
    /// What was sent to receivers, and when.
    pub sent: RefCell<Vec<(UnixMillis, HttpRequest)>>,
    pub store: RefCell<BTreeMap<String, String>>,
    pub store_manner: Cell<StoreManner>,
    /// Peers that are not here do not open.
    pub lines: RefCell<BTreeMap<String, Line>>,
    /// The peers that were dialled, those at once together.
    pub dialled: RefCell<Vec<Vec<String>>>,
    pub questions: Cell<usize>,
    pub writes: Cell<usize>,
    pub reads: Cell<usize>,
    pub memory: RefCell<Memory>,
    pub arm: RefCell<ArmMemory>,
    pub azure: azure::Azure,
    pub sign_in: RefCell<SignInMemory>,
    /// What the shared count says; `None`: nothing is bound.
    pub limiter: Cell<Option<bool>>,
    /// The keys that were counted.
    pub counted: RefCell<Vec<String>>,
    pub notices: RefCell<NoticeMemory>,
    pub loaded: Loaded,
    pub secrets: Secrets,
}

/// The chain of azure.md 2.1 for a gateway of platform stv2.
pub fn healthy_zone() -> Zone {
    chain(
        &[
            GATEWAY,
            "apimgmttmvdvsx40imxehisceiicnxlfng4yxihlxoe6gq2zej.trafficmanager.net",
            "contoso-westeurope-01.regional.azure-api.net",
            "contoso-ip.westeurope.cloudapp.azure.com",
        ],
        [172, 199, 17, 73],
    )
}

pub fn chain(names: &[&str], address: [u8; 4]) -> Zone {
    let mut zone: Zone = names.windows(2).map(|pair| (pair[0].to_owned(), Entry::Alias(pair[1].to_owned()))).collect();
    zone.insert((*names.last().unwrap()).to_owned(), Entry::V4(vec![address]));
    zone
}

/// `zone` with what `name` has replaced.
pub fn with(mut zone: Zone, name: &str, entry: Entry) -> Zone {
    zone.insert(name.to_owned(), entry);
    zone
}

/// `zone` without `name`.
pub fn without(mut zone: Zone, name: &str) -> Zone {
    zone.remove(name).unwrap();
    zone
}

impl World {
    pub fn new() -> Self {
        Self::configured(&format!(
            r#"{{"origins":[{{"hostname":"{GATEWAY}"}}],"dns":{{"resolvers":["{ONE}","{TWO}"]}}}}"#
        ))
    }

    pub fn configured(guard: &str) -> Self {
        let loaded = load(Some(guard));
        assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
        let both = [ONE, TWO].map(|url| (url.to_owned(), Manner::Answers(healthy_zone())));
        Self {
            now: Cell::new(START.0),
            sleepers: RefCell::default(),
            resolvers: RefCell::new(both.into()),
            origin: RefCell::new(Ok(HttpResponse { status: 200, headers: Vec::new(), body: Vec::new() })),
            receivers: RefCell::default(),
            sent: RefCell::default(),
            store: RefCell::default(),
            store_manner: Cell::new(StoreManner::Good),
            lines: RefCell::default(),
            dialled: RefCell::default(),
            questions: Cell::new(0),
            writes: Cell::new(0),
            reads: Cell::new(0),
            memory: RefCell::default(),
            arm: RefCell::default(),
            azure: azure::Azure::default(),
            sign_in: RefCell::default(),
            limiter: Cell::new(None),
            counted: RefCell::default(),
            notices: RefCell::default(),
            loaded,
            secrets: Secrets::new(
                [("GUARD_ADMIN_TOKEN", TOKEN), ("AZURE_CLIENT_SECRET", azure::SECRET)]
                    .map(|(a, b)| (a.into(), b.into())),
                true,
            ),
        }
    }

    /// With Azure Resource Manager, which knows the gateway.
    pub fn with_azure() -> Self {
        let origin = serde_json::json!({"hostname": GATEWAY, "azure": azure::resource()});
        let dns = serde_json::json!({"resolvers": [ONE, TWO]});
        Self::configured(
            &serde_json::json!({"origins": [origin], "dns": dns, "azure": azure::azure_section()}).to_string(),
        )
    }

    pub fn config(&self) -> &Config {
        &self.loaded.config
    }

    pub fn scene(&self) -> Scene<'_, Self> {
        Scene {
            ports: self,
            memory: &self.memory,
            arm: &self.arm,
            config: &self.loaded.config,
            secrets: &self.secrets,
            sign_in: &self.sign_in,
            notices: &self.notices,
        }
    }

    pub fn both(&self, manner: &Manner) {
        for url in [ONE, TWO] {
            self.one(url, manner.clone());
        }
    }

    pub fn one(&self, url: &str, manner: Manner) {
        self.resolvers.borrow_mut().insert(url.to_owned(), manner);
    }

    pub fn pass_s(&self, seconds: u64) {
        self.now.set(self.now.get() + seconds * 1000);
    }

    pub fn elapsed_ms(&self) -> u64 {
        self.now.get() - START.0
    }

    /// A new isolate: nothing remembered.
    pub fn forget(&self) {
        *self.memory.borrow_mut() = Memory::default();
        *self.arm.borrow_mut() = ArmMemory::default();
        *self.sign_in.borrow_mut() = SignInMemory::default();
        *self.notices.borrow_mut() = NoticeMemory::default();
    }

    /// Runs `work` to its end in virtual time.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut work = pin!(work);
        loop {
            while woken.0.swap(false, Ordering::Relaxed) {
                if let Poll::Ready(result) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                    self.sleepers.borrow_mut().clear();
                    return result;
                }
            }
            self.wake_next();
        }
    }

    fn wake_next(&self) {
        let mut sleepers = self.sleepers.borrow_mut();
        let next = sleepers.iter().map(|(at, _)| *at).min().expect("everything waits and nobody sleeps");
        self.now.set(self.now.get().max(next));
        let due: Vec<_> = sleepers.extract_if(.., |(at, _)| *at <= next).collect();
        drop(sleepers);
        due.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// A receiver of notices, or the origin.
    async fn receive(&self, request: HttpRequest) -> Said {
        let receiver = self.receivers.borrow().get(&request.url).cloned();
        let Some((delay_ms, answer)) = receiver else { return self.origin.borrow().clone() };
        let timeout_ms = request.timeout_ms;
        self.sent.borrow_mut().push((self.now(), request));
        self.sleep(delay_ms.min(timeout_ms)).await;
        if delay_ms < timeout_ms { answer } else { Err(FetchFailure::TimedOut) }
    }

    /// The receiver at `url` answers like this from now on.
    pub fn receiver(&self, url: &str, answer: Said) {
        self.receivers.borrow_mut().insert(url.to_owned(), (3, answer));
    }

    /// The JSON bodies that were sent to `url`.
    pub fn told(&self, url: &str) -> Vec<serde_json::Value> {
        let sent = self.sent.borrow();
        let bodies = sent.iter().filter(|(_, request)| request.url == url).map(|(_, request)| &request.body);
        bodies.map(|body| serde_json::from_slice(body).unwrap()).collect()
    }

    async fn resolve(&self, manner: Manner, request: &HttpRequest) -> Result<HttpResponse, FetchFailure> {
        let dns = |body| HttpResponse {
            status: 200,
            headers: vec![("content-type".into(), "application/dns-message".into())],
            body,
        };
        match manner {
            Manner::Answers(zone) => Ok(dns(Reply::from_zone(&zone, &request.body))),
            Manner::Slow(ms, zone) if ms < request.timeout_ms => {
                self.sleep(ms).await;
                Ok(dns(Reply::from_zone(&zone, &request.body)))
            }
            Manner::OnlyA(zone) if Reply::asks_a(&request.body) => Ok(dns(Reply::from_zone(&zone, &request.body))),
            Manner::OnlyA(_) | Manner::Slow(..) | Manner::TimesOut => {
                self.sleep(request.timeout_ms).await;
                Err(FetchFailure::TimedOut)
            }
            Manner::Scripted(Script(script)) => match script(request) {
                (ms, answer) if ms < request.timeout_ms => {
                    self.sleep(ms).await;
                    answer
                }
                _ => {
                    self.sleep(request.timeout_ms).await;
                    Err(FetchFailure::TimedOut)
                }
            },
            Manner::Refuses => Err(FetchFailure::ConnectionLost),
            Manner::HttpStatus(status) => Ok(HttpResponse { status, ..dns(Vec::new()) }),
            Manner::Html => Ok(HttpResponse {
                headers: vec![("content-type".into(), "text/html".into())],
                ..dns(b"<html>".to_vec())
            }),
            Manner::Garbage => Ok(dns(vec![0xff; 40])),
        }
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Clock for World {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.now.get())
    }

    async fn sleep(&self, millis: u32) {
        let until = self.now.get() + u64::from(millis);
        poll_fn(|context| {
            if self.now.get() >= until {
                return Poll::Ready(());
            }
            self.sleepers.borrow_mut().push((until, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }
}

impl Fetcher for World {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, FetchFailure> {
        if azure::Azure::answers_for(&request.url) {
            let (takes_ms, answer) = self.azure.reply(&request);
            let given = answer.filter(|_| takes_ms < request.timeout_ms);
            self.sleep(if given.is_some() { takes_ms } else { request.timeout_ms }).await;
            return given.unwrap_or(Err(FetchFailure::TimedOut));
        }
        let manner = self.resolvers.borrow().get(&request.url).cloned();
        match manner {
            Some(manner) => {
                self.questions.set(self.questions.get() + 1);
                self.resolve(manner, &request).await
            }
            None => self.receive(request).await,
        }
    }
}

impl Dialer for World {
    async fn dial(&self, peers: &[String], timeout_ms: u32) -> Vec<Dial> {
        self.dialled.borrow_mut().push(peers.to_vec());
        let lines = peers.iter().map(|peer| self.lines.borrow().get(peer).copied().unwrap_or(Line::Fails));
        let lines: Vec<Line> = lines.collect();
        self.sleep(if lines.contains(&Line::Silent) { timeout_ms } else { 5 }).await;
        let dial = |(peer, line): (&String, &Line)| {
            let (outcome, took_ms) = match line {
                Line::Opens => (Ok(()), 5),
                Line::Fails => (Err(DialFailure::Failed("proxy request failed".into())), 5),
                Line::Silent => (Err(DialFailure::TimedOut), timeout_ms),
            };
            Dial { peer: peer.clone(), outcome, took_ms }
        };
        peers.iter().zip(&lines).map(dial).collect()
    }
}

impl Verifier for World {
    async fn verify_rs256(&self, n: &str, e: &str, signed: &[u8], signature: &[u8]) -> bool {
        rsa::verify(n, e, signed, signature)
    }
}

impl Limiter for World {
    async fn count(&self, key: &str) -> Option<bool> {
        self.counted.borrow_mut().push(key.to_owned());
        self.limiter.get()
    }
}

impl Store for World {
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure> {
        self.reads.set(self.reads.get() + 1);
        match self.store_manner.get() {
            StoreManner::Down => Err(StoreFailure::Unavailable("KV GET failed: 500 Internal Server Error".into())),
            StoreManner::Missing => Err(StoreFailure::Missing),
            StoreManner::Hangs => std::future::pending().await,
            StoreManner::Good | StoreManner::LosesWrites | StoreManner::LosesAnswers => {
                Ok(self.store.borrow().get(key).cloned())
            }
        }
    }

    async fn put(&self, key: &str, value: &str, _: Option<u32>) -> Result<(), StoreFailure> {
        self.writes.set(self.writes.get() + 1);
        let lost = || StoreFailure::Unavailable("KV PUT failed: 503 Service Unavailable".into());
        match self.store_manner.get() {
            StoreManner::Down | StoreManner::LosesWrites => Err(lost()),
            StoreManner::Missing => Err(StoreFailure::Missing),
            StoreManner::Hangs => std::future::pending().await,
            StoreManner::Good => {
                self.store.borrow_mut().insert(key.to_owned(), value.to_owned());
                Ok(())
            }
            StoreManner::LosesAnswers => {
                self.store.borrow_mut().insert(key.to_owned(), value.to_owned());
                Err(lost())
            }
        }
    }
}
