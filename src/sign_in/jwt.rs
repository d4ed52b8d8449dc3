//! A signed token in compact form (RFC 7515 3.1, RFC 7519), taken apart and not yet believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::AccessFault;
use crate::json::Node;

/// A longer token is none, in bytes: Access warns of cookies over 4 kB.
const MAX_TOKEN: usize = 8 * 1024;
/// The longest name of a key that is looked for.
const MAX_KID: usize = 128;

/// The parts of a token.
#[derive(Debug)]
pub(super) struct Jwt<'a> {
    /// The key that it names.
    pub(super) kid: String,
    /// What the signature is over.
    pub(super) signed: &'a str,
    pub(super) signature: Vec<u8>,
    /// An object without repeated members.
    pub(super) claims: Node,
}

impl<'a> Jwt<'a> {
    /// Takes `token` apart.
    pub(super) fn read(token: &'a str) -> Result<Self, AccessFault> {
        let parts = Some(token).filter(|token| token.len() <= MAX_TOKEN).and_then(split);
        let (signed, header, claims, signature) = parts.ok_or(AccessFault::Malformed)?;
        let header = object(header).ok_or(AccessFault::Malformed)?;
        check_algorithm(&header)?;
        let kid = header.member::<String>("kid").filter(|kid| !kid.is_empty() && kid.len() <= MAX_KID);
        Ok(Self {
            kid: kid.ok_or(AccessFault::Malformed)?,
            signed,
            signature: bytes(signature).ok_or(AccessFault::Malformed)?,
            claims: object(claims).ok_or(AccessFault::Malformed)?,
        })
    }
}

/// Exactly what Access signs with. The token never chooses: `none`, `HS256` with a public key as secret and whatever
/// `crit` demands (RFC 7515 4.1.11) end here.
fn check_algorithm(header: &Node) -> Result<(), AccessFault> {
    let rs256 = header.member::<String>("alg").is_some_and(|alg| alg == "RS256");
    if rs256 && !header.has("crit") { Ok(()) } else { Err(AccessFault::Algorithm) }
}

fn split(token: &str) -> Option<(&str, &str, &str, &str)> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
    Some((signed, header, claims, signature))
}

fn bytes(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok().filter(|bytes| !bytes.is_empty())
}

/// Repeated members are read differently by different readers (RFC 7519 4): such a token is none.
fn object(part: &str) -> Option<Node> {
    let text = String::from_utf8(bytes(part)?).ok()?;
    let node: Node = serde_json::from_str(&text).ok()?;
    node.is_object_of_distinct_members().then_some(node)
}
