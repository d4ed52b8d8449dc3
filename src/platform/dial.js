// One TCP connection, opened to see whether it opens.
import { connect } from "cloudflare:sockets";

import { elapsed } from "./forward.js";

/** Connects to `peer` ("host:port") and closes the connection again. Rejects with the runtime's words, or a `TimeoutError`. */
export async function open_and_close(peer, timeoutMs) {
  const socket = connect(peer);
  const late = elapsed(timeoutMs).then(() => {
    throw new DOMException("no connection in time", "TimeoutError");
  });
  try {
    await Promise.race([socket.opened, late]);
  } finally {
    // Both end as `opened` did; nobody waits for them.
    for (const end of [socket.closed, socket.close(), late, socket.opened]) end.catch(() => {});
  }
}
