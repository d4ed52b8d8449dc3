// Child processes that never outlive the test, and free ports.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const children = new Set();
process.once("exit", () => children.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** `spawn`, for a child that ends with this process at the latest and does not keep it alive. */
export function start(program, args, options) {
  const child = spawn(program, args, options);
  child.unref();
  for (const stream of child.stdio) stream?.unref?.();
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** Ends `child` (asks first, then insists) and returns when it is gone. */
export async function killed(child, signal = "SIGTERM") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  const insist = setTimeout(() => child.kill("SIGKILL"), 2_000);
  await gone;
  clearTimeout(insist);
}

/** True; throws if `child` has ended. */
export function running(child) {
  if (child.exitCode === null && child.signalCode === null) return true;
  throw new Error(`${child.spawnfile} ended with ${child.exitCode ?? child.signalCode}`);
}

/** Starts `server` on a free loopback port (or `port`) and returns the port. */
export async function listen(server, port = 0) {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

/** Free loopback ports, for programs that cannot choose one themselves. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => listen(server)));
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Returns what `probe` gives once it gives something true; throws `what` after `timeoutMs`. */
export async function until(what, probe, timeoutMs = 10_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
