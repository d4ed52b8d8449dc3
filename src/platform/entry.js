// The Worker's entry: hands each event to the module, and fails open.
//
// A trap while the module looks at a request comes before anything was sent: the request then goes to its origin
// plainly. A failure after that leaves open what the origin has seen, so the request is not sent again.
import * as guard from "wasm-bindgen-output";
import { forwardPlainly, guardFailed } from "./last_resort.js";
import { instanceDied, live, watch } from "./life.js";

watch(guard.__worker_init_state());

export default {
  fetch(request, env, ctx) {
    let answer;
    try {
      live();
      answer = guard.fetch(request, env, ctx);
    } catch (trap) {
      instanceDied(trap);
      return forwardPlainly(request, env, trap);
    }
    return answer.catch((cause) => guardFailed(env, cause));
  },

  scheduled(event, env, ctx) {
    live();
    return guard.scheduled(event, env, ctx);
  },
};
