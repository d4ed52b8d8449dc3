// What failing costs: time and subrequests to a full problem document, what a thousand at once cause, and the CPU of a verdict.
import { setTimeout as pause } from "node:timers/promises";

import { edgeError } from "../tests/support/edge.mjs";
import { GATEWAY, TOKEN, brokenAt, startStage } from "../tests/support/stage.mjs";
import { cpuMs, get } from "./lib.mjs";
import { median } from "./overhead.mjs";

const OPERATOR = { headers: [["X-Origin-Guard-Token", TOKEN]] };
const SETTLE_MS = 1000;
const AT_ONCE = 1000;
const ROUNDS = 10;
const PER_ROUND = 500;
// As in overhead.mjs: what the engine spends on compiling is of the start.
const WARM_UP = 4 * PER_ROUND;

/** Prints the costs of failing requests, counted at the edge, at the resolvers and at the store. */
export async function failures() {
  const stage = await startStage();
  stage.zone(brokenAt(3));
  stage.edge.answers(GATEWAY, edgeError(1016));
  await single(stage);
  await atOnce(stage);
  await verdict(stage);
  await stage.stop();
}

async function single(stage) {
  stage.clear();
  const began = performance.now();
  const answer = await stage.get("/one", OPERATOR);
  const took = performance.now() - began;
  const questions = stage.questions.length;
  const fetches = stage.edge.seen.length;
  console.log(`Full problem document (${answer.json.code}), first failure of an isolate: ${took.toFixed(1)} ms, ${fetches} subrequests (${questions} of them DNS questions), limit 2500 ms`);
}

async function atOnce(stage) {
  await stage.start({});
  stage.kv.entries.clear();
  stage.clear();
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => stage.get(`/${i}`)));
  await pause(SETTLE_MS);
  const explained = answers.filter(({ status, json }) => status === 503 && json.code === "origin_name_not_found").length;
  console.log(`${AT_ONCE} failures at once: ${explained} explained, ${stage.questions.length} DNS questions (limit 8), ${stage.kv.count("put")} KV writes (limit 2)`);
}

/** The evidence is at hand (a look-up serves for 5 s): what a failing request costs more than one that succeeds. */
async function verdict(failing) {
  const healthy = await startStage();
  healthy.edge.answers(GATEWAY, { body: "well" });
  const stages = [[healthy, 200, []], [failing, 503, []]];
  for (const [stage, status] of stages) await requests(stage, status, WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [stage, status, samples] of round % 2 ? stages.toReversed() : stages) {
      const before = cpuMs(stage.workerd.pid);
      await requests(stage, status, PER_ROUND);
      samples.push((cpuMs(stage.workerd.pid) - before) / PER_ROUND);
      stage.clear();
    }
  }
  await healthy.stop();
  const [well, failed] = stages.map(([, , samples]) => median(samples));
  console.log(`CPU of a verdict from cached evidence: ${(failed - well).toFixed(3)} ms (${failed.toFixed(3)} ms failing, ${well.toFixed(3)} ms healthy), limit 1 ms`);
}

async function requests(stage, expected, count) {
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const { status } = await get(stage.workerd.ports.guard, "/v1/orders/42");
      if (status !== expected) throw new Error(`status ${status} instead of ${expected}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}
