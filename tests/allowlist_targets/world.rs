//! One target in a world that can fail: the documented wire forms of the Cloudflare lists API and of Azure Resource
//! Manager, a receiver, and KV. Time passes only where somebody waits.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use apim_origin_guard::allowlist::{
    Allowlist, Entry, EvidenceKind, Lists, Mode, TargetReport, applied_sets, apply_targets, selected,
};
use apim_origin_guard::azure::{self, AppliedSet, Declared, DeclaredAddress, Direction};
use apim_origin_guard::config::{Loaded, load};
use apim_origin_guard::notices::NoticeMemory;
use apim_origin_guard::origin::Memory;
use apim_origin_guard::ports::{
    Clock, Dial, Dialer, FetchFailure, Fetcher, HttpRequest, HttpResponse, Limiter, Store, StoreFailure, Verifier,
};
use apim_origin_guard::refresh::Scene;
use apim_origin_guard::secrets::Secrets;
use apim_origin_guard::sign_in::SignInMemory;
use apim_origin_guard::time::UnixMillis;
use futures_executor::block_on;
use ipnet::IpNet;
use serde_json::{Value, json};

pub const START: u64 = 1_777_288_792_000;
pub const ACCOUNT: &str = "023e105f4ecef8ad9ca31a8372d0c353";
pub const LIST: &str = "2c0fc9fa937b11eaa1b71c4d701ab86e";
pub const GROUP: &str = "/subscriptions/6f9619ff-8b86-d011-b42d-00c04fc964ff/resourceGroups/rg/providers/";
pub const TOKEN: &str = "cloudflare-token-do-not-print";
pub const HOOK: &str = "https://hook.test/secret-path";
const API: &str = "https://cf.test";
const ARM: &str = "https://arm.test";

/// What becomes of one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is wrong.
    None,
    /// 429 without a time.
    Busy,
    /// 429 with `Retry-After: 30`.
    Throttled,
    /// 500, and nothing was done.
    ServerError,
    /// 500 after doing the work.
    ServerErrorAfterwards,
    /// Nothing was done.
    TimesOut,
    /// The answer is lost after the work was done.
    TimesOutAfterwards,
    /// The connection breaks before.
    Lost,
    /// The first half of the answer.
    Half,
    /// A read shows what was there before the last write; a write is done.
    Stale,
    /// 403.
    Forbidden,
    /// 409.
    Conflict,
    /// 403 as Azure says it where no role allows the call.
    RoleMissing,
}

/// How KV behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kv {
    Good,
    Down,
    LosesWrites,
    LosesAnswers,
    /// Reads show the value before the last write.
    Stale,
}

/// The guard's target as it is in the world.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Items of the Cloudflare list: id, address, comment.
    pub items: Vec<(String, String, Option<String>)>,
    /// Documents of Azure by path in lower case.
    pub documents: BTreeMap<String, Value>,
    /// What the receiver has.
    pub received: Vec<String>,
}

/// Looks until it is done, when it is done at the latest, and the error.
type Operation = (u32, u64, Option<String>);

pub struct World {
    now: Cell<u64>,
    pub place: RefCell<Place>,
    pub before: RefCell<Place>,
    pub faults: RefCell<VecDeque<Fault>>,
    pub always: Cell<Fault>,
    pub kv: Cell<Kv>,
    pub store: RefCell<BTreeMap<String, String>>,
    store_before: RefCell<BTreeMap<String, String>>,
    pub kv_writes: Cell<usize>,
    /// Every exchange, tokens aside.
    pub calls: RefCell<Vec<HttpRequest>>,
    /// Operations at Cloudflare by id.
    operations: RefCell<BTreeMap<String, Operation>>,
    /// Looks that an operation takes.
    pub slow_by: Cell<u32>,
    pub operation_error: RefCell<Option<String>>,
    next_id: Cell<u32>,
    memory: RefCell<Memory>,
    arm: RefCell<azure::Memory>,
    sign_in: RefCell<SignInMemory>,
    notices: RefCell<NoticeMemory>,
    pub loaded: Loaded,
    secrets: Secrets,
    /// What is declared at present.
    pub list: RefCell<Option<Allowlist>>,
    /// Looks at the place before and after each change.
    pub watch: RefCell<Vec<(Place, Place)>>,
}

