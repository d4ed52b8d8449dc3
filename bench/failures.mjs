// What failing costs: time and subrequests to a full problem document, and what a hundred at once cause.
import { setTimeout as pause } from "node:timers/promises";

import { edgeError } from "../tests/support/edge.mjs";
import { GATEWAY, TOKEN, brokenAt, startStage } from "../tests/support/stage.mjs";

const OPERATOR = { headers: [["X-Origin-Guard-Token", TOKEN]] };
const SETTLE_MS = 1000;

/** Prints the costs of failing requests, counted at the edge, at the resolvers and at the store. */
export async function failures() {
  const stage = await startStage();
  stage.zone(brokenAt(3));
  stage.edge.answers(GATEWAY, edgeError(1016));
  await single(stage);
  await hundred(stage);
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

async function hundred(stage) {
  await stage.start({});
  stage.kv.entries.clear();
  stage.clear();
  await Promise.all(Array.from({ length: 100 }, (_, i) => stage.get(`/${i}`)));
  await pause(SETTLE_MS);
  console.log(`100 failures at once: ${stage.questions.length} DNS questions (limit 8), ${stage.kv.count("put")} KV writes (limit 2)`);
}
