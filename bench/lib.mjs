// Processes under measurement: raw workerd instances, an origin, their CPU time, a bounded load.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const workerd = createRequire(import.meta.url).resolve("workerd/bin/workerd");
export const COMPATIBILITY_DATE = "2026-07-01";

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts a Worker in a workerd of its own. `modules`: [name, kind, absolute path]; `bindings`: capnp text. */
export async function startWorker(name, modules, bindings, extra = "") {
  const dir = mkdtempSync(path.join(tmpdir(), `guard-bench-${name}-`));
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const listed = modules.map(([file, kind, source]) => {
    writeFileSync(path.join(dir, file), readFileSync(source));
    return `(name = "${file}", ${kind} = embed "${file}")`;
  });
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])), ${extra}
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${listed.join(", ")}],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  bindings = [${bindings}],
);`;
  writeFileSync(path.join(dir, "config.capnp"), config);
  const child = spawn(workerd, ["serve", path.join(dir, "config.capnp")], { stdio: ["ignore", "inherit", "inherit"] });
  await ready(port, child, name);
  return { name, port, pid: child.pid, stop: () => child.kill("SIGKILL") };
}

async function ready(port, child, name) {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`${name}: workerd ended with ${child.exitCode}`);
    const answered = await get(port, "/ready").then(() => true, () => false);
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name}: not ready after 10 s`);
}

const agents = new Map();

/** One request over the port's own keep-alive connections; resolves with the status and the body's length. */
export function get(port, target, options = {}) {
  if (!agents.has(port)) agents.set(port, new http.Agent({ keepAlive: true, maxSockets: 8 }));
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, path: target, agent: agents.get(port), ...options }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(options.body);
  });
}

/** `count` requests, eight at a time. */
export async function load(port, count, target = "/v1/orders/42?expand=lines", options = {}) {
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const { status } = await get(port, target, options);
      if (status !== 200) throw new Error(`status ${status} from port ${port}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

/** CPU time of a process so far, in milliseconds: what the scheduler accounted to its threads, in nanoseconds. */
export function cpuMs(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]));
  return nanoseconds.reduce((sum, it) => sum + it, 0) / 1e6;
}

/** Resident memory in MB. */
export function residentMb(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1];
  return Number(kilobytes) / 1024;
}