/// An entry that ARM declares.
pub fn entry(cidr: &str, gone_since: Option<u64>) -> Entry {
    Entry {
        cidr: cidr.parse().unwrap(),
        evidence: EvidenceKind::Declared,
        direction: Direction::Both,
        location: Some("westeurope".into()),
        first_seen_at: Some(UnixMillis(START - 1000)),
        gone_since: gone_since.map(UnixMillis),
    }
}

pub fn list_of(entries: Vec<Entry>) -> Allowlist {
    Allowlist { entries, made_at: UnixMillis(START), from: "ARM".into(), caveats: Vec::new() }
}

pub fn declared(cidrs: &[&str]) -> Allowlist {
    list_of(cidrs.iter().map(|cidr| entry(cidr, None)).collect())
}

pub fn networks(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// The settings of a target of each kind.
pub fn target(kind: &str) -> Value {
    let azure = |path: &str| format!("{GROUP}{path}");
    let own = match kind {
        "cloudflare-list" => json!({ "list_id": LIST }),
        "nsg" => json!({ "resource_id": azure("Microsoft.Network/networkSecurityGroups/nsg"), "rule": "allow-apim" }),
        "app-service" => json!({ "resource_id": azure("Microsoft.Web/sites/app") }),
        "storage" => json!({ "resource_id": azure("Microsoft.Storage/storageAccounts/st") }),
        "key-vault" => json!({ "resource_id": azure("Microsoft.KeyVault/vaults/kv") }),
        "sql" => json!({ "resource_id": azure("Microsoft.Sql/servers/db") }),
        _ => json!({ "url_secret": "HOOK", "signing_secret": "KEY" }),
    };
    let mut target = json!({ "kind": kind, "name": "target", "apply": true });
    target.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    target
}

/// The document that a kind in Azure has at the beginning, with foreign entries in it.
pub fn beginning(kind: &str) -> Place {
    let mut place = Place { items: Vec::new(), documents: BTreeMap::new(), received: Vec::new() };
    let mut put = |path: &str, document: Value| {
        place.documents.insert(format!("{GROUP}{path}").to_lowercase(), document);
    };
    match kind {
        "cloudflare-list" => {
            place.items = vec![
                ("f1".into(), "192.0.2.7".into(), Some("the office".into())),
                ("f2".into(), "198.51.100.0/24".into(), None),
            ];
        }
        "nsg" => put(
            "Microsoft.Network/networkSecurityGroups/nsg/securityRules/allow-apim",
            json!({
                "name": "allow-apim", "etag": "W/\"1\"",
                "properties": {
                    "description": "kept up by origin-guard", "protocol": "Tcp", "sourcePortRange": "*",
                    "destinationPortRanges": ["443"], "destinationAddressPrefix": "10.0.0.0/24", "access": "Allow",
                    "direction": "Inbound", "priority": 200, "sourceAddressPrefix": "203.0.113.200/32",
                    "sourceAddressPrefixes": [], "provisioningState": "Succeeded", "unknownMember": { "a": 1 },
                },
            }),
        ),
        "app-service" => put(
            "Microsoft.Web/sites/app/config/web",
            json!({
                "properties": {
                    "http20Enabled": true, "ipSecurityRestrictionsDefaultAction": "Deny",
                    "ipSecurityRestrictions": [
                        { "ipAddress": "192.0.2.7/32", "action": "Allow", "priority": 100, "name": "office", "unknownMember": 7 },
                        { "ipAddress": "AzureFrontDoor.Backend", "tag": "ServiceTag", "action": "Allow", "priority": 110,
                          "headers": { "x-azure-fdid": ["1"] } },
                        { "ipAddress": "Any", "action": "Deny", "priority": 2_147_483_647_u32, "name": "Deny all" },
                    ],
                },
            }),
        ),
        "storage" => put(
            "Microsoft.Storage/storageAccounts/st",
            json!({
                "location": "northeurope",
                "properties": { "networkAcls": {
                    "bypass": "AzureServices", "defaultAction": "Deny", "virtualNetworkRules": [{ "id": "x" }], "unknownMember": 1,
                    "ipRules": [{ "value": "192.0.2.7", "action": "Allow" }],
                } },
            }),
        ),
        "key-vault" => put(
            "Microsoft.KeyVault/vaults/kv",
            json!({
                "properties": { "sku": { "name": "standard" }, "networkAcls": {
                    "bypass": "None", "defaultAction": "Deny", "ipRules": [{ "value": "192.0.2.7/32" }], "virtualNetworkRules": [],
                } },
            }),
        ),
        "sql" => {
            put(
                "Microsoft.Sql/servers/db/firewallRules/office",
                json!({
                    "name": "office", "properties": { "startIpAddress": "192.0.2.7", "endIpAddress": "192.0.2.9" },
                }),
            );
        }
        _ => {}
    }
    place
}

impl World {
    /// A world with one target of `kind`, which is written.
    pub fn new(kind: &str) -> Self {
        Self::with(kind, &target(kind))
    }

    pub fn with(kind: &str, target: &Value) -> Self {
        let guard = json!({
            "origins": [{ "hostname": "contoso.azure-api.net" }],
            "azure": { "tenant_id": "contoso.test", "client_id": "6731de76-14a6-49ae-97bc-6eba6914391e",
                       "login_url": "https://login.test", "management_url": ARM },
            "cloudflare": { "account_id": ACCOUNT, "api_url": API },
            "allowlist": { "targets": [target] },
        });
        let loaded = load(Some(&guard.to_string()));
        assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
        let secrets = [
            ("CLOUDFLARE_API_TOKEN", TOKEN),
            ("AZURE_CLIENT_SECRET", "azure-secret-do-not-print"),
            ("HOOK", HOOK),
            ("KEY", "hook-key-do-not-print"),
        ];
        Self {
            now: Cell::new(START),
            place: RefCell::new(beginning(kind)),
            before: RefCell::new(beginning(kind)),
            faults: RefCell::default(),
            always: Cell::new(Fault::None),
            kv: Cell::new(Kv::Good),
            store: RefCell::default(),
            store_before: RefCell::default(),
            kv_writes: Cell::new(0),
            calls: RefCell::default(),
            operations: RefCell::default(),
            slow_by: Cell::new(1),
            operation_error: RefCell::default(),
            next_id: Cell::new(1),
            memory: RefCell::default(),
            arm: RefCell::default(),
            sign_in: RefCell::default(),
            notices: RefCell::default(),
            loaded,
            secrets: Secrets::new(secrets.map(|(name, value)| (name.into(), value.into())), true),
            list: RefCell::new(None),
            watch: RefCell::default(),
        }
    }

    pub fn declare(&self, cidrs: &[&str]) {
        *self.list.borrow_mut() = Some(declared(cidrs));
    }

    pub fn pass_s(&self, seconds: u64) {
        self.now.set(self.now.get() + seconds * 1000);
    }

    pub fn now_ms(&self) -> u64 {
        self.now.get()
    }

    /// A new isolate.
    pub fn forget(&self) {
        *self.memory.borrow_mut() = Memory::default();
        *self.arm.borrow_mut() = azure::Memory::default();
    }

    pub fn then(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.borrow_mut().extend(faults);
    }

    fn scene(&self) -> Scene<'_, Self> {
        Scene {
            ports: self,
            memory: &self.memory,
            arm: &self.arm,
            config: &self.loaded.config,
            secrets: &self.secrets,
            sign_in: &self.sign_in,
            notices: &self.notices,
        }
    }

    /// What is remembered of the target beside what is declared.
    pub fn applied(&self) -> AppliedSet {
        let of_list = |entry: &Entry| DeclaredAddress {
            network: entry.cidr,
            direction: entry.direction,
            location: entry.location.clone().unwrap(),
            first_seen_at: entry.first_seen_at.unwrap(),
            gone_since: entry.gone_since,
        };
        let declared = Declared {
            at: self.now(),
            addresses: self.list.borrow().iter().flat_map(|list| &list.entries).map(of_list).collect(),
            locations: vec!["westeurope".into()],
            caveats: Vec::new(),
        };
        let sets = block_on(applied_sets(&self.scene(), &self.loaded.config.origins[0], &declared));
        let [set] = sets.try_into().unwrap();
        set
    }

    pub fn run(&self, mode: Mode) -> TargetReport {
        let lists = [("contoso".to_owned(), self.list.borrow().clone())];
        let targets = selected(&self.loaded.config, None);
        block_on(apply_targets(self.scene(), &targets, Lists(&lists), mode)).pop().unwrap()
    }

    pub fn run_now(&self) -> TargetReport {
        self.run(Mode::Now)
    }

    /// Methods of all exchanges since the last call, reads first letters only: `GET GET POST`.
    pub fn methods(&self) -> String {
        let methods: Vec<&str> = self.calls.borrow_mut().drain(..).map(|call| call.method).collect();
        methods.join(" ")
    }

    fn change(&self, change: impl FnOnce(&mut Place)) {
        let old = self.place.borrow().clone();
        change(&mut self.place.borrow_mut());
        let new = self.place.borrow().clone();
        self.watch.borrow_mut().push((old.clone(), new));
        *self.before.borrow_mut() = old;
    }

    fn id(&self) -> String {
        self.next_id.set(self.next_id.get() + 1);
        format!("{:032x}", self.next_id.get())
    }

    fn answer(&self, request: &HttpRequest, stale: bool) -> HttpResponse {
        let seen = if stale { self.before.borrow().clone() } else { self.place.borrow().clone() };
        let body = || serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        if let Some(path) = request.url.strip_prefix(API) {
            self.cloudflare(request.method, path, &body(), &seen)
        } else if let Some(path) = request.url.strip_prefix(ARM) {
            let (path, query) = path.split_once('?').unwrap();
            assert!(query.starts_with("api-version=20"), "{query}");
            self.azure(request, &path.to_lowercase(), &body(), &seen)
        } else {
            assert_eq!(request.url, HOOK);
            self.receive(&body());
            http(200, &json!({}))
        }
    }

    fn cloudflare(&self, method: &str, path: &str, body: &Value, seen: &Place) -> HttpResponse {
        let lists = format!("/accounts/{ACCOUNT}/rules/lists/");
        let path = path.strip_prefix(&lists).expect("the account");
        let good = |result: Value, info: Value| {
            http(200, &json!({ "success": true, "errors": [], "messages": [], "result": result, "result_info": info }))
        };
        if let Some(id) = path.strip_prefix("bulk_operations/") {
            return good(self.operation(id), Value::Null);
        }
        if method != "GET"
            && self.operations.borrow().values().any(|(looks, until, _)| *looks > 0 && self.now.get() < *until)
        {
            return refused(429, 10033, "another operation is in progress");
        }
        let items = format!("{LIST}/items");
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if path != items {
            return refused(404, 10001, "could not find list");
        }
        match method {
            "GET" => page(seen, query, &good),
            "POST" => {
                self.change(|place| {
                    for item in body.as_array().expect("items") {
                        let text = |name: &str| item[name].as_str().map(str::to_owned);
                        place.items.push((self.id(), text("ip").expect("ip"), text("comment")));
                    }
                });
                good(self.begin(), Value::Null)
            }
            "DELETE" => {
                let ids: Vec<&str> =
                    body["items"].as_array().expect("items").iter().map(|it| it["id"].as_str().unwrap()).collect();
                self.change(|place| place.items.retain(|(id, ..)| !ids.contains(&id.as_str())));
                good(self.begin(), Value::Null)
            }
            _ => panic!("{method}"),
        }
    }

    fn begin(&self) -> Value {
        let id = self.id();
        self.operations
            .borrow_mut()
            .insert(id.clone(), (self.slow_by.get(), self.now.get() + 60_000, self.operation_error.borrow().clone()));
        json!({ "operation_id": id })
    }

    fn operation(&self, id: &str) -> Value {
        let mut operations = self.operations.borrow_mut();
        let (looks, _, error) = operations.get_mut(id).expect("an operation");
        *looks = looks.saturating_sub(1);
        match (*looks, error) {
            (0, Some(error)) => json!({ "id": id, "status": "failed", "error": error }),
            (0, None) => json!({ "id": id, "status": "completed", "completed": "2026-04-27T11:19:52Z" }),
            _ => json!({ "id": id, "status": "running" }),
        }
    }

    fn azure(&self, request: &HttpRequest, path: &str, body: &Value, seen: &Place) -> HttpResponse {
        let not_found =
            || http(404, &json!({ "error": { "code": "ResourceNotFound", "message": "The resource was not found." } }));
        let if_match = request.headers.iter().find(|(name, _)| *name == "If-Match").map(|(_, value)| value.clone());
        match request.method {
            "GET" if path.ends_with("/firewallrules") => {
                let below = format!("{path}/");
                let rules =
                    seen.documents.iter().filter(|(key, _)| key.starts_with(&below)).map(|(_, rule)| rule.clone());
                http(200, &json!({ "value": rules.collect::<Vec<_>>() }))
            }
            "GET" => seen.documents.get(path).map_or_else(not_found, |document| http(200, document)),
            "DELETE" => {
                self.change(|place| {
                    place.documents.remove(path);
                });
                HttpResponse { status: 204, headers: Vec::new(), body: Vec::new() }
            }
            "PUT" => {
                let old = self.place.borrow().documents.get(path).cloned();
                if if_match.is_some() && if_match.as_deref() != old.as_ref().and_then(|old| old["etag"].as_str()) {
                    return http(412, &json!({ "error": { "code": "PreconditionFailed", "message": "etag" } }));
                }
                let mut new = body.clone();
                new["name"] = path.rsplit('/').next().unwrap().into();
                if old.is_some() {
                    new["etag"] = format!("W/\"{}\"", self.id()).into();
                }
                self.change(|place| {
                    place.documents.insert(path.to_owned(), new.clone());
                });
                http(200, &new)
            }
            "PATCH" => {
                let Some(mut document) = self.place.borrow().documents.get(path).cloned() else { return not_found() };
                for (name, value) in body["properties"].as_object().expect("properties") {
                    document["properties"][name] = value.clone();
                }
                self.change(|place| {
                    place.documents.insert(path.to_owned(), document.clone());
                });
                http(200, &document)
            }
            method => panic!("{method}"),
        }
    }

    fn receive(&self, body: &Value) {
        let entries = body["entries"].as_array().expect("entries").iter().map(|it| it.as_str().unwrap().to_owned());
        let entries: Vec<String> = entries.collect();
        self.change(|place| place.received.clone_from(&entries));
    }
}

