//! What each kind of fault means, who acts, and how to mend it.

use super::{ArmFault, FaultKind};
use crate::config::AzureConfig;
use crate::problem::WhoActs;

/// How to mend a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArmFix {
    /// Who does it.
    pub who: WhoActs,
    /// What to do.
    pub action: String,
    /// A complete command, where there is one.
    pub command: Option<String>,
}

/// Who acts, what to do, with which command.
struct Mend(WhoActs, &'static str, Option<&'static str>);

const NEW_SECRET: Option<&str> =
    Some("az ad app credential reset --id <client-id> --append --query password --output tsv");
const FIND_SERVICE: Option<&str> = Some(
    "az resource list --resource-type Microsoft.ApiManagement/service --subscription <subscription-id> \
     --query \"[].{name: name, group: resourceGroup}\" --output table",
);
const WAIT: &str = "Nothing: the guard asks again by itself. What it knows stays as it is.";

const fn mend(kind: FaultKind) -> Mend {
    use FaultKind as K;
    use WhoActs::{AzureAdmin, CloudflareAdmin, Nobody};
    match kind {
        K::LoginUnreachable | K::Throttled | K::ServerError | K::TimedOut | K::ConnectionLost => {
            Mend(Nobody, WAIT, None)
        }
        K::NotConfigured => {
            Mend(CloudflareAdmin, "Give `azure` with `tenant_id` and `client_id`, and `origins[].azure`.", None)
        }
        K::SecretMissing => Mend(
            CloudflareAdmin,
            "Set it to a client secret of the application.",
            Some("npx wrangler secret put AZURE_CLIENT_SECRET"),
        ),
        K::SecretWrong => Mend(
            AzureAdmin,
            "Make a new client secret and set its value, not its id, as AZURE_CLIENT_SECRET: `npx wrangler secret put \
             AZURE_CLIENT_SECRET`.",
            NEW_SECRET,
        ),
        K::SecretExpired => Mend(
            AzureAdmin,
            "Make a new client secret and set it as AZURE_CLIENT_SECRET: `npx wrangler secret put AZURE_CLIENT_SECRET`.",
            NEW_SECRET,
        ),
        K::ApplicationUnknown => Mend(
            AzureAdmin,
            "Check `azure.client_id` and `azure.tenant_id`; an application of another tenant needs a service principal here.",
            Some("az ad sp create --id <client-id>"),
        ),
        K::TenantUnknown => Mend(
            CloudflareAdmin,
            "Check `azure.tenant_id` and `azure.cloud`.",
            Some("az account show --subscription <subscription-id> --query tenantId --output tsv"),
        ),
        K::TokenRefused => Mend(
            AzureAdmin,
            "Look the AADSTS code up; sign-in logs of the application name the policy that refused it.",
            None,
        ),
        K::TokenNotAccepted => Mend(
            CloudflareAdmin,
            "Check that `azure.cloud`, `login_url` and `management_url` are of the same cloud, and the tenant that of the \
             subscription.",
            None,
        ),
        K::RoleMissing => Mend(
            AzureAdmin,
            "Give the application the role; it takes effect within some minutes.",
            Some("az role assignment create --assignee <client-id> --role \"<role>\" --scope \"<scope>\""),
        ),
        K::Forbidden => Mend(AzureAdmin, "The words of the answer name the policy or lock.", None),
        K::SubscriptionNotFound => Mend(
            AzureAdmin,
            "Check `subscription_id` and `azure.tenant_id`; a deleted subscription is not found either.",
            Some("az account list --all --query \"[].{name: name, id: id, state: state}\" --output table"),
        ),
        K::ResourceGroupNotFound => Mend(
            AzureAdmin,
            "Check `resource_group`; an instance may have been moved or its group deleted.",
            FIND_SERVICE,
        ),
        K::ResourceNotFound => Mend(
            AzureAdmin,
            "Check `service_name` and `resource_group`; an instance may have been moved or deleted.",
            FIND_SERVICE,
        ),
        K::SubscriptionDisabled => Mend(
            AzureAdmin,
            "Reactivate the subscription. Afterwards the addresses of the gateway may be others.",
            Some("az account show --subscription <subscription-id> --query state --output tsv"),
        ),
        K::ApiVersionRefused => Mend(
            CloudflareAdmin,
            "Set `azure.api_version` to one that the answer names, not below the service's `apiVersionConstraint`.",
            Some(
                "az provider show --namespace Microsoft.ApiManagement \
                 --query \"resourceTypes[?resourceType=='service'].apiVersions[]\" --output tsv",
            ),
        ),
        K::ChangedMeanwhile => Mend(Nobody, "Nothing: the next run reads it again and decides anew.", None),
        K::Conflict => Mend(AzureAdmin, "Wait until the operation that the answer names is over.", None),
        K::RequestRefused => Mend(CloudflareAdmin, "The words of the answer say what it does not accept.", None),
        K::NotUnderstood => Mend(
            CloudflareAdmin,
            "Check `azure.management_url` and `azure.login_url`; a proxy between may answer instead.",
            None,
        ),
    }
}

