//! The kinds in Azure: each says where its list stands, what is there, and which calls change it; all of that is pure.
//! The calls are made here.

use serde_json::{Map, Value};

use super::{Edit, Failure, Present, app_service, network_acls, network_security_group, sql};
use crate::azure::{Arm, ArmAnswer, Call};
use crate::config::{AllowlistTarget, AzureTarget, AzureTargetKind};
use crate::json::Node;
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

/// One call that changes something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Write {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

/// Where the list of `target` is read, and the `api-version` of its resource provider.
fn place(target: &AzureTarget) -> (String, &'static str) {
    let id = &target.resource_id;
    match &target.kind {
        AzureTargetKind::NsgRule { rule } => (format!("{id}/securityRules/{rule}"), "2024-05-01"),
        AzureTargetKind::AppService { .. } => (format!("{id}/config/web"), "2023-12-01"),
        AzureTargetKind::Storage => (id.clone(), "2023-05-01"),
        AzureTargetKind::KeyVault => (id.clone(), "2023-07-01"),
        AzureTargetKind::Sql => (format!("{id}/firewallRules"), "2021-11-01"),
    }
}

fn present(kind: &AzureTargetKind, origin: &str, body: &Node) -> Result<Present, Failure> {
    match kind {
        AzureTargetKind::NsgRule { .. } => network_security_group::present(body),
        AzureTargetKind::AppService { .. } => app_service::present(body, origin),
        AzureTargetKind::Storage | AzureTargetKind::KeyVault => network_acls::present(kind, body),
        AzureTargetKind::Sql => sql::present(body, origin),
    }
}

/// The calls that make `edit` of what is `present` at `path`.
fn writes(
    kind: &AzureTargetKind,
    origin: &str,
    path: String,
    present: &Present,
    edit: &Edit,
) -> Result<Vec<Write>, Failure> {
    let (method, body) = match kind {
        AzureTargetKind::NsgRule { .. } => ("PUT", network_security_group::changed(present, edit)?),
        AzureTargetKind::AppService { priority } => ("PATCH", app_service::changed(present, origin, *priority, edit)?),
        AzureTargetKind::Storage | AzureTargetKind::KeyVault => ("PATCH", network_acls::changed(kind, present, edit)?),
        AzureTargetKind::Sql => return Ok(sql::writes(&path, origin, edit)),
    };
    Ok(vec![Write { method, path, body: Some(body) }])
}

/// What is there.
pub(super) async fn read<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    target: &AllowlistTarget,
    azure: &AzureTarget,
) -> Result<Present, Failure> {
    let (path, api_version) = place(azure);
    let call = Call { method: "GET", path: &path, api_version, body: None, if_match: None };
    let ArmAnswer { body, etag, .. } = make(scene, target, &call).await.map_err(Failure::of_a_read)?;
    let present = present(&azure.kind, &target.origin, &body)?;
    Ok(Present { etag, document: body, ..present })
}

/// Changes it, unless it was changed since it was read, as far as that can be told. Of several calls the first that fails
/// ends it.
pub(super) async fn write<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    target: &AllowlistTarget,
    azure: &AzureTarget,
    present: &Present,
    edit: &Edit,
) -> Result<(), Failure> {
    let (path, api_version) = place(azure);
    for write in writes(&azure.kind, &target.origin, path, present, edit)? {
        let Write { method, path, body } = &write;
        let call = Call { method, path, api_version, body: body.as_ref(), if_match: present.etag.as_deref() };
        make(scene, target, &call).await?;
    }
    Ok(())
}

async fn make<P: Fetcher + Clock>(
    scene: Scene<'_, P>,
    target: &AllowlistTarget,
    call: &Call<'_>,
) -> Result<ArmAnswer, Failure> {
    let answer = Arm::new(scene).call(call).await;
    answer.map_err(|fault| Failure::of_arm(&fault, target.kind(), scene.config.azure.as_ref()))
}

/// The settings of a document; without them it is not as it is documented, and nothing is written into it.
pub(super) fn properties(document: &Node) -> Result<&Node, Failure> {
    document.get("properties").ok_or_else(|| strange("`properties`"))
}

/// `{ "properties": { name: value } }`.
pub(super) fn only(name: &str, value: Value) -> Value {
    crate::json::json!({ "properties": with(Value::Null, name, value) })
}

/// The list `name` of `node`, empty where it is missing.
pub(super) fn list<'n>(node: &'n Node, name: &str) -> &'n [Node] {
    node.get(name).and_then(Node::items).unwrap_or_default()
}

/// The text `name` of `node`, empty where it is missing.
pub(super) fn text(node: &Node, name: &str) -> String {
    node.member(name).unwrap_or_default()
}

/// `value` with `name` set; what is no object becomes one.
pub(super) fn with(value: Value, name: &str, inner: Value) -> Value {
    let mut members = if let Value::Object(members) = value { members } else { Map::new() };
    members.insert(name.to_owned(), inner);
    Value::Object(members)
}

/// `value` without `name`.
pub(super) fn without(mut value: Value, name: &str) -> Value {
    if let Value::Object(members) = &mut value {
        members.remove(name);
    }
    value
}

/// A failure of a document that is not as it is documented.
pub(super) fn strange(what: &str) -> Failure {
    Failure::refused(
        "azure_answer_not_understood",
        format!("The answer of Azure Resource Manager has no {what}"),
        "Check `resource_id` of the target.",
    )
}
