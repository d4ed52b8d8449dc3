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
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 12);
const PER_ROUND = Number(process.env.BENCH_REQUESTS ?? 4000);

export async function startOrigin() {
  const child = fork(path.join(here, "origin.mjs"));
  const port = await new Promise((resolve) => child.once("message", resolve));
  return { port, stop: () => child.kill() };
}

export function guardModules() {
  return [
    ["index.js", "esModule", path.join(root, "build/index.js")],
    ["index_bg.wasm", "wasm", path.join(root, "build/index_bg.wasm")],
  ];
}

export function guardBindings(port) {
  const guard = { origins: [{ name: "bench", hostname: `localhost:${port}`, scheme: "http" }] };
  return `(name = "GUARD", json = ${JSON.stringify(JSON.stringify(guard))})`;
}

/** Median of `values`. */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function main() {
  const origin = await startOrigin();
  const out = mkdtempSync(path.join(tmpdir(), "guard-bench-hono-"));
  buildSync({ entryPoints: [path.join(here, "workers/hono.js")], bundle: true, minify: true, format: "esm", outfile: path.join(out, "hono.js"), nodePaths: [path.join(root, "node_modules")] });
  const text = `(name = "ORIGIN", text = "http://localhost:${origin.port}")`;
  const workers = [
    await startWorker("passthrough", [["passthrough.js", "esModule", path.join(here, "workers/passthrough.js")]], text),
    await startWorker("guard", guardModules(), guardBindings(origin.port)),
    await startWorker("hono", [["hono.js", "esModule", path.join(out, "hono.js")]], text),
  ];
  for (const worker of workers) await load(worker.port, PER_ROUND);
  const samples = new Map(workers.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const worker of round % 2 ? workers.toReversed() : workers) {
      const before = cpuMs(worker.pid);
      await load(worker.port, PER_ROUND);
      samples.get(worker.name).push(((cpuMs(worker.pid) - before) * 1000) / PER_ROUND);
    }
  }
  const anchor = median(samples.get("passthrough"));
  for (const [name, values] of samples) {
    console.log(`${name.padEnd(12)} ${median(values).toFixed(1).padStart(7)} µs CPU a request  ${(median(values) / anchor).toFixed(3)} x passthrough  [${Math.min(...values).toFixed(1)} .. ${Math.max(...values).toFixed(1)}]`);
  }
  workers.forEach((worker) => worker.stop());
  origin.stop();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
