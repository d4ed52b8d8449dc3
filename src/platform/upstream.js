// The request to the origin.

// Between the operator and the guard only; the origin never sees them.
const TOKEN = "X-Origin-Guard-Token";
export const REHEARSE = "X-Origin-Guard-Rehearse";

/** The request to the origin: the client's own, to the gateway's name. */
export function upstream_of(request, lane) {
  if (lane.base === "") return withoutOperatorHeaders(request);
  const upstream = new Request(lane.base + request.url.slice(lane.prefix.length), request);
  const { headers } = upstream;
  headers.set("X-Forwarded-Host", lane.authority);
  headers.set("X-Forwarded-Proto", lane.scheme);
  headers.delete(TOKEN);
  headers.delete(REHEARSE);
  return upstream;
}

// `zone` route: the request as it came, copied only where it carries what the origin must not see.
function withoutOperatorHeaders(request) {
  if (!request.headers.has(TOKEN) && !request.headers.has(REHEARSE)) return request;
  const upstream = new Request(request);
  upstream.headers.delete(TOKEN);
  upstream.headers.delete(REHEARSE);
  return upstream;
}