impl FaultKind {
    /// What it means, without a full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotConfigured => "The configuration has no credentials for Azure Resource Manager",
            Self::SecretMissing => "The secret AZURE_CLIENT_SECRET is not set",
            Self::SecretWrong => "Entra says that the client secret is wrong",
            Self::SecretExpired => "Entra says that the client secret has expired",
            Self::ApplicationUnknown => "Entra does not find the application in this tenant",
            Self::TenantUnknown => "Entra does not find the tenant",
            Self::TokenRefused => "Entra gave no token",
            Self::LoginUnreachable => "The token endpoint gave no answer that can be used",
            Self::TokenNotAccepted => "Azure Resource Manager does not accept the token",
            Self::RoleMissing => "The application has no role that allows this",
            Self::Forbidden => "Azure Resource Manager refuses the call",
            Self::SubscriptionNotFound => "Azure Resource Manager does not find the subscription",
            Self::ResourceGroupNotFound => "Azure Resource Manager does not find the resource group",
            Self::ResourceNotFound => "Azure Resource Manager does not find the resource",
            Self::SubscriptionDisabled => "The subscription is disabled and can only be read",
            Self::ApiVersionRefused => "The api-version is not accepted",
            Self::Throttled => "Azure asks to wait",
            Self::ChangedMeanwhile => "The resource was changed since it was read",
            Self::Conflict => "The resource is in a state that does not allow this",
            Self::RequestRefused => "Azure Resource Manager refuses the request as it is",
            Self::ServerError => "Azure Resource Manager answers with an error of its own",
            Self::TimedOut => "Azure Resource Manager did not answer in time",
            Self::ConnectionLost => "Azure Resource Manager could not be reached",
            Self::NotUnderstood => "The answer is not one of Azure Resource Manager",
        }
    }

    /// Who can do something about it.
    pub const fn who_acts(self) -> WhoActs {
        mend(self).0
    }
}

impl ArmFault {
    /// How to mend it, with the names of `azure` and of what was asked for filled in.
    pub fn fix(&self, azure: Option<&AzureConfig>) -> ArmFix {
        let Mend(who, action, command) = mend(self.kind);
        let scope = scope(&self.path);
        let subscription = self.path.split('/').nth(2).filter(|id| !id.is_empty()).unwrap_or("<subscription-id>");
        let values = [
            ("<client-id>", azure.map_or("<client-id>", |azure| &azure.client_id)),
            ("<subscription-id>", subscription),
            ("<role>", role(&self.path)),
            ("<scope>", &scope),
        ];
        let fill = |text: &str| values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        ArmFix { who, action: action.to_owned(), command: command.map(fill) }
    }
}

/// The resource that a path is of: what is below a resource of the first level has that one's roles.
fn scope(path: &str) -> String {
    let cut: Vec<&str> = path.split('/').take(9).collect();
    if cut.len() > 2 { cut.join("/") } else { "<scope>".to_owned() }
}

/// The least built-in role that reads it.
fn role(path: &str) -> &'static str {
    if path.to_ascii_lowercase().contains("/microsoft.apimanagement/service/") {
        "API Management Service Reader Role"
    } else {
        "Reader"
    }
}
