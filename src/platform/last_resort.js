// What still works when the module does not. It must not ask the module anything, so it reads the configuration by
// itself and as loosely as it can: a value that it does not understand counts as not given.
import { Lane } from "./lanes.js";
import { upstream_of } from "./upstream.js";

// As the catalogue has them (`src/problem/catalogue`).
const TITLE = "Guard internal error";
const DETAIL =
  "The guard before this service failed because of a fault of its own. " +
  "It is not certain whether your request was processed; repeat it only if doing it twice does no harm.";
const AUTHORITY = /^[a-z0-9.-]+(:\d+)?$/i;

/** Sends a request that nothing was done with to its origin, or says that this cannot be done. */
export async function forwardPlainly(request, env, cause) {
  const lane = looseLane(request.url, configuration(env));
  if (request.bodyUsed || !lane.leadsToOrigin(request.url)) return guardFailed(env, cause);
  console.error("The guard failed before it sent the request; it is forwarded plainly.", cause);
  return fetch(upstream_of(request, lane, request.url));
}

/** The answer where nothing else is left (contract: `guard_internal_error`). Names neither origin nor cause. */
export function guardFailed(env, cause) {
  console.error("The guard failed; the request is answered with an error.", cause);
  const problem = {
    type: `${adminPath(configuration(env))}/problems/guard_internal_error`,
    title: TITLE,
    status: 500,
    detail: DETAIL,
    code: "guard_internal_error",
    category: "guard",
    retryable: false,
    owner_action_required: true,
    who_acts: "api_owner",
    timestamp: new Date().toISOString(),
  };
  return new Response(JSON.stringify(problem), {
    status: 500,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Origin-Guard": problem.code,
      "X-Content-Type-Options": "nosniff",
    },
  });
}

function looseLane(requestUrl, guard) {
  const { hostname, origin: prefix } = new URL(requestUrl);
  const origin = originOf(hostname, guard);
  const direct = origin && origin.route !== "zone";
  const base = direct ? `${origin.scheme ?? "https"}://${origin.hostname}` : origin && "";
  return new Lane(prefix, base, undefined, adminPath(guard));
}

// As the module chooses: an exact name over a wildcard, a longer wildcard over a shorter one, then the default.
function originOf(host, guard) {
  const origins = list(guard.origins).filter((origin) => AUTHORITY.test(origin?.hostname ?? ""));
  const same = (text, pattern) => String(text).toLowerCase() === pattern;
  const serves = (pattern) => origins.find((origin) => list(origin.serves).some((text) => same(text, pattern)));
  for (let pattern = host, rest = host; rest; pattern = `*.${rest}`) {
    const found = serves(pattern);
    if (found) return found;
    rest = rest.slice(rest.indexOf(".") + 1 || rest.length);
  }
  return origins.find((origin) => list(origin.serves).length === 0);
}

function list(value) {
  return Array.isArray(value) ? value : [];
}

function adminPath(guard) {
  const path = guard.admin?.path;
  return typeof path === "string" && path.startsWith("/") ? path : "/__guard";
}

function configuration(env) {
  try {
    return (typeof env.GUARD === "string" ? JSON.parse(env.GUARD) : env.GUARD) ?? {};
  } catch {
    return {};
  }
}
