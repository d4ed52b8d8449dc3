// The request to the origin.

// Between the operator and the guard only; the origin never sees them.
const TOKEN = "X-Origin-Guard-Token";
export const REHEARSE = "X-Origin-Guard-Rehearse";
// The session of the admin interface: a cookie of the whole host, since the prefix `__Host-` demands `Path=/`.
const SESSION = "__Host-origin-guard";

/** The request to the origin: the client's own, to the gateway's name. */
export function upstream_of(request, lane) {
  if (lane.base === "") return withoutOperatorHeaders(request);
  const upstream = new Request(lane.base + request.url.slice(lane.prefix.length), request);
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
  const pairs = headers.get("Cookie").split(";");
  const others = pairs.filter((pair) => pair.trim().split("=", 1)[0].trim() !== SESSION);
  if (others.length === 0) headers.delete("Cookie");
  else if (others.length < pairs.length) headers.set("Cookie", others.join(";").trim());
}
