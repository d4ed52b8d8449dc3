//! What Azure Resource Manager (ARM) says of the instance, as far as it explains a failure.

use crate::json::{stored, stored_words};
use crate::time::UnixMillis;

/// ARM's word. Enums of ARM are open: states are kept as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureEvidence {
    /// When ARM said so.
    pub at: UnixMillis,
    /// The instance's resource id.
    pub resource: String,
    /// Whether there is such an instance.
    pub instance: Instance,
    /// `state` of the subscription (`Enabled`, `Disabled`, `Warned` …); `None` where the role may not read it.
    pub subscription_state: Option<String>,
    /// `properties.provisioningState`.
    pub provisioning_state: Option<String>,
    /// `properties.publicNetworkAccess`.
    pub public_network_access: Option<String>,
    /// `properties.virtualNetworkType`.
    pub virtual_network_type: Option<String>,
    /// Of a deleted instance: until when it can be restored.
    pub restorable_until: Option<UnixMillis>,
    /// Whether ARM has ever had it here: else its word may be one on a wrong configuration.
    pub was_known: bool,
    /// Since when the name was known to be gone from DNS and the instance from ARM; `None` once ARM has it again.
    pub abandoned_since: Option<UnixMillis>,
}

stored! { AzureEvidence { at, resource, instance } or default {
    subscription_state, provisioning_state, public_network_access, virtual_network_type, restorable_until, was_known, abandoned_since
} }

impl AzureEvidence {
    /// The segment of the resource id after `name`, in any case: `subscriptions`, `resourceGroups`, `service`.
    pub fn segment(&self, name: &str) -> Option<&str> {
        let mut segments = self.resource.split('/');
        segments.find(|segment| segment.eq_ignore_ascii_case(name)).and_then(|_| segments.next())
    }
}

/// Whether ARM has the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instance {
    /// It has.
    Present,
    /// It was deleted and can be restored.
    SoftDeleted,
    /// There is none of this name, and none that could be restored.
    Gone,
    /// ARM could not be asked, or refused.
    Unknown,
}

stored_words! { Instance { Present: "present", SoftDeleted: "soft_deleted", Gone: "gone", Unknown: "unknown" } }