fn page(seen: &Place, query: &str, good: &dyn Fn(Value, Value) -> HttpResponse) -> HttpResponse {
    assert!(query.starts_with("per_page=500"), "{query}");
    let from: usize = query.split_once("cursor=c").map_or(0, |(_, from)| from.parse().unwrap());
    // Pages of three, so that lists have several.
    let shown = seen.items.iter().skip(from).take(3).map(|(id, ip, comment)| {
        let mut item =
            json!({ "id": id, "ip": ip, "created_on": "2026-01-01T00:00:00Z", "modified_on": "2026-01-01T00:00:00Z" });
        if let Some(comment) = comment {
            item["comment"] = comment.as_str().into();
        }
        item
    });
    let cursors = if from + 3 < seen.items.len() { json!({ "after": format!("c{}", from + 3) }) } else { json!({}) };
    good(shown.collect(), json!({ "cursors": cursors }))
}

fn http(status: u16, body: &Value) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpResponse { status, headers, body: body.to_string().into_bytes() }
}

fn refused(status: u16, code: u32, message: &str) -> HttpResponse {
    http(
        status,
        &json!({ "success": false, "errors": [{ "code": code, "message": message }], "messages": [], "result": null }),
    )
}

/// An error in the form of both services.
fn error(status: u16) -> HttpResponse {
    let both = json!({
        "success": false, "errors": [{ "code": 10000, "message": "no" }], "result": null,
        "error": { "code": "SomeError", "message": "no" },
    });
    http(status, &both)
}

