//! `networkAcls.ipRules` of a storage account or a key vault.
//!
//! There is no place for a mark, so what the guard has put there is remembered in KV; what was there before is never
//! touched. Neither service documents an optimistic lock: the list is read just before it is written and read again
//! afterwards.

use serde_json::Value;

use super::azure::{Resource, list, properties, strange, with};
use super::{Edit, Failure, Present, bare, network};
use crate::allowlist::plan::Item;
use crate::config::{AzureTarget, AzureTargetKind, TargetKind};
use crate::json::{Node, json};
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

const STORAGE_API_VERSION: &str = "2023-05-01";
const KEY_VAULT_API_VERSION: &str = "2023-07-01";
const ACLS: &str = "networkAcls";
const RULES: &str = "ipRules";

const fn resource<'a>(kind: &AzureTargetKind, path: &'a str) -> Resource<'a> {
    match kind {
        AzureTargetKind::Storage => Resource { kind: TargetKind::Storage, path, api_version: STORAGE_API_VERSION },
        _ => Resource { kind: TargetKind::KeyVault, path, api_version: KEY_VAULT_API_VERSION },
    }
}

/// The rules for addresses. Whose they are, the caller knows.
pub(super) async fn read<P: Fetcher + Clock>(scene: Scene<'_, P>, target: &AzureTarget) -> Result<Present, Failure> {
    let answer = resource(&target.kind, &target.resource_id).read(scene).await?;
    let settings = answer.body.get("properties").ok_or_else(|| strange("`properties`"))?;
    let acls = settings.get(ACLS).unwrap_or(&Node::Null);
    let items = list(acls, RULES).iter().map(item).collect();
    let refused = matches!(acls, Node::Null).then(|| {
        "It has no network rules yet, so everybody is let in: choose \"Enabled from selected virtual networks and IP \
         addresses\" first."
            .to_owned()
    });
    let notes = notes(&target.kind, &answer.body, settings, acls);
    Ok(Present { etag: answer.etag, refused, notes, document: answer.body, ..Present::of(items) })
}

fn item(rule: &Node) -> Item {
    let text: String = rule.member("value").unwrap_or_default();
    let lets_in = rule.member::<String>("action").is_none_or(|action| action.eq_ignore_ascii_case("allow"));
    Item { network: network(&text).filter(|_| lets_in), text, owned: false, id: String::new() }
}

fn notes(kind: &AzureTargetKind, body: &Node, settings: &Node, acls: &Node) -> Vec<String> {
    let is =
        |node: &Node, name, word: &str| node.member::<String>(name).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let mut notes = Vec::new();
    if is(acls, "defaultAction", "allow") {
        notes.push("The default action is Allow: everybody is let in, with or without this list.".to_owned());
    }
    if is(settings, "publicNetworkAccess", "disabled") {
        notes.push("Public network access is disabled: this list has no effect.".to_owned());
    }
    if let (AzureTargetKind::Storage, Some(location)) = (kind, body.member::<String>("location")) {
        notes.push(format!(
            "IP rules have no effect on callers in the region of the account, {location}: a gateway there needs a virtual \
             network rule instead."
        ));
    }
    notes
}

/// Writes the rules with the guard's own changed, and everything else of `networkAcls` as it was.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    kind: &AzureTargetKind,
    resource_id: &str,
    present: &Present,
    edit: &Edit,
) -> Result<(), Failure> {
    let acls = present.document.get("properties").and_then(|settings| settings.get(ACLS));
    let acls = acls.ok_or_else(|| strange("`networkAcls`"))?;
    let goes = |item: &Item| item.owned && item.network.is_some_and(|network| edit.remove.contains(&network));
    let kept = list(acls, RULES).iter().zip(&present.items).filter(|(_, item)| !goes(item));
    let kept = kept.map(|(rule, _)| Value::from(rule));
    let added = edit.add.iter().map(|network| match kind {
        AzureTargetKind::Storage => json!({ "value": bare(*network), "action": "Allow" }),
        _ => json!({ "value": network }),
    });
    let body = properties(ACLS, with(acls.into(), RULES, kept.chain(added).collect()));
    resource(kind, resource_id).write(scene, "PATCH", Some(&body), present.etag.as_deref()).await
}
