//! A custom list of IP addresses at Cloudflare (<https://developers.cloudflare.com/waf/tools/lists/lists-api/>).
//!
//! Items are added and deleted one by one, never the list replaced, so nobody else's item is ever written. Both are
//! asynchronous: the answer is an operation that is asked for until it is done. An account has one such operation at a
//! time; while there is one, a write is refused with 429, and the next run tries again.

use ipnet::IpNet;
use serde_json::Value;

use super::{Edit, Failure, MARKER, Present, bare, network};
use crate::allowlist::plan::Item;
use crate::cloudflare::{Cloudflare, Page};
use crate::json::{Node, json};
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

/// Waits between looks at an operation, in milliseconds: 15 s in all.
const WAITS_MS: [u32; 5] = [500, 1_000, 2_000, 4_000, 8_000];

/// The items of the list; the guard's are those with its comment.
pub(super) async fn read<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    list_id: &str,
    origin: &str,
) -> Result<Present, Failure> {
    let api = Cloudflare::of(scene)?;
    let path = format!("{}/items?per_page=500", path(&api, list_id));
    let items = api.list(&path, Page::Cursor).await.map_err(|fault| Failure::from(fault).of_a_read())?;
    Ok(Present::of(items.iter().filter_map(|node| item(node, &comment(origin))).collect()))
}

fn path<P>(api: &Cloudflare<'_, P>, list_id: &str) -> String {
    format!("/accounts/{}/rules/lists/{list_id}", api.config.account_id)
}

fn comment(origin: &str) -> String {
    format!("{MARKER}:{origin}")
}

fn item(node: &Node, comment: &str) -> Option<Item> {
    let text: String = node.member("ip").unwrap_or_default();
    let owned = node.member::<String>("comment").is_some_and(|given| given == comment);
    Some(Item { network: network(&text), text, owned, id: node.member("id")? })
}

/// Adds, or deletes, and waits for the end of it.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    list_id: &str,
    origin: &str,
    present: &Present,
    edit: &Edit,
) -> Result<(), Failure> {
    let api = Cloudflare::of(scene)?;
    let items = format!("{}/items", path(&api, list_id));
    if !edit.add.is_empty() {
        let comment = comment(origin);
        let added = edit.add.iter().map(|network| json!({ "ip": bare(*network), "comment": comment }));
        operate(scene, &api, "POST", &items, &added.collect()).await?;
    }
    let ids: Vec<Value> = edit.remove.iter().filter_map(|network| id_of(present, *network)).collect();
    if !ids.is_empty() {
        operate(scene, &api, "DELETE", &items, &json!({ "items": Value::from(ids) })).await?;
    }
    Ok(())
}

fn id_of(present: &Present, network: IpNet) -> Option<Value> {
    let item = present.items.iter().find(|item| item.owned && item.network == Some(network))?;
    Some(json!({ "id": item.id }))
}

async fn operate<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    api: &Cloudflare<'_, P>,
    method: &'static str,
    path: &str,
    body: &Value,
) -> Result<(), Failure> {
    let begun = api.call(method, path, Some(body)).await?;
    let id: Option<String> =
        begun.member("operation_id").filter(|id: &String| id.chars().all(|c| c.is_ascii_alphanumeric()));
    let strange = || Failure::unconfirmed("cloudflare_answer_not_understood", "Cloudflare's answer names no operation");
    let id = id.ok_or_else(strange)?;
    let operation = format!("/accounts/{}/rules/lists/bulk_operations/{id}", api.config.account_id);
    for wait_ms in WAITS_MS {
        match status(api, &operation).await?.as_str() {
            "completed" => return Ok(()),
            "failed" => return Err(failed(api, &operation).await),
            _ => scene.ports.sleep(wait_ms).await,
        }
    }
    Err(Failure::unconfirmed("cloudflare_operation_pending", "Cloudflare has not finished the change yet"))
}

/// A look that fails says nothing about the operation, which goes on.
async fn status<P: Fetcher + Clock>(api: &Cloudflare<'_, P>, operation: &str) -> Result<String, Failure> {
    let unconfirmed = |fault: crate::cloudflare::ApiFault| Failure::unconfirmed(fault.code(), fault.to_string());
    let seen = api.call("GET", operation, None).await.map_err(unconfirmed)?;
    Ok(seen.member("status").unwrap_or_default())
}

async fn failed<P: Fetcher + Clock>(api: &Cloudflare<'_, P>, operation: &str) -> Failure {
    let said = api.call("GET", operation, None).await.ok().and_then(|seen| seen.member::<String>("error"));
    let detail = format!("Cloudflare could not carry out the change: {}", said.as_deref().unwrap_or("no reason given"));
    Failure::refused("cloudflare_operation_failed", detail, "Its words say what it does not accept.")
}
