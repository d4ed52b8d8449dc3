//! Allowlist targets: plans, each kind before a scripted Cloudflare API or Azure Resource Manager, and laws that hold
//! whatever goes wrong.
#![allow(unreachable_pub, reason = "modules of one test")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "test code"
)]

mod applied;
mod cloudflare_list;
mod in_azure;
mod laws;
mod plans;
mod receiver;
mod world;
