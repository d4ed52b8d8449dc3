// Memory over many requests: it has to be flat.
import { load, residentMb, startWorker } from "./lib.mjs";
import { guardBindings, guardModules, startOrigin } from "./overhead.mjs";

const REQUESTS = Number(process.env.BENCH_MEMORY_REQUESTS ?? 500_000);
const PARTS = 10;

/** Prints the process's resident memory after each tenth of the requests. */
export async function memory() {
  const origin = await startOrigin();
  const worker = await startWorker("guard", guardModules(), guardBindings(origin.port));
  await load(worker.port, 5000);
  const sizes = [residentMb(worker.pid)];
  for (let part = 0; part < PARTS; part++) {
    await load(worker.port, REQUESTS / PARTS);
    sizes.push(residentMb(worker.pid));
  }
  console.log(`Resident memory over ${REQUESTS} requests, MB: ${sizes.map((size) => size.toFixed(0)).join(" ")}`);
  worker.stop();
  origin.stop();
}
