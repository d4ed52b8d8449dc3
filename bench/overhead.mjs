// CPU per proxied request: the guard beside a JavaScript passthrough and Hono, interleaved in one run.
import { fork } from "node:child_process";
import { buildSync } from "esbuild";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cpuMs, load, startWorker } from "./lib.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
// Many short rounds: what disturbs the machine for a second then disturbs neighbours alike, and their ratio little.
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 40);
const PER_ROUND = Number(process.env.BENCH_REQUESTS ?? 1000);
// The engine compiles what is hot again, with more effort; that cost is of the start, not of a request.
const WARM_UP = 8 * PER_ROUND;

/** The origin in a process of its own. */
export async function startOrigin() {
  const child = fork(path.join(here, "origin.mjs"));
  const port = await new Promise((resolve) => child.once("message", resolve));
  return { port, pid: child.pid, stop: () => child.kill() };
}

/** The built module, as workerd's configuration wants it. */
export function guardModules() {
  return [
    ["index.js", "esModule", path.join(root, "build/index.js")],
    ["index_bg.wasm", "wasm", path.join(root, "build/index_bg.wasm")],
  ];
}

/** One origin at `port`, by plain HTTP. */
export function guardBindings(port) {
  const guard = { origins: [{ name: "bench", hostname: `localhost:${port}`, scheme: "http" }] };
  return `(name = "GUARD", json = ${JSON.stringify(JSON.stringify(guard))})`;
}

/** Median of `values`. */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Prints CPU per request of each Worker and its ratio to the JavaScript passthrough. */
export async function overhead() {
  const origin = await startOrigin();
  const workers = await startWorkers(origin.port);
  for (const worker of workers) await load(worker.port, WARM_UP);
  const samples = new Map([["origin", []], ...workers.map(({ name }) => [name, []])]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const worker of round % 2 ? workers.toReversed() : workers) {
      const before = cpuMs(worker.pid);
      await load(worker.port, PER_ROUND);
      samples.get(worker.name).push(((cpuMs(worker.pid) - before) * 1000) / PER_ROUND);
    }
    const before = cpuMs(origin.pid);
    await load(origin.port, PER_ROUND);
    samples.get("origin").push(((cpuMs(origin.pid) - before) * 1000) / PER_ROUND);
  }
  print(samples);
  workers.forEach((worker) => worker.stop());
  origin.stop();
}

async function startWorkers(originPort) {
  const out = mkdtempSync(path.join(tmpdir(), "guard-bench-hono-"));
  const bundled = path.join(out, "hono.js");
  buildSync({ entryPoints: [path.join(here, "workers/hono.js")], bundle: true, minify: true, format: "esm", outfile: bundled });
  const text = `(name = "ORIGIN", text = "http://localhost:${originPort}")`;
  return [
    await startWorker("passthrough", [["passthrough.js", "esModule", path.join(here, "workers/passthrough.js")]], text),
    await startWorker("guard", guardModules(), guardBindings(originPort)),
    await startWorker("hono", [["hono.js", "esModule", bundled]], text),
  ];
}

function print(samples) {
  const ratio = (name, other) => median(samples.get(name).map((value, round) => value / samples.get(other)[round]));
  console.log(`CPU of the process per request, median of ${ROUNDS} interleaved rounds of ${PER_ROUND} requests, 8 connections; ratios are medians of each round's own`);
  for (const [name, values] of samples) {
    const [middle, low, high] = [median(values), Math.min(...values), Math.max(...values)].map((it) => it.toFixed(1));
    const beside = name === "origin" ? "the unguarded origin itself" : `${ratio(name, "passthrough").toFixed(3)} x passthrough`;
    console.log(`  ${name.padEnd(12)} ${middle.padStart(7)} µs  ${beside}  [${low} .. ${high}]`);
  }
  console.log(`  limit 1.10 x passthrough (goal 1.05) and less than Hono: ${ratio("guard", "passthrough").toFixed(3)}, ${ratio("guard", "hono").toFixed(3)} x Hono`);
}
