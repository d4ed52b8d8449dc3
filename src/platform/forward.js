// The proxied exchange. On the happy path nothing else runs between routing and the answer: no module code, no
// clock but the deadline, and the origin's own Response object is what goes back.

let onTrouble;
let watching = false;

/** Sets what judges a failed or suspect exchange: (request, env, ctx, lane, response?, error?) => Response | Promise. */
export function install_judge(judge) {
  onTrouble = judge;
}

/** While an origin is known to fail, good answers are shown to the judge as well, so that it sees the recovery. */
export function watch_recovery(on) {
  watching = on;
}

/** Rejection reason of an exchange whose deadline passed. */
export const DEADLINE_PASSED = new Error("the response's head did not come in time");

/** Sends `request` along `lane`. Never rejects unless the module traps before there is an answer. */
export function forward(request, env, ctx, lane) {
  const upstream = upstream_of(request, lane);
  return new Promise((resolve, reject) => {
    const judge = async (response, error) => {
      try {
        resolve(await onTrouble(request, env, ctx, lane, response, error));
      } catch (trap) {
        // The module trapped: what the origin answered is still good.
        if (response && !response.bodyUsed) resolve(response);
        else reject(trap);
      }
    };
    const deadline = setTimeout(judge, lane.timeoutMs, undefined, DEADLINE_PASSED);
    fetch(upstream).then(
      (response) => {
        clearTimeout(deadline);
        if (response.status < 400 && !watching) resolve(response);
        else judge(response, undefined);
      },
      (error) => {
        clearTimeout(deadline);
        judge(undefined, error);
      },
    );
  });
}

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

/** Resolves after so many milliseconds. */
export function elapsed(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
