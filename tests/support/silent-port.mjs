// A port that neither accepts nor refuses: its listener is stopped and its queue is full, so the system drops what comes.

import { createServer, connect } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { killed, start } from "./process.mjs";

const FULL_AFTER = 64; // no system queues more than this behind a backlog of 1
const CONNECTS_WITHIN_MS = 300; // on loopback a connection opens in a fraction of this

/** Starts one: `{ port, stop }`; `undefined` where the system queues without end. */
export async function silentPort() {
  const child = start(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ["ignore", "pipe", "inherit"] });
  const port = Number(await once(child.stdout, "data"));
  child.kill("SIGSTOP");
  const queued = [];
  const stop = async () => {
    queued.forEach((socket) => socket.destroy());
    await killed(child, "SIGKILL");
  };
  while (queued.length < FULL_AFTER) if (!(await opens(port, queued))) return { port, stop };
  return stop();
}

async function opens(port, queued) {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  queued.push(socket);
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    setTimeout(resolve, CONNECTS_WITHIN_MS, false);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(server.address().port));
}
