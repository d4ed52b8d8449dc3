//! `allowlist.targets[]`: where the list is applied.

use serde_json::Value;

use super::TargetKind;
use super::forms::written;
use crate::json::{ToValue, json, value, with_given};

/// A place where the guard keeps a list of the gateway's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowlistTarget {
    /// Its name in the admin interface and in KV; no two are equal.
    pub name: String,
    /// Name of the origin whose addresses are wanted there.
    pub origin: String,
    /// Whether it is written; else plans are only shown.
    pub apply: bool,
    /// What it is.
    pub destination: Destination,
}

/// What a target is, with the settings of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A custom list of IP addresses in the account of the section `cloudflare`.
    CloudflareList {
        /// 32 hexadecimal digits.
        list_id: String,
    },
    /// Something in Azure.
    Azure(AzureTarget),
    /// A receiver of the guard's user, which is sent the whole list.
    Webhook {
        /// Name of the secret with its URL.
        url_secret: String,
        /// Name of the secret with the key of the signature.
        signing_secret: String,
    },
}

/// A target in Azure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureTarget {
    /// What it is.
    pub kind: AzureTargetKind,
    /// The resource, of the type that `kind` says, without a slash at the end.
    pub resource_id: String,
}

/// The kinds of targets in Azure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AzureTargetKind {
    /// `sourceAddressPrefixes` of one rule of a network security group.
    NsgRule {
        /// Name of the rule.
        rule: String,
    },
    /// Access restrictions of an app, a function app or one of its slots.
    AppService {
        /// Priority of the rules that the guard makes.
        priority: u32,
    },
    /// The firewall of a storage account.
    Storage,
    /// The firewall of a key vault.
    KeyVault,
    /// Server firewall rules of an Azure SQL logical server.
    Sql,
}

impl Destination {
    /// Whether both are the same place. Azure itself writes the same id in several cases.
    pub fn is_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Azure(one), Self::Azure(other)) => {
                one.resource_id.eq_ignore_ascii_case(&other.resource_id) && one.kind.is_same_as(&other.kind)
            }
            _ => self == other,
        }
    }
}

impl AzureTargetKind {
    fn is_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::NsgRule { rule: one }, Self::NsgRule { rule: other }) => one.eq_ignore_ascii_case(other),
            (Self::AppService { .. }, Self::AppService { .. }) => true,
            _ => self == other,
        }
    }
}

impl AllowlistTarget {
    /// Its kind.
    pub const fn kind(&self) -> TargetKind {
        match &self.destination {
            Destination::CloudflareList { .. } => TargetKind::CloudflareList,
            Destination::Webhook { .. } => TargetKind::Webhook,
            Destination::Azure(azure) => match azure.kind {
                AzureTargetKind::NsgRule { .. } => TargetKind::Nsg,
                AzureTargetKind::AppService { .. } => TargetKind::AppService,
                AzureTargetKind::Storage => TargetKind::Storage,
                AzureTargetKind::KeyVault => TargetKind::KeyVault,
                AzureTargetKind::Sql => TargetKind::Sql,
            },
        }
    }

    /// Its kind as it is written.
    pub fn kind_word(&self) -> &'static str {
        written(self.kind())
    }
}

impl ToValue for AllowlistTarget {
    fn to_value(&self) -> Value {
        let common = json!({ "kind": self.kind_word(), "name": self.name, "origin": self.origin, "apply": self.apply });
        match &self.destination {
            Destination::CloudflareList { list_id } => with_given(common, &mut [("list_id", value(list_id))]),
            Destination::Webhook { url_secret, signing_secret } => {
                let names = &mut [("url_secret", value(url_secret)), ("signing_secret", value(signing_secret))];
                with_given(common, names)
            }
            Destination::Azure(AzureTarget { kind, resource_id }) => {
                let (rule, priority) = match kind {
                    AzureTargetKind::NsgRule { rule } => (Some(rule), None),
                    AzureTargetKind::AppService { priority } => (None, Some(*priority)),
                    _ => (None, None),
                };
                let own =
                    &mut [("resource_id", value(resource_id)), ("rule", value(&rule)), ("priority", value(&priority))];
                with_given(common, own)
            }
        }
    }
}
