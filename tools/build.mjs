// Builds the Worker: Rust to WASM (cargo), its JavaScript half (wasm-bindgen), one module out of that half and
// src/platform/entry.js (esbuild), and a WASM of what that module uses, made small (wasm-metadce, wasm-opt). Leaves
// index.js and index_bg.wasm in the output folder.
//
//   node tools/build.mjs [--features a,b] [--out build]
//
// The steps and flags are those of the SDK's worker-build 0.8.7. It is not used itself because it adds a Proxy to
// every request and takes minutes to install.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

// The request path alone stayed under 250 kB; the rest is the admin interface, Azure, allowlists and the network check,
// which no proxied request runs.
const LIMIT_GZIP_BYTES = 650 * 1000;
const WASM_TARGET = "wasm32-unknown-unknown";
const ENTRY = "src/platform/entry.js";
const OUTPUTS = ["index.js", "index_bg.wasm"];

// What rustc's target has by default and wasm-bindgen's catch wrappers need; named one by one so that a newer
// wasm-opt never emits what workerd does not know yet (as in worker-build's step_run_wasm_opt).
const WASM_FEATURE_FLAGS = [
  "--enable-mutable-globals",
  "--enable-sign-ext",
  "--enable-nontrapping-float-to-int",
  "--enable-bulk-memory",
  "--enable-multivalue",
  "--enable-reference-types",
  "--enable-exception-handling",
];

// wasm-bindgen copies the JavaScript that Rust imports. The originals are taken instead: a module that the entry
// imports too must be one module with one state.
const OWN_SNIPPETS = {
  name: "own-snippets",
  setup({ onResolve }) {
    onResolve({ filter: /\/snippets\/apim-origin-guard-[0-9a-f]+\// }, ({ path }) => ({
      path: resolve(path.replace(/^.*\/snippets\/apim-origin-guard-[0-9a-f]+\//, "")),
    }));
  },
};

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values: options } = parseArgs({
  options: { features: { type: "string", default: "" }, out: { type: "string", default: "build" } },
});
await main();

async function main() {
  const compiled = compile(options.features);
  const scripts = readdirSync("src/platform").filter((name) => name.endsWith(".js"));
  const stamp = fingerprint([
    compiled, ...scripts.map((name) => join("src/platform", name)), "Cargo.lock", "package-lock.json", "tools/build.mjs",
  ]);
  if (stamp !== read(join(options.out, ".stamp"))) {
    const staging = bind(compiled);
    await bundle(staging);
    dropUnusedExports(staging);
    shrink(staging);
    publish(staging, stamp);
  }
  report();
}

// A variant with features has a target folder of its own, so that the two do not undo each other's work.
function compile(features) {
  const target = features ? `target/${features.replaceAll(",", "-")}` : "target";
  // Neither the machine's paths nor their bytes belong in what is deployed.
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  process.env.RUSTFLAGS = `--remap-path-prefix=${home}/registry/src/= --remap-path-prefix=${process.cwd()}/=`;
  if (!existsSync(join(target, WASM_TARGET, "release"))) console.log("compiling the Worker for the first time (about a minute on two cores)");
  run("cargo", [
    "build", "--release", "--quiet", "--lib", "--target", WASM_TARGET, "--target-dir", target, "--features", features,
  ]);
  return join(target, WASM_TARGET, "release", "apim_origin_guard.wasm");
}

function bind(compiled) {
  const staging = join(options.out, ".staging");
  rmSync(staging, { recursive: true, force: true });
  run(".tools/cargo/bin/wasm-bindgen", [
    compiled, "--out-dir", staging, "--out-name", "index", "--target", "module", "--no-typescript",
    // Both make a new instance possible after a trap; src/platform/entry.js says how.
    "--experimental-reset-state-function", "--force-enable-abort-handler",
  ]);
  return staging;
}

async function bundle(staging) {
  // Of every exported class the destructor is registered as the script loads. Marked as free of effects, and without
  // `Symbol.dispose`, esbuild leaves out the classes that nobody uses.
  const bound = join(staging, "index.js");
  writeFileSync(bound, read(bound).replaceAll("new FinalizationRegistry", "/* @__PURE__ */ $&"));
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: "esm",
    external: ["./index_bg.wasm", "cloudflare:*"],
    alias: { "wasm-bindgen-output": resolve(staging, "index.js") },
    plugins: [OWN_SNIPPETS],
    define: { "Symbol.dispose": "undefined" },
    write: false,
    logLevel: "warning",
  });
  // workerd and wrangler know a WASM module by its import, not yet by the `source` phase of it.
  writeFileSync(join(staging, "index.js"), outputFiles[0].text.replace("import source ", "import "));
}

// The SDK exports classes that the guard does not use. The bundle is without them; here goes the code behind them.
function dropUnusedExports(staging) {
  const [wasm, used] = [join(staging, "index_bg.wasm"), join(staging, "used.json")];
  const script = read(join(staging, "index.js"));
  const names = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(wasm))).map(({ name }) => name);
  const roots = names.filter((name) => script.includes(name)).map((name) => ({ name, export: name, root: true }));
  writeFileSync(used, JSON.stringify(roots));
  runTool("wasm-metadce", [wasm, "-o", wasm, `--graph-file=${used}`, "-g", ...WASM_FEATURE_FLAGS]);
}

function shrink(staging) {
  const wasm = join(staging, "index_bg.wasm");
  // By name, generic code lies beside its like, within reach of gzip's 32 KiB window: 1.8 kB less.
  const passes = ["-Os", "--reorder-functions-by-name", "--strip-debug", "--strip-producers"];
  runTool("wasm-opt", [wasm, "-o", wasm, ...WASM_FEATURE_FLAGS, ...passes]);
}

function publish(staging, stamp) {
  for (const name of OUTPUTS) renameSync(join(staging, name), join(options.out, name));
  rmSync(staging, { recursive: true });
  writeFileSync(join(options.out, ".stamp"), stamp);
}

function report() {
  const sizes = OUTPUTS.map((name) => sizeOf(join(options.out, name)));
  const total = sizes.reduce((sum, { gzip }) => sum + gzip, 0);
  for (const { path, raw, gzip } of sizes) console.log(`${path}: ${kB(raw)}, ${kB(gzip)} gzip`);
  console.log(`together ${kB(total)} gzip, limit ${kB(LIMIT_GZIP_BYTES)}`);
  if (total <= LIMIT_GZIP_BYTES) return;
  console.error(`The Worker is ${total - LIMIT_GZIP_BYTES} bytes over its limit.`);
  process.exit(1);
}

function sizeOf(path) {
  const content = readFileSync(path);
  return { path, raw: content.length, gzip: gzipSync(content, { level: 9 }).length };
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function fingerprint(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest("hex");
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function runTool(name, args) {
  run(join("node_modules/.bin", name), args);
}

function run(command, args) {
  try {
    execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  } catch (error) {
    if (error.code === "ENOENT") console.error(`${command} is missing; make setup installs it.`);
    process.exit(error.status || 1);
  }
}
