//! `azure`: the credentials for Azure Resource Manager, and where they go.

use crate::config::forms::{Text, Word, Words, word};
use crate::config::key::{Entry, Fallback, Key, Optional, Required};
use crate::config::report::Report;
use crate::config::section::Section;
use crate::config::table::Table;
use crate::config::{AzureCloud, AzureConfig, text, url};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] =
    &[&AZURE, &TENANT_ID, &CLIENT_ID, &CLOUD, &LOGIN_URL, &MANAGEMENT_URL, &API_VERSION];

const AZURE: Key<Section, Optional> = Key {
    path: "azure",
    meaning: "The application with which Azure Resource Manager (ARM) is read. Needs the secret `AZURE_CLIENT_SECRET`.",
    rule: "a table with `tenant_id` and `client_id`",
    example: r#"{"tenant_id": "72f988bf-86f1-41af-91ab-2d7cd011db47", "client_id": "6731de76-14a6-49ae-97bc-6eba6914391e"}"#,
    slips: "arm entra aad",
    form: Section,
    absent: Optional("none: ARM is not asked"),
};

const TENANT_ID: Key<Text<String>, Required> = Key {
    path: "azure.tenant_id",
    meaning: "The Microsoft Entra tenant.",
    rule: "the tenant's GUID or one of its domain names",
    example: r#""72f988bf-86f1-41af-91ab-2d7cd011db47""#,
    slips: "tenant directory_id",
    form: Text(text::tenant),
    absent: Required,
};

const CLIENT_ID: Key<Text<String>, Required> = Key {
    path: "azure.client_id",
    meaning: "The application (client) id.",
    rule: "a GUID of 8-4-4-4-12 hexadecimal digits",
    example: r#""6731de76-14a6-49ae-97bc-6eba6914391e""#,
    slips: "client application_id app_id",
    form: Text(text::guid),
    absent: Required,
};

const CLOUD: Key<Word<AzureCloud>, Fallback<AzureCloud>> = Key {
    path: "azure.cloud",
    meaning: "Which Azure: it gives `login_url` and `management_url`.",
    rule: "Azure, Azure operated by 21Vianet, or Azure Government",
    example: r#""public""#,
    slips: "environment",
    form: word(),
    absent: Fallback(AzureCloud::Public),
};

const LOGIN_URL: Key<Text<String>, Optional> = Key {
    path: "azure.login_url",
    meaning: "Where the access token is asked for.",
    rule: "an `https://` URL without query or fragment",
    example: r#""https://login.microsoftonline.com""#,
    slips: "authority authority_url authority_host token_url",
    form: Text(url::base),
    absent: Optional("the cloud's own"),
};

const MANAGEMENT_URL: Key<Text<String>, Optional> = Key {
    path: "azure.management_url",
    meaning: "Where ARM answers.",
    rule: "an `https://` URL without query or fragment",
    example: r#""https://management.azure.com""#,
    slips: "arm_url resource_manager_url api_url",
    form: Text(url::base),
    absent: Optional("the cloud's own"),
};

const API_VERSION: Key<Text<String>, Fallback<&str>> = Key {
    path: "azure.api_version",
    meaning: "`api-version` of `Microsoft.ApiManagement`.",
    rule: "a date such as `2024-05-01`, also with `-preview`",
    example: r#""2024-05-01""#,
    slips: "version",
    form: Text(text::api_version),
    absent: Fallback("2024-05-01"),
};

impl Words for AzureCloud {
    const WRITTEN: &'static [&'static str] = &["public", "china", "usgov"];
    const ALL: &'static [Self] = &[Self::Public, Self::China, Self::Usgov];
}

/// Token authority and ARM of a cloud (the cloud table of the Azure CLI).
const fn endpoints(cloud: AzureCloud) -> (&'static str, &'static str) {
    match cloud {
        AzureCloud::Public => ("https://login.microsoftonline.com", "https://management.azure.com"),
        AzureCloud::China => ("https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn"),
        AzureCloud::Usgov => ("https://login.microsoftonline.us", "https://management.usgovcloudapi.net"),
    }
}

/// The section. `None` where it is left out, and with any mistake in it: half-right credentials go nowhere.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> Option<AzureConfig> {
    AZURE.read_whole(guard, report, |azure, report| {
        let (tenant_id, client_id) = (TENANT_ID.read(azure, report), CLIENT_ID.read(azure, report));
        let cloud = CLOUD.read(azure, report);
        let (login, management) = endpoints(cloud);
        let login_url = LOGIN_URL.read(azure, report).unwrap_or_else(|| login.into());
        let management_url = MANAGEMENT_URL.read(azure, report).unwrap_or_else(|| management.into());
        let api_version = API_VERSION.read(azure, report);
        Some(AzureConfig {
            tenant_id: tenant_id?,
            client_id: client_id?,
            cloud,
            login_url,
            management_url,
            api_version,
        })
    })
}
