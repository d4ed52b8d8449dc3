// The request to the origin.

// Between the operator and the guard only; the origin never sees them.
const TOKEN = "X-Origin-Guard-Token";
export const REHEARSE = "X-Origin-Guard-Rehearse";
// The session of the admin interface: a cookie of the whole host, since the prefix `__Host-` demands `Path=/`.
const SESSION = "__Host-origin-guard";
// A pair with it. `Cookie` should come once; the runtime joins fields of one name with commas.
const PAIR = new RegExp(`(?:^|[;,])\\s*${SESSION}\\s*=[^;,]*`, "g");

/** The request to the origin: the client's own, whose URL is `url`, to the gateway's name. */
export function upstream_of(request, lane, url) {
  if (lane.base === "") return withoutOperatorHeaders(request);
  const upstream = new Request(lane.base + url.slice(lane.prefix.length), request);
  const { headers } = upstream;
  headers.set("X-Forwarded-Host", lane.authority);
  headers.set("X-Forwarded-Proto", lane.scheme);
  dropOperatorHeaders(headers);
  return upstream;
}

// `zone` route: the request as it came, copied only where it carries what the origin must not see.
function withoutOperatorHeaders(request) {
  const { headers } = request;
  if (!headers.has(TOKEN) && !headers.has(REHEARSE) && !hasSession(headers)) return request;
  const upstream = new Request(request);
  dropOperatorHeaders(upstream.headers);
  return upstream;
}

function dropOperatorHeaders(headers) {
  headers.delete(TOKEN);
  headers.delete(REHEARSE);
  if (hasSession(headers)) dropSession(headers);
}

function hasSession(headers) {
  return headers.get("Cookie")?.includes(SESSION) ?? false;
}

// The other cookies stay as they are.
function dropSession(headers) {
  const all = headers.get("Cookie");
  const others = all.replace(PAIR, "").replace(/^[;,]\s*/, "");
  if (others.trim() === "") headers.delete("Cookie");
  else if (others !== all) headers.set("Cookie", others);
}