impl Fetcher for World {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, FetchFailure> {
        if request.url.starts_with("https://login.test/") {
            return Ok(http(200, &json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": "t" })));
        }
        self.calls.borrow_mut().push(request.clone());
        let next = self.faults.borrow_mut().pop_front();
        self.now.set(self.now.get() + 50);
        match next.unwrap_or_else(|| self.always.get()) {
            Fault::None => Ok(self.answer(&request, false)),
            Fault::Stale => Ok(self.answer(&request, request.method == "GET")),
            Fault::Busy => Ok(error(429)),
            Fault::Conflict => Ok(error(409)),
            Fault::Forbidden => Ok(error(403)),
            Fault::RoleMissing => Ok(http(
                403,
                &json!({ "error": { "code": "AuthorizationFailed", "message": "The client has no authorization." } }),
            )),
            Fault::Throttled => {
                let mut answer = error(429);
                answer.headers.push(("retry-after".into(), "30".into()));
                Ok(answer)
            }
            Fault::ServerError => Ok(error(500)),
            Fault::ServerErrorAfterwards => {
                self.answer(&request, false);
                Ok(error(500))
            }
            Fault::TimesOut => Err(FetchFailure::TimedOut),
            Fault::TimesOutAfterwards => {
                self.answer(&request, false);
                Err(FetchFailure::TimedOut)
            }
            Fault::Lost => Err(FetchFailure::ConnectionLost),
            Fault::Half => {
                let mut answer = self.answer(&request, false);
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
        }
    }
}

impl Clock for World {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.now.get())
    }

