// The Worker's entry: sends each request along its lane or hands it to the module, and fails open.
//
// A trap while the module looks for the lane comes before anything was sent: the request then goes to its origin
// plainly. A failure after that leaves open what the origin has seen, so the request is not sent again.
import * as guard from "wasm-bindgen-output";
import { forward } from "./forward.js";
import { keptLane } from "./lanes.js";
import { forwardPlainly, guardFailed } from "./last_resort.js";
import { instanceDied, live, watch } from "./life.js";
import { REHEARSE } from "./upstream.js";

watch(guard.__worker_init_state());

export default {
  fetch(request, env, ctx) {
    // Read once: every look at a request's own property is a call into the runtime.
    const { url, headers } = request;
    const lane = keptLane(url);
    if (lane === undefined || !lane.leadsToOrigin(url) || headers.has(REHEARSE)) return decide(request, env, ctx);
    return forward(request, env, ctx, lane, url);
  },

  scheduled(event, env, ctx) {
    live();
    return guard.scheduled(event, env, ctx);
  },
};

// A host that is seen for the first time, a request for the guard itself, or a rehearsal.
async function decide(request, env, ctx) {
  let lane;
  try {
    live();
    lane = guard.lane(request, env);
  } catch (trap) {
    instanceDied(trap);
    return forwardPlainly(request, env, trap);
  }
  try {
    if (!lane.leadsToOrigin(request.url)) return await guard.answer(request, env);
    const rehearsed = request.headers.has(REHEARSE) ? guard.rehearse(request, env) : undefined;
    return rehearsed ?? (await forward(request, env, ctx, lane, request.url));
  } catch (cause) {
    return guardFailed(env, cause);
  }
}
