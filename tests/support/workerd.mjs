// Runs the built module in raw `workerd`: every `fetch` of the Worker goes to the test's own edge, every KV operation to
// the test's own store, and a driver Worker calls `scheduled()`.
//
// Beside the guard stands a plain JavaScript passthrough (`baseline`): what it passes on is all that the runtime can.

import { access, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { killed, start } from "./process.mjs";

export const ROOT = new URL("../../", import.meta.url).pathname;

/** The built module. `GUARD_BUILD` points a run at another build. */
export const BUILD = process.env.GUARD_BUILD ?? join(ROOT, "build");

const START_TIMEOUT_MS = 30_000;

const DRIVER = `export default {
  async fetch(request, env) {
    const event = await request.json();
    const result = await env.GUARD.scheduled({ scheduledTime: new Date(event.at), cron: event.cron });
    return Response.json(result);
  },
};`;

const BASELINE = (base) => `export default {
  fetch(request) {
    const url = new URL(request.url);
    return fetch(new Request(${JSON.stringify(base)} + url.pathname + url.search, request));
  },
};`;

/**
 * Starts one `workerd` with the built module.
 *
 * @param {object} options
 * @param {object} [options.guard] the `GUARD` variable; left out: no such binding
 * @param {Record<string, string>} [options.secrets] text bindings
 * @param {number} [options.edgePort] loopback port of the proxy that every `fetch` goes through; without it the Worker
 *   has the real loopback network
 * @param {number} [options.kvPort] loopback port of the store; left out: no `GUARD_KV` binding
 * @param {string} [options.trustedCa] PEM of the authority that the loopback network trusts (without `edgePort`)
 * @param {string} [options.baselineBase] scheme and host that the passthrough fetches
 * @param {string} [options.build] folder of the module
 */
export async function startWorkerd(options) {
  const folder = await mkdtemp(join(tmpdir(), "guard-workerd-"));
  await layOut(folder, options);
  const child = start(binary(), ["serve", "--experimental", "--control-fd=3", join(folder, "config.capnp")], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const logs = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => logs.push(line));
  const stop = async () => {
    await killed(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const ports = await listening(child, ["guard", "baseline", "driver"], logs);
    return { ports, logs, stop, pid: child.pid };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What `wrangler.toml` deploys with, so that the tests run what users run. */
export async function compatibility() {
  const text = await readFile(join(ROOT, "wrangler.toml"), "utf8").catch(() => "");
  const date = /^compatibility_date\s*=\s*"([^"]+)"/m.exec(text)?.[1] ?? "2026-07-30";
  const flags = /^compatibility_flags\s*=\s*\[([^\]]*)\]/m.exec(text)?.[1] ?? "";
  return { date, flags: [...flags.matchAll(/"([^"]+)"/g)].map((match) => match[1]) };
}

function binary() {
  const require = createRequire(import.meta.url);
  return join(require.resolve("workerd/package.json"), "../bin/workerd");
}

async function layOut(folder, options) {
  const build = options.build ?? BUILD;
  await access(join(build, "index.js")).catch(() => {
    throw new Error(`no built module in ${build}: run \`make build\` first`);
  });
  const wasm = await access(join(build, "index_bg.wasm")).then(
    () => true,
    () => false,
  );
  await copyFile(join(build, "index.js"), join(folder, "index.js"));
  if (wasm) await copyFile(join(build, "index_bg.wasm"), join(folder, "index_bg.wasm"));
  await writeFile(join(folder, "driver.js"), DRIVER);
  await writeFile(join(folder, "baseline.js"), BASELINE(options.baselineBase ?? "https://baseline.test"));
  await writeFile(join(folder, "config.capnp"), config(options, wasm, await compatibility()));
}

function config(options, wasm, { date, flags }) {
  const text = (value) => JSON.stringify(value);
  const outbound = options.edgePort
    ? `external = (address = "127.0.0.1:${options.edgePort}", http = (style = proxy))`
    : `network = (allow = ["private", "local", "public"]${options.trustedCa ? `, tlsOptions = (trustedCertificates = [${text(options.trustedCa)}])` : ""})`;
  const bindings = [
    ...(options.guard === undefined ? [] : [`(name = "GUARD", json = ${text(JSON.stringify(options.guard))})`]),
    ...Object.entries(options.secrets ?? {}).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
    ...(options.kvPort ? [`(name = "GUARD_KV", kvNamespace = "kv")`] : []),
  ];
  const socket = (name) =>
    `(name = "${name}", address = "127.0.0.1:0", service = "${name}", http = (forwardedProtoHeader = "X-Test-Proto", cfBlobHeader = "X-Test-Cf"))`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "guard", worker = .guard),
    (name = "baseline", worker = .baseline),
    (name = "driver", worker = .driver),
    (name = "outbound", ${outbound}),
    ${options.kvPort ? `(name = "kv", external = (address = "127.0.0.1:${options.kvPort}", http = (style = host))),` : ""}
  ],
  sockets = [${["guard", "baseline", "driver"].map(socket).join(", ")}],
);
const guard :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "index.js"),
    ${wasm ? `(name = "index_bg.wasm", wasm = embed "index_bg.wasm"),` : ""}
  ],
  compatibilityDate = ${text(date)},
  compatibilityFlags = ${text(flags)},
  bindings = [${bindings.join(", ")}],
  globalOutbound = "outbound",
);
const baseline :Workerd.Worker = (
  modules = [(name = "baseline.js", esModule = embed "baseline.js")],
  compatibilityDate = ${text(date)},
  globalOutbound = "outbound",
);
const driver :Workerd.Worker = (
  modules = [(name = "driver.js", esModule = embed "driver.js")],
  compatibilityDate = ${text(date)},
  compatibilityFlags = ["service_binding_extra_handlers"],
  bindings = [(name = "GUARD", service = "guard")],
);
`;
}

/** The ports of the named sockets, once all of them listen. */
function listening(child, names, logs) {
  return new Promise((resolve, reject) => {
    const ports = {};
    const timer = setTimeout(() => fail("did not listen in time"), START_TIMEOUT_MS);
    const fail = (why) => {
      clearTimeout(timer);
      reject(new Error(`workerd ${why}\n${logs.join("\n")}`));
    };
    child.once("error", (error) => fail(`did not start: ${error.message}`));
    child.once("exit", (code) => setImmediate(() => fail(`ended with ${code}`)));
    createInterface({ input: child.stdio[3] }).on("line", (line) => {
      const event = JSON.parse(line);
      if (event.event !== "listen") return;
      ports[event.socket] = event.port;
      if (names.some((name) => ports[name] === undefined)) return;
      clearTimeout(timer);
      resolve(ports);
    });
  });
}
