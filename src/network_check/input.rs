//! From text to documents: every form in which the command line, the REST API and its examples print them.

use serde_json::{Map, Value};

use super::field::{field, text};
use super::resource_id;

/// The most octets one document may have.
pub const MAX_DOCUMENT_BYTES: usize = 4 * 1024 * 1024;
/// The most that the values of one document may take in memory, in octets; a Worker has 128 MB.
const MAX_MEMORY: usize = 80 * 1024 * 1024;
/// Of one text; more say nothing new.
const MAX_FAULTS: usize = 20;

/// What a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// API Management service.
    Service,
    /// Its network status, of one location.
    NetworkStatus,
    /// Virtual network.
    VirtualNetwork,
    /// Subnet.
    Subnet,
    /// Route table.
    RouteTable,
    /// Network security group.
    SecurityGroup,
    /// Service tags: the downloaded file, the discovery API, or one tag.
    ServiceTags,
    /// A DNS record of a Cloudflare zone.
    DnsRecord,
}

impl Kind {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Service => "API Management service",
            Self::NetworkStatus => "network status",
            Self::VirtualNetwork => "virtual network",
            Self::Subnet => "subnet",
            Self::RouteTable => "route table",
            Self::SecurityGroup => "network security group",
            Self::ServiceTags => "service tags",
            Self::DnsRecord => "Cloudflare DNS record",
        }
    }
}

/// One document that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it is about.
    pub kind: Kind,
    /// The document itself, without what it was wrapped in.
    pub value: Value,
    /// Where it is from: a file name or "request".
    pub source: String,
    /// Only for [`Kind::NetworkStatus`]: its location, where that is known.
    pub location: Option<String>,
}

/// What could not be read, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it is from.
    pub source: String,
    /// Where in it: `documents[1]`, empty for the whole.
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub mend: &'static str,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = if self.path.is_empty() { String::new() } else { format!(" at {}", self.path) };
        write!(f, "{}{at}: {}. {}", self.source, self.problem, self.mend)
    }
}

/// A document that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// What it would be.
    pub kind: Kind,
    /// Its resource id; of [`Kind::NetworkStatus`] that of the service, of [`Kind::ServiceTags`] any.
    pub id: String,
    /// Why, without a full stop.
    pub reason: String,
    /// What mends it, where a command does.
    pub command: Option<String>,
}

/// What came of a text.
pub type Read = (Vec<Document>, Vec<Fault>);

/// Reads `octets`; what is wrong with one part does not hide the others.
pub fn read(source: &str, octets: &[u8]) -> Read {
    let fault = |problem: String, mend| (Vec::new(), vec![fault(source, "", problem, mend)]);
    if octets.len() > MAX_DOCUMENT_BYTES {
        return fault(format!("it has {} octets, more than {MAX_DOCUMENT_BYTES}", octets.len()), TOO_LARGE);
    }
    if memory(octets) > MAX_MEMORY {
        return fault("it holds more values than can be kept in memory at once".into(), LESS);
    }
    if octets.starts_with(&[0xff, 0xfe]) || octets.starts_with(&[0xfe, 0xff]) {
        return fault("it is UTF-16, not UTF-8".into(), "In PowerShell write it with `| Out-File -Encoding utf8`.");
    }
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    match serde_json::from_slice(octets) {
        Ok(value) => read_value(source, value),
        Err(error) if octets.iter().all(u8::is_ascii_whitespace) => fault(format!("it is empty ({error})"), AGAIN),
        Err(error) if error.is_eof() => fault(format!("it ends in the middle ({error})"), AGAIN),
        Err(error) => fault(format!("it is not JSON ({error})"), "Use `--output json` with `az`."),
    }
}

/// Reads a value that is JSON already.
pub fn read_value(source: &str, value: Value) -> Read {
    let mut reader = Reader { source, documents: Vec::new(), faults: Vec::new() };
    reader.take(value, "");
    (reader.documents, reader.faults)
}

/// What the values take at most, as far as brackets and commas tell: those of short strings and numbers take the most.
fn memory(octets: &[u8]) -> usize {
    let of = |octet: &u8| match octet {
        b'{' => 440,
        b'[' => 112,
        b',' => 40,
        _ => 0,
    };
    octets.iter().map(of).fold(0, usize::saturating_add)
}

const LESS: &str = "Give the resources of one instance alone.";
const AGAIN: &str = "Fetch it again and check that the command succeeded.";
const TOO_LARGE: &str = "Of the tag file keep what is needed: `jq -c '{changeNumber, cloud, values: [.values[] | \
    select(.name | test(\"^(ApiManagement|AzureCloud|AzureMonitor|AzureTrafficManager|Storage|Sql|AzureKeyVault)\"))]}'`.";
const KINDS: &str = "Give an API Management service, network status, virtual network, subnet, route table, network \
    security group, service tags or Cloudflare DNS records.";

fn fault(source: &str, path: &str, problem: String, mend: &'static str) -> Fault {
    Fault { source: source.to_owned(), path: path.to_owned(), problem, mend }
}

