// Runs the built Worker in the local Workers runtime: before a demonstration gateway by default, or before a real one.
//
//   node tools/dev.mjs                               the demonstration of demo/, which can be broken and mended
//   ORIGIN=name.azure-api.net node tools/dev.mjs     that gateway, over the real network, with the default resolvers
//   PORT=8787                                        where to listen; the demonstration's switches are on the next port
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { HttpOptions_Style, Log, LogLevel, Miniflare } from "miniflare";

import { RESOLVERS } from "../demo/edge.mjs";
import { startControl, startWorld } from "../demo/world.mjs";
import { GATEWAY } from "../demo/zone.mjs";

const ADMIN_TOKEN = "demonstration-token-not-for-deployment";
const CRON = "*/5 * * * *";
const CRON_MS = 5 * 60_000;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const port = portOf(process.env.PORT ?? "8787");
const origin = process.env.ORIGIN;
await main().catch((error) => fail(error.message));

async function main() {
  await Promise.all([port, ...(origin ? [] : [port + 1])].map(mustBeFree));
  const demo = origin ? undefined : await startDemo();
  const worker = new Miniflare(origin ? before(realGateway(origin)) : before(demoGateway(demo.edge)));
  await worker.ready;
  const timer = await startCron(worker);
  demo?.whenMended(() => lookUpNow(worker));
  endCleanly(async () => {
    clearInterval(timer);
    await worker.dispose();
    await demo?.stop();
  });
  console.log(origin ? whatToTry(origin) : whatToTry(GATEWAY) + howToBreak());
}

async function startDemo() {
  const world = await startWorld();
  const control = await startControl(world, port + 1);
  return {
    edge: world.edge,
    whenMended: (work) => world.whenMended(work),
    stop: () => {
      control.stop();
      return world.stop();
    },
  };
}

function before({ guard, outboundService }) {
  return {
    host: "127.0.0.1",
    port,
    modules: true,
    scriptPath: "build/index.js",
    modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"], fallthrough: true }],
    compatibilityDate: /^compatibility_date = "(.+)"/m.exec(readFileSync("wrangler.toml", "utf8"))[1],
    kvNamespaces: ["GUARD_KV"],
    bindings: { GUARD: guard, GUARD_ADMIN_TOKEN: ADMIN_TOKEN },
    outboundService,
    cf: false,
    log: new Log(LogLevel.WARN),
    handleRuntimeStdio: (stdout, stderr) => {
      show(stdout, process.stdout);
      show(stderr, process.stderr);
    },
  };
}

// Without the runtime's own traces: it writes one of many lines for each name that does not resolve.
function show(from, to) {
  createInterface({ input: from }).on("line", (line) => {
    if (!/^(stack: |\S+\.c\+\+:\d+: )/.test(line)) to.write(`${line}\n`);
  });
}

// A lower bound of one second, so that a change shows as soon as the demonstration's DNS has it.
function demoGateway(edge) {
  return {
    guard: {
      origins: [{ hostname: GATEWAY }],
      dns: { resolvers: RESOLVERS.map((name) => `https://${name}/dns-query`), min_ttl_s: 1 },
    },
    outboundService: { external: { address: `127.0.0.1:${edge.port}`, http: { style: HttpOptions_Style.PROXY } } },
  };
}

function realGateway(hostname) {
  return { guard: { origins: [{ hostname }] } };
}

// The first run gives the guard a last good state, as the first minutes of a deployment do.
async function startCron(worker) {
  const run = async () => (await worker.getWorker()).scheduled({ cron: CRON });
  await run();
  return setInterval(run, CRON_MS);
}

// So that what was mended is known at once; a run would pass over a record that is still fresh.
function lookUpNow(worker) {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  return worker.dispatchFetch(`http://127.0.0.1:${port}/__guard/refresh`, { method: "POST", headers });
}

function whatToTry(hostname) {
  const guard = `http://127.0.0.1:${port}`;
  const token = `-H "Authorization: Bearer ${ADMIN_TOKEN}"`;
  const path = origin ? "/status-0123456789abcdef" : "/echo";
  return `
The guard of ${hostname} listens on ${guard}. Ctrl-C ends it.

  The dashboard            http://localhost:${port}/__guard/
  its admin token          ${ADMIN_TOKEN}

  A request                curl -i ${guard}${path}
  Is the guard there?      curl ${guard}/__guard/healthz
  State of the origin      curl ${token} ${guard}/__guard/status
  Look everything up now   curl -X POST ${token} ${guard}/__guard/refresh
  Check stage by stage     curl ${token} ${guard}/__guard/diagnose
  What to do, in steps     curl ${token} ${guard}/__guard/checklist
  A page on a code         ${guard}/__guard/problems/origin_name_not_found
`;
}

function howToBreak() {
  const guard = `http://127.0.0.1:${port}`;
  const make = port === 8787 ? "make" : `make PORT=${port}`;
  return `
In another terminal, break one thing, send the request again, and mend it:

  The name                 ${make} demo-break-name
  The certificate          ${make} demo-break-certificate
  The gateway itself       ${make} demo-break-origin
  The address              ${make} demo-break-address
  All well again           ${make} demo-mend
  More ways                ${make} demo-breaks

After the address has changed, other failures of the connection are put down to that for 15 seconds.

  As a browser             curl -H "Accept: text/html" ${guard}/echo
  As an operator           curl -H "X-Origin-Guard-Token: ${ADMIN_TOKEN}" ${guard}/echo
  Without the guard        curl -i http://127.0.0.1:${port + 1}/unguarded/echo
`;
}

function endCleanly(stop) {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.removeAllListeners(signal); // miniflare's own, which does not wait for the demonstration
    process.once(signal, async () => {
      await stop();
      process.exit(0);
    });
  }
}

function mustBeFree(wanted) {
  return new Promise((free, taken) => {
    const probe = createServer();
    probe.once("error", (error) => taken(new Error(`Port ${wanted} cannot be had (${error.code}). Choose another: PORT=9000 make dev`)));
    probe.listen(wanted, "127.0.0.1", () => probe.close(free));
  });
}

function portOf(text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65535) return number;
  return fail(`PORT is "${text}"; it must be a number from 1 to 65534.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
