// The life and death of the module's WASM instance.
//
// An instance dies by a trap: a Rust panic (the build is panic = abort), an overflow of its stack, an allocation that
// fails. From then on nothing of it may be called, and a Rust future in flight never settles its promise: left alone,
// the runtime would cancel each such request as hung. So every promise of a Rust future goes through `outlive`.
// What JavaScript answers by itself (`forward.js`) needs no care: it is not part of the instance.
import { __wbg_reset_state as instantiateAnew } from "wasm-bindgen-output";

const waiting = new Set();
let dead = false;

/** `promise`, or a rejection as soon as the instance dies. For slow paths only: it costs two promises. */
export function outlive(promise) {
  return new Promise((resolve, reject) => {
    waiting.add(reject);
    const left = (settle) => (value) => {
      waiting.delete(reject);
      settle(value);
    };
    promise.then(left(resolve), left(reject));
  });
}

/** Hears of panics: `state` is the SDK's, whose panic hook sets `criticalError` before the trap. */
export function watch(state) {
  Object.defineProperty(state, "criticalError", {
    get: () => dead,
    set: (critical) => critical && instanceDied(new Error("the guard's instance panicked")),
  });
}

/** Before each event: a dead instance is replaced. Throws where that fails; the next event tries again. */
export function live() {
  if (dead) revive();
}

/** Takes note of a death, however it became known; any number of times. */
export function instanceDied(cause) {
  if (dead) return;
  dead = true;
  for (const reject of waiting) reject(cause);
  waiting.clear();
  // Not now: the trap may still be on its way up through this instance's frames. Not at the next event: until then a
  // closure of the dead instance would be called in the new one, instead of being refused as stale.
  queueMicrotask(live);
}

function revive() {
  instantiateAnew();
  dead = false;
}

// Traps that are no panics, in a task of their own. V8 reports an overflow of the stack as a RangeError.
const TRAPS = [WebAssembly.RuntimeError, RangeError];
const uncaught = (error) => TRAPS.some((kind) => error instanceof kind) && instanceDied(error);
addEventListener("error", (event) => uncaught(event.error));
addEventListener("unhandledrejection", (event) => uncaught(event.reason));
