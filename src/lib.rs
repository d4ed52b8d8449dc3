//! APIM Origin Guard: a Cloudflare Worker in front of an Azure API Management (APIM) gateway.
//!
//! It proxies to the gateway by **host name**, keeps what it last knew of the gateway's addresses in Workers KV, and
//! answers with a problem document that names the cause where Cloudflare would answer an opaque 530 / 1016.
//!
//! Everything outside `platform` is plain Rust that runs and is tested on any machine. Data flows one way:
//!
//! | Module | One sentence |
//! | --- | --- |
//! | [`time`], [`net`] | instants and spans; host names and addresses |
//! | [`json`] | JSON: read as a tree that forgets nothing, and from it into what is stored; written member by member |
//! | [`ports`] | what the core asks of its surroundings: a clock, HTTP, a store, TCP, signatures, a shared count |
//! | [`config`] | the `GUARD` variable, read once into a type that can only be valid, with every mistake listed |
//! | [`dns`] | `DoH` questions, the CNAME chain, several resolvers, one consensus |
//! | [`origin`] | what is stored about an origin, and when it is written |
//! | [`proxy`] | which origin answers a request, and whether an answer was made by the edge or by the origin |
//! | [`problem`] | the catalogue of codes; problem documents and explanation pages made from it |
//! | [`diagnosis`] | ordered, pure rules from evidence to a verdict |
//! | [`secrets`] | the values of the secrets, which nothing can print |
//! | [`sign_in`] | the credentials of the admin interface: sessions, wrong tokens |
//! | [`refresh`] | look up, compare, store |
//! | [`network_check`] | what is wrong with the virtual network of an instance, from its documents |
//! | [`network_watch`] | the same check of what runs: its documents read live, and what of it is kept |
//! | [`azure`] | what Azure Resource Manager says of an instance |
//! | [`cloudflare`] | the Cloudflare API: what is asked of the guard's own account and zones |
//! | [`allowlist`] | the addresses that backends must let in: exports, and targets that are kept up |
//! | [`notices`] | telling people, once each |
//! | [`investigation`] | a failed request: evidence within the budget, the verdict, the incident |
//! | [`checklist`] | the steps that restore service, with the live state of each |
//! | [`metrics`] | what the guard knows, as numbers for Prometheus |
//! | [`round`] | the scheduled run: look, tell, say that the guard is well |
//! | [`pages`] | the admin interface's reports as pages for people |
//! | [`admin`] | the interface below `admin.path` |
//! | [`zone`] | the zone's own records |
//! | `platform` | the only module that knows Cloudflare Workers (`wasm32` only) |

pub mod admin;
pub mod allowlist;
pub mod azure;
pub mod checklist;
pub mod cloudflare;
pub mod config;
pub mod diagnosis;
pub mod dns;
pub mod investigation;
pub mod json;
pub mod metrics;
pub mod net;
pub mod network_check;
pub mod network_watch;
pub mod notices;
pub mod origin;
pub mod pages;
#[cfg(target_arch = "wasm32")]
pub mod platform;
pub mod ports;
pub mod problem;
pub mod proxy;
pub mod refresh;
pub mod round;
pub mod secrets;
pub mod sign_in;
pub mod time;
pub mod zone;

/// The version of this build, shown by `healthz` and `status`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
