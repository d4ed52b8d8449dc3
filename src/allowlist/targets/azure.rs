//! One document of Azure Resource Manager and the list in it.

use serde_json::{Map, Value};

use super::Failure;
use crate::azure::{Arm, ArmAnswer, Call};
use crate::config::TargetKind;
use crate::json::Node;
use crate::ports::{Clock, Fetcher};
use crate::refresh::Scene;

/// A resource and how it is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resource<'a> {
    pub(super) kind: TargetKind,
    pub(super) path: &'a str,
    pub(super) api_version: &'static str,
}

impl Resource<'_> {
    /// The document.
    pub(super) async fn read<P: Fetcher + Clock>(&self, scene: Scene<'_, P>) -> Result<ArmAnswer, Failure> {
        let call = Call { method: "GET", path: self.path, api_version: self.api_version, body: None, if_match: None };
        self.call(scene, &call).await.map_err(Failure::of_a_read)
    }

    /// Writes `body`, unless the document was changed since it had this `etag`.
    pub(super) async fn write<P: Fetcher + Clock>(
        &self,
        scene: Scene<'_, P>,
        method: &'static str,
        body: Option<&Value>,
        etag: Option<&str>,
    ) -> Result<(), Failure> {
        let call = Call { method, path: self.path, api_version: self.api_version, body, if_match: etag };
        self.call(scene, &call).await.map(drop)
    }

    async fn call<P: Fetcher + Clock>(&self, scene: Scene<'_, P>, call: &Call<'_>) -> Result<ArmAnswer, Failure> {
        let answer = Arm::new(scene).call(call).await;
        answer.map_err(|fault| Failure::of_arm(&fault, self.kind, scene.config.azure.as_ref()))
    }
}

/// `{ "properties": { name: value } }`.
pub(super) fn properties(name: &str, value: Value) -> Value {
    let mut properties = Map::new();
    properties.insert(name.to_owned(), value);
    crate::json::json!({ "properties": Value::Object(properties) })
}

/// The member `name` of `node`, given back as it was read, or an empty list.
pub(super) fn list<'n>(node: &'n Node, name: &str) -> &'n [Node] {
    node.get(name).and_then(Node::items).unwrap_or_default()
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

/// A failure of a document that is not as it is documented: nothing is written into it.
pub(super) fn strange(what: &str) -> Failure {
    Failure::refused(
        "azure_answer_not_understood",
        format!("The answer of Azure Resource Manager has no {what}"),
        "Check `resource_id` of the target.",
    )
}
