// Contract 3 and 5: a rejected `fetch` becomes a problem document; `timeout_ms` counts to the head and not beyond it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { whole } from "../support/client.mjs";
import { cutConnection, neverAnswers } from "../support/edge.mjs";
import { assertProblem } from "../support/problem.mjs";
import { CHAIN, GATEWAY, GUARD, brokenAt, startStage } from "../support/stage.mjs";

const TIMEOUT_MS = 1000;

let stage;
before(async () => {
  stage = await startStage({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, timeout_ms: TIMEOUT_MS }] } });
});
after(() => stage?.stop());

const WITH_DNS_GOOD = ["origin_connection_refused", "origin_unreachable"];

for (const [what, options] of [
  ["GET", {}],
  ["POST", { method: "POST", body: "{}" }],
]) {
  test(`a connection that is lost before the head is told, for ${what}`, async () => {
    stage.edge.on(GATEWAY, cutConnection);
    assertProblem(await stage.get("/", options), ...WITH_DNS_GOOD);
  });
}

test("a connection lost in the middle of a request's body is told", async () => {
  stage.edge.on(GATEWAY, async (exchange, response) => {
    await exchange.bytes(10);
    cutConnection(exchange, response);
  });
  // Within the 64 KiB that workerd still takes from an upload it no longer needs; behind that it resets the client's
  // connection, and whether the answer is read before the reset is chance.
  const body = Buffer.alloc(48 * 1024);
  assertProblem(await stage.get("/", { method: "PUT", body }), ...WITH_DNS_GOOD);
});

test("an answer that is no HTTP is told", async () => {
  stage.edge.on(GATEWAY, (_, response) => response.socket.end("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
  const answer = await stage.get("/");
  assertProblem(answer, ...WITH_DNS_GOOD, "origin_response_invalid");
});

test("a lost connection and a name that is gone never blames more than is known", async () => {
  stage.zone(brokenAt(3));
  try {
    stage.edge.on(GATEWAY, cutConnection);
    assertProblem(await stage.get("/"), ...WITH_DNS_GOOD, "origin_name_not_found");
  } finally {
    stage.zone(CHAIN);
  }
});

test("no head within timeout_ms is 504 origin_response_timeout, and the origin's connection is given up", async () => {
  let gaveUp;
  stage.edge.on(GATEWAY, (exchange, response) => {
    gaveUp = once(response, "close");
    neverAnswers(exchange, response);
  });
  assertProblem(await stage.get("/"), "origin_response_timeout");
  await gaveUp;
});

test("no head within timeout_ms is told for a POST too", async () => {
  stage.edge.on(GATEWAY, neverAnswers);
  assertProblem(await stage.get("/", { method: "POST", body: "{}" }), "origin_response_timeout");
});

test("a body that takes longer than timeout_ms after its head is not cut", async () => {
  stage.edge.on(GATEWAY, async (_, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    for (let part = 0; part < 5; part += 1) {
      response.write(`${part},`);
      await pause(TIMEOUT_MS / 2);
    }
    response.end("end");
  });
  assert.equal((await stage.get("/")).text, "0,1,2,3,4,end");
});

test("a request's body that takes longer than timeout_ms does not harm an answer whose head has come", async () => {
  stage.edge.on(GATEWAY, async (exchange, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.write("head,");
    response.end(String((await exchange.body()).length));
  });
  const { request, head } = stage.open("/", {
    method: "POST",
    headers: [["Transfer-Encoding", "chunked"]],
    open: true,
  });
  request.write("a");
  const response = await head;
  await pause(TIMEOUT_MS * 1.5);
  request.end("b");
  assert.equal((await whole(response)).toString(), "head,2");
});