struct Reader<'a> {
    source: &'a str,
    documents: Vec<Document>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn take(&mut self, value: Value, path: &str) {
        match value {
            Value::Array(items) => self.take_all(items, path),
            Value::Object(members) => self.take_object(members, path),
            other => self.refuse(path, format!("{} is no document", shorten(&other.to_string()))),
        }
    }

    fn take_all(&mut self, items: Vec<Value>, path: &str) {
        for (index, item) in items.into_iter().enumerate() {
            self.take(item, &format!("{path}[{index}]"));
        }
    }

    /// A document, or something that one or several are wrapped in.
    fn take_object(&mut self, mut members: Map<String, Value>, path: &str) {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if let Some(error) = members.get("error").filter(|error| error.is_object()) {
            let (code, message) = (text(error, "code").unwrap_or("?"), text(error, "message").unwrap_or("no message"));
            return self.refuse_with(
                path,
                format!("Azure answered with the error {code}: {}", shorten(message)),
                AGAIN,
            );
        }
        if let Some(body) = members.get_mut("responses").and_then(response) {
            return self.take(body, &below("responses"));
        }
        if let Some(status) = members.get("networkStatus").filter(|status| status.is_object()) {
            let location = members.get("location").and_then(Value::as_str).map(str::to_owned);
            return self.keep(Kind::NetworkStatus, status.clone(), location);
        }
        let value = Value::Object(members);
        if let Some(kind) = kind(&value) {
            return self.keep(kind, value, None);
        }
        let Value::Object(mut members) = value else { return };
        let holds = |name: &&str| members.get(*name).is_some_and(|inner| inner.is_array() || inner.is_object());
        let wrapped = WRAPPERS.into_iter().find(holds).and_then(|name| Some((name, members.get_mut(name)?.take())));
        match wrapped {
            Some((name, inner)) => self.take(inner, &below(name)),
            None => self.refuse(path, unknown(&members)),
        }
    }

    fn keep(&mut self, kind: Kind, value: Value, location: Option<String>) {
        self.documents.push(Document { kind, value, source: self.source.to_owned(), location });
    }

    fn refuse(&mut self, path: &str, problem: String) {
        self.refuse_with(path, problem, KINDS);
    }

    fn refuse_with(&mut self, path: &str, problem: String, mend: &'static str) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault(self.source, path, problem, mend));
        }
    }
}

/// Members that hold documents: of a request, of an HTTP trace, of a list, of Cloudflare's API.
const WRAPPERS: [&str; 4] = ["documents", "body", "value", "result"];

/// The body of the last successful response, as the examples of the REST API have it.
fn response(responses: &mut Value) -> Option<Value> {
    let responses = responses.as_object_mut()?;
    let status = ["200", "201", "202"].into_iter().find(|status| field_of(responses, status).is_some())?;
    responses.get_mut(status)?.get_mut("body").map(Value::take)
}

fn field_of<'a>(responses: &'a Map<String, Value>, status: &str) -> Option<&'a Value> {
    responses.get(status)?.get("body")
}

/// `type`, else what the id says, else the members that only this kind has.
fn kind(value: &Value) -> Option<Kind> {
    if text(value, "type").is_some() && text(value, "content").is_some() {
        return Some(Kind::DnsRecord);
    }
    let typed = text(value, "type").filter(|kind| kind.contains('/')).map(str::to_ascii_lowercase);
    let named = typed.or_else(|| text(value, "id").and_then(resource_id::kind));
    let by_type = |kind: String| TYPES.iter().find(|(name, _)| *name == kind).map(|(_, kind)| *kind);
    match named {
        Some(kind) => by_type(kind),
        None => SHAPES.iter().find(|(member, _)| field(value, member).is_some()).map(|(_, kind)| *kind),
    }
}

const TYPES: [(&str, Kind); 6] = [
    ("microsoft.apimanagement/service", Kind::Service),
    ("microsoft.network/virtualnetworks", Kind::VirtualNetwork),
    ("microsoft.network/virtualnetworks/subnets", Kind::Subnet),
    ("microsoft.network/routetables", Kind::RouteTable),
    ("microsoft.network/networksecuritygroups", Kind::SecurityGroup),
    ("microsoft.network/servicetags", Kind::ServiceTags),
];

const SHAPES: [(&str, Kind); 10] = [
    ("connectivityStatus", Kind::NetworkStatus),
    ("gatewayUrl", Kind::Service),
    ("virtualNetworkType", Kind::Service),
    ("addressSpace", Kind::VirtualNetwork),
    ("securityRules", Kind::SecurityGroup),
    ("routes", Kind::RouteTable),
    ("values", Kind::ServiceTags),
    ("systemService", Kind::ServiceTags),
    ("networkSecurityGroup", Kind::Subnet),
    ("routeTable", Kind::Subnet),
];

fn unknown(members: &Map<String, Value>) -> String {
    match members.get("type").and_then(Value::as_str) {
        Some(kind) => format!("a document of type {} is none that this check reads", shorten(kind)),
        None if members.is_empty() => "an empty object is no document".into(),
        None => {
            let names: Vec<_> = members.keys().take(5).map(|name| shorten(name)).collect();
            format!("a document with the members {} is none that this check knows", names.join(", "))
        }
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(120).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
