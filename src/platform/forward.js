// The proxied exchange. On the happy path nothing else runs between routing and the answer: no module code, no
// clock but the deadline, and the origin's own Response object is what goes back.

import { guardFailed } from "./last_resort.js";
import { upstream_of } from "./upstream.js";

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

/** Sends `request`, whose URL is `url`, along `lane`. Always comes to an answer. */
export function forward(request, env, ctx, lane, url) {
  return new Promise((resolve) => {
    const judge = async (response, error) => {
      try {
        resolve(await onTrouble(request, env, ctx, lane, response, error));
      } catch (trap) {
        // The module trapped: what the origin answered is still good.
        resolve(response && !response.bodyUsed ? response : guardFailed(env, trap));
      }
    };
    let upstream;
    try {
      upstream = upstream_of(request, lane, url);
    } catch (refusal) {
      // The runtime may not make a request of what it let in itself.
      resolve(guardFailed(env, refusal));
      return;
    }
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      judge(undefined, DEADLINE_PASSED);
    }, lane.timeoutMs);
    fetch(upstream).then(
      (response) => {
        if (late) return void response.body?.cancel();
        clearTimeout(deadline);
        if (response.status < 400 && !watching) resolve(response);
        else judge(response, undefined);
      },
      (error) => {
        if (late) return;
        clearTimeout(deadline);
        judge(undefined, error);
      },
    );
  });
}

/** Sends `request` along `lane` once more. Resolves to `undefined` where there is no answer in time. */
export function send_again(request, lane) {
  return Promise.race([fetch(upstream_of(request, lane, request.url)), elapsed(lane.timeoutMs)]);
}

/** Resolves after so many milliseconds. */
export function elapsed(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
