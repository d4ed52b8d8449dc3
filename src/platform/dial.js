// TCP connections, opened to see whether they open.
import { connect } from "cloudflare:sockets";

import { elapsed } from "./forward.js";

const NOT_IN_TIME = "";

/**
 * Connects to each of `peers` ("host:port") at once and closes the connections again. Resolves to a pair for each: the
 * milliseconds it took, and `undefined` where it opened, `""` where the time passed, else the runtime's words.
 */
export function open_and_close(peers, timeoutMs) {
  return Promise.all(peers.map((peer) => dial(peer, timeoutMs)));
}

async function dial(peer, timeoutMs) {
  const begun = Date.now();
  // After its first sentence the runtime only advises to use fetch.
  const trouble = await open(peer, timeoutMs).catch((error) => String(error.message).split(". ", 1)[0]);
  return [Date.now() - begun, trouble];
}

async function open(peer, timeoutMs) {
  const socket = connect(peer);
  try {
    return await Promise.race([socket.opened.then(() => undefined), elapsed(timeoutMs).then(() => NOT_IN_TIME)]);
  } finally {
    // Nobody waits for its end.
    for (const end of [socket.close(), socket.closed]) end.catch(() => {});
  }
}
