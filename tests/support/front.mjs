// What Cloudflare's edge does before the guard: it tells the client's address. Here each request is of another client, so that wrong
// credentials of one do not close the door to the next.

import { createServer, request } from "node:http";

import { listen } from "./process.mjs";

/** Starts it before the loopback `port`; requests that it handed on are counted by status. */
export async function startFront(port) {
  const front = { statuses: {}, count: 0 };
  const server = createServer((asked, response) => {
    const headers = { ...asked.headers, "cf-connecting-ip": `2001:db8:${(front.count++).toString(16)}::1` };
    const onward = request(
      { port, host: "127.0.0.1", method: asked.method, path: asked.url, headers, agent: false },
      (answer) => {
        front.statuses[answer.statusCode] = (front.statuses[answer.statusCode] ?? 0) + 1;
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    asked.pipe(onward);
  });
  front.port = await listen(server);
  front.stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return front;
}