    async fn sleep(&self, millis: u32) {
        self.now.set(self.now.get() + u64::from(millis));
    }
}

impl Store for World {
    async fn get(&self, key: &str) -> Result<Option<String>, StoreFailure> {
        match self.kv.get() {
            Kv::Down => Err(StoreFailure::Unavailable("down".into())),
            Kv::Stale => Ok(self.store_before.borrow().get(key).cloned()),
            _ => Ok(self.store.borrow().get(key).cloned()),
        }
    }

    async fn put(&self, key: &str, value: &str, _: Option<u32>) -> Result<(), StoreFailure> {
        self.kv_writes.set(self.kv_writes.get() + 1);
        let lost = Err(StoreFailure::Unavailable("503".into()));
        if matches!(self.kv.get(), Kv::Down | Kv::LosesWrites) {
            return lost;
        }
        *self.store_before.borrow_mut() = self.store.borrow().clone();
        self.store.borrow_mut().insert(key.to_owned(), value.to_owned());
        if self.kv.get() == Kv::LosesAnswers { lost } else { Ok(()) }
    }
}

impl Dialer for World {
    async fn dial(&self, _: &[String], _: u32) -> Vec<Dial> {
        Vec::new()
    }
}

// Nobody signs in here.
impl Verifier for World {
    async fn verify_rs256(&self, _: &str, _: &str, _: &[u8], _: &[u8]) -> bool {
        false
    }
}

impl Limiter for World {
    async fn count(&self, _: &str) -> Option<bool> {
        None
    }
}
