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

/// The title: short, the same at every occurrence.
pub(super) const fn title(code: Code) -> &'static str {
    match code {
        Code::OriginNameNotFound => "Origin name not found",
        Code::OriginNameHasNoAddress => "Origin name has no address",
        Code::OriginDnsServerFailure => "Origin DNS servers fail",
        Code::OriginDnssecInvalid => "Origin DNSSEC validation failed",
        Code::OriginChainInvalid => "Origin alias chain is broken",
        Code::OriginAddressNotPublic => "Origin address is not public",
        Code::OriginDnsDisagreement => "Origin name resolves in some places only",
        Code::OriginDnsUnconfirmed => "Origin name could not be resolved",
        Code::OriginConnectionRefused => "Origin refused the connection",
        Code::OriginConnectionTimeout => "Connection to the origin timed out",
        Code::OriginUnreachable => "Origin unreachable",
        Code::OriginAddressStale => "Origin address out of date",
        Code::OriginResponseTimeout => "Origin did not answer in time",
        Code::OriginResponseInvalid => "Origin answer not understood",
        Code::OriginTlsFailed => "TLS handshake with the origin failed",
        Code::OriginCertificateInvalid => "Origin certificate not valid",
        Code::ApimSubscriptionDisabled => "Azure subscription disabled",
        Code::ApimStopped => "API gateway stopped",
        Code::ApimSoftDeleted => "API gateway deleted, can be restored",
        Code::ApimNotFound => "API gateway does not exist",
        Code::ApimUpdating => "API gateway is being updated",
        Code::ApimPublicAccessDisabled => "API gateway closed to the internet",
        Code::ApimInternalNetwork => "API gateway in an internal network",
        Code::OriginNameDangling => "Origin name abandoned",
        Code::OriginNameReclaimed => "Origin name not proven to be the same",
        Code::CloudflareDirectIp => "Cloudflare 1003: address instead of a name",
        Code::CloudflareProhibitedAddress => "Cloudflare 1000 or 1002: prohibited address",
        Code::CloudflareCnameCrossAccount => "Cloudflare 1014: alias to another account",
        Code::CloudflareWorkerLoop => "Cloudflare 1019: Worker calls itself",
        Code::CloudflareSameZoneWorker => "Cloudflare 1042: Worker of the same zone",
        Code::CloudflareTunnelDown => "Cloudflare 1033: tunnel down",
        Code::CloudflareErrorUnrecognised => "Other Cloudflare error",
        Code::GuardConfigInvalid => "Guard configuration invalid",
        Code::GuardInternalError => "Guard internal error",
        Code::AdminUnauthenticated => "Not authenticated",
        Code::AdminForbidden => "Forbidden",
        Code::AdminNotFound => "No such admin path",
        Code::AdminMethodNotAllowed => "Method not allowed",
        Code::AdminRateLimited => "Too many attempts",
        Code::AdminBadRequest => "Request not understood",
        Code::AllowlistUnknown => "Allowlist not known",
    }
}

/// What strangers are told.
pub(super) const fn public_detail(code: Code) -> &'static str {
    match code {
        Code::OriginNameNotFound => unsent!("its name is not found in DNS"),
        Code::OriginNameHasNoAddress => unsent!("its name is known in DNS but has no address"),
        Code::OriginDnsServerFailure => unsent!("the DNS servers asked for its name fail or refuse to answer"),
        Code::OriginDnssecInvalid => unsent!("the DNS answer for its name could not be validated (DNSSEC)"),
        Code::OriginChainInvalid => unsent!("the DNS aliases of its name form a loop or are too many"),
        Code::OriginAddressNotPublic => unsent!("its name has no address that the internet can reach"),
        Code::OriginDnsDisagreement => {
            unsent!("its name could not be resolved for your request, though DNS does not fail everywhere")
        }
        Code::OriginDnsUnconfirmed => unsent!("its name could not be resolved, and why could not be checked"),
        Code::OriginConnectionRefused => unsent!("it refuses connections"),
        Code::OriginConnectionTimeout => uncertain!("The connection to the service behind this address timed out."),
        Code::OriginUnreachable => {
            uncertain!("The service behind this address could not be reached, or the connection to it was lost.")
        }
        Code::OriginAddressStale => {
            uncertain!(
                "The connection to the service behind this address failed; the address in use may not be its present one."
            )
        }
        Code::OriginResponseTimeout => uncertain!("The service behind this address did not answer in time."),
        Code::OriginResponseInvalid => {
            uncertain!("The service behind this address gave no answer that could be understood.")
        }
        Code::OriginTlsFailed => unsent!("no encrypted connection to it could be set up"),
        Code::OriginCertificateInvalid => unsent!("its TLS certificate could not be verified"),
        Code::ApimSubscriptionDisabled => {
            "The cloud subscription that the service behind this address runs in is disabled."
        }
        Code::ApimStopped => "The API gateway behind this address is stopped.",
        Code::ApimSoftDeleted => "The API gateway behind this address was deleted; it can still be restored.",
        Code::ApimNotFound => "The API gateway behind this address does not exist.",
        Code::ApimUpdating => "The API gateway behind this address is being updated.",
        Code::ApimPublicAccessDisabled => {
            "The API gateway behind this address does not accept connections from the internet."
        }
        Code::ApimInternalNetwork => "The API gateway behind this address can be reached from its own network only.",
        Code::OriginNameDangling => unsent!("its name is not found in DNS, and the gateway it belonged to is gone"),
        Code::OriginNameReclaimed => {
            unsent!("its name is back in DNS, but it is not proven that it belongs to the same owner as before")
        }
        Code::CloudflareDirectIp => unsent!("it is set up by address, where a host name is needed"),
        Code::CloudflareProhibitedAddress => {
            unsent!("its name or the request leads to what Cloudflare does not allow as an origin")
        }
        Code::CloudflareCnameCrossAccount => unsent!("its name is an alias of a name in another Cloudflare account"),
        Code::CloudflareWorkerLoop => unsent!("requests to it return to the same Worker"),
        Code::CloudflareSameZoneWorker => unsent!("it is another Worker, which this one may not call this way"),
        Code::CloudflareTunnelDown => unsent!("the tunnel that leads to it is not connected"),
        Code::CloudflareErrorUnrecognised => {
            "Cloudflare answered with an error of its own instead of the service behind this address."
        }
        Code::GuardConfigInvalid => {
            "The guard before this service cannot tell from its configuration where to send the request. It was not passed on."
        }
        Code::GuardInternalError => uncertain!("The guard before this service failed because of a fault of its own."),
        Code::AdminUnauthenticated => admin!("This path needs a valid credential."),
        Code::AdminForbidden => {
            admin!("This path is not open to this client, or to anyone until access is configured.")
        }
        Code::AdminNotFound => admin!("Nothing is found at this path."),
        Code::AdminMethodNotAllowed => admin!("This path does not have this method; `Allow` lists the methods it has."),
        Code::AdminRateLimited => admin!("There were too many requests of this kind."),
        Code::AdminBadRequest => admin!("The request cannot be understood."),
        Code::AllowlistUnknown => admin!("No allowlist can be given: the gateway's declared addresses are not known."),
    }
}
