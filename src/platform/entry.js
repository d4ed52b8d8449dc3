import * as guard from "wasm-bindgen-output";
export default {
  fetch: (request, env, ctx) => guard.fetch(request, env, ctx),
  scheduled: (event, env, ctx) => guard.scheduled(event, env, ctx),
};
