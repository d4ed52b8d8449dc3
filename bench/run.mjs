// The benchmark: every figure next to its limit. Figures are of this machine; the ratios are what counts.
import { execFileSync } from "node:child_process";

import { audit } from "./audit.mjs";
import { failures } from "./failures.mjs";
import { memory } from "./memory.mjs";
import { overhead } from "./overhead.mjs";

await overhead();
await failures();
await audit();
kvWrites();
await memory();
process.exit(0);

// In virtual time, by the flow tests of the core: they count and print.
function kvWrites() {
  const tests = ["test", "--quiet", "--test", "flows_refresh", "--test", "azure_flows", "--test", "network_live", "a_", "--", "--nocapture"];
  const output = execFileSync("cargo", tests, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  // The test runner's dots may stand before them.
  for (const [line] of output.matchAll(/(?:KV writes|ARM reads).*/g)) console.log(line);
}
