//! Title and public detail of each code: what a client is told, and no more than the code means.

use super::super::Code;

/// The request cannot have reached the origin.
macro_rules! unsent {
    ($cause:literal) => {
        concat!("The service behind this address cannot be reached: ", $cause, ". Your request was not passed on.")
    };
}

/// Whether the request reached the origin is open.
macro_rules! uncertain {
    ($cause:literal) => {
        concat!(
            $cause,
            " It is not certain whether your request was processed; repeat it only if doing it twice does no harm."
        )
    };
}

/// A request to the guard's own admin interface.
macro_rules! admin {
    ($cause:literal) => {
        concat!($cause, " This answer is the guard's own; the origin was not asked.")
    };
}

/// Title and public detail.
pub(super) const fn words(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::OriginNameNotFound => ("Origin name not found", unsent!("its name is not found in DNS")),
        Code::OriginNameHasNoAddress => {
            ("Origin name has no address", unsent!("its name is known in DNS but has no address"))
        }
        Code::OriginDnsServerFailure => {
            ("Origin DNS servers fail", unsent!("the DNS servers asked for its name fail or refuse to answer"))
        }
        Code::OriginDnssecInvalid => {
            ("Origin DNSSEC validation failed", unsent!("the DNS answer for its name could not be validated (DNSSEC)"))
        }
        Code::OriginChainInvalid => {
            ("Origin alias chain is broken", unsent!("the DNS aliases of its name form a loop or are too many"))
        }
        Code::OriginAddressNotPublic => {
            ("Origin address is not public", unsent!("its name has no address that the internet can reach"))
        }
        Code::OriginDnsDisagreement => (
            "Origin name resolves in some places only",
            unsent!("its name could not be resolved for your request, though DNS does not fail everywhere"),
        ),
        Code::OriginDnsUnconfirmed => (
            "Origin name could not be resolved",
            unsent!("its name could not be resolved, and why could not be checked"),
        ),
        Code::OriginConnectionRefused => ("Origin refused the connection", unsent!("it refuses connections")),
        Code::OriginConnectionTimeout => (
            "Connection to the origin timed out",
            uncertain!("The connection to the service behind this address timed out."),
        ),
        Code::OriginUnreachable => (
            "Origin unreachable",
            uncertain!("The service behind this address could not be reached, or the connection to it was lost."),
        ),
        Code::OriginAddressStale => (
            "Origin address out of date",
            uncertain!("The service behind this address has moved, and the connection went to where it was before."),
        ),
        Code::OriginResponseTimeout => {
            ("Origin did not answer in time", uncertain!("The service behind this address did not answer in time."))
        }
        Code::OriginResponseInvalid => (
            "Origin answer not understood",
            uncertain!("The service behind this address gave no answer that could be understood."),
        ),
        Code::OriginTlsFailed => {
            ("TLS handshake with the origin failed", unsent!("no encrypted connection to it could be set up"))
        }
        Code::OriginCertificateInvalid => {
            ("Origin certificate not valid", unsent!("its TLS certificate could not be verified"))
        }
        Code::ApimSubscriptionDisabled => (
            "Azure subscription disabled",
            "The cloud subscription that the service behind this address runs in is disabled.",
        ),
        Code::ApimStopped => ("API gateway stopped", "The API gateway behind this address is stopped."),
        Code::ApimSoftDeleted => (
            "API gateway deleted, can be restored",
            "The API gateway behind this address was deleted; it can still be restored.",
        ),
        Code::ApimNotFound => ("API gateway does not exist", "The API gateway behind this address does not exist."),
        Code::ApimUpdating => ("API gateway is being updated", "The API gateway behind this address is being updated."),
        Code::ApimPublicAccessDisabled => (
            "API gateway closed to the internet",
            "The API gateway behind this address does not accept connections from the internet.",
        ),
        Code::ApimInternalNetwork => (
            "API gateway in an internal network",
            "The API gateway behind this address can be reached from its own network only.",
        ),
        Code::OriginNameDangling => {
            ("Origin name abandoned", unsent!("its name is not found in DNS, and the gateway it belonged to is gone"))
        }
        Code::OriginNameReclaimed => (
            "Origin name not proven to be the same",
            unsent!("its name is back in DNS, but it is not proven that it belongs to the same owner as before"),
        ),
        Code::CloudflareDirectIp => (
            "Cloudflare 1003: address instead of a name",
            unsent!("it is set up by address, where a host name is needed"),
        ),
        Code::CloudflareProhibitedAddress => (
            "Cloudflare 1000 or 1002: prohibited address",
            unsent!("its name or the request leads to what Cloudflare does not allow as an origin"),
        ),
        Code::CloudflareCnameCrossAccount => (
            "Cloudflare 1014: alias to another account",
            unsent!("its name is an alias of a name in another Cloudflare account"),
        ),
        Code::CloudflareWorkerLoop => {
            ("Cloudflare 1019: Worker calls itself", unsent!("requests to it return to the same Worker"))
        }
        Code::CloudflareSameZoneWorker => (
            "Cloudflare 1042: Worker of the same zone",
            unsent!("it is another Worker, which this one may not call this way"),
        ),
        Code::CloudflareTunnelDown => {
            ("Cloudflare 1033: tunnel down", unsent!("the tunnel that leads to it is not connected"))
        }
        Code::CloudflareErrorUnrecognised => (
            "Other Cloudflare error",
            "Cloudflare answered with an error of its own instead of the service behind this address.",
        ),
        Code::GuardConfigInvalid => (
            "Guard configuration invalid",
            "The guard before this service cannot tell from its configuration where to send the request. It was not passed on.",
        ),
        Code::GuardInternalError => {
            ("Guard internal error", uncertain!("The guard before this service failed because of a fault of its own."))
        }
        Code::AdminUnauthenticated => ("Not authenticated", admin!("This path needs a valid credential.")),
        Code::AdminForbidden => {
            ("Forbidden", admin!("This path is not open to this client, or to anyone until access is configured."))
        }
        Code::AdminNotFound => ("No such admin path", admin!("Nothing is found at this path.")),
        Code::AdminMethodNotAllowed => {
            ("Method not allowed", admin!("This path does not have this method; `Allow` lists the methods it has."))
        }
        Code::AdminRateLimited => ("Too many attempts", admin!("There were too many requests of this kind.")),
        Code::AdminBadRequest => ("Request not understood", admin!("The request cannot be understood.")),
        Code::AllowlistUnknown => (
            "Allowlist not known",
            admin!("No allowlist can be given: the gateway's declared addresses are not known."),
        ),
    }
}
