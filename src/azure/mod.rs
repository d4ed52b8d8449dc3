//! What Azure Resource Manager (ARM) says of an instance of API Management.
//!
//! DNS shows where requests go in; what a backend must let in is what ARM declares.
//!
//! | Module | One sentence |
//! | --- | --- |
//! | `token`, `memory` | the application's access token, which lives in the isolate's memory alone |
//! | `client`, `answer`, `retry`, `escape` | one call of ARM, by the documented wire form |
//! | `fault`, `fault_words` | why there is no good answer, who acts, and how it is mended |
//! | `declared` | the addresses that ARM declares |

mod answer;
mod client;
mod declared;
mod escape;
mod fault;
mod fault_words;
mod memory;
mod retry;
mod token;

pub use answer::ArmAnswer;
pub use client::{Arm, Call};
pub use declared::{Caveat, Declared, DeclaredAddress, Direction};
pub use fault::{ArmFault, FaultKind};
pub use fault_words::ArmFix;
pub use memory::Memory;
pub use token::{AccessToken, CLIENT_SECRET};

use memory::TokenTurn;
