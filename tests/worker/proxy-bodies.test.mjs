// Contract 3: bodies go through unchanged and unbuffered, both ways.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { after, before, test } from "node:test";

import { whole } from "../support/client.mjs";
import { send } from "../support/edge.mjs";
import { GATEWAY, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const LARGE = randomBytes(20 * 1024 * 1024);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

for (const method of ["POST", "PUT", "PATCH", "DELETE", "REPORT"]) {
  test(`${method} carries its body, its type and its length`, async () => {
    stage.edge.on(GATEWAY, async (exchange, response) => send(response, { body: await exchange.body() }));
    stage.clear();
    const answer = await stage.get("/echo", {
      method,
      body: '{"a":\u00e9}',
      headers: [["Content-Type", "application/json"]],
    });
    assert.equal(answer.text, '{"a":\u00e9}');
    assert.equal(stage.edge.seen[0].headers["content-type"], "application/json");
  });
}

test("an empty POST stays empty", async () => {
  stage.edge.on(GATEWAY, async (exchange, response) =>
    send(response, { body: String((await exchange.body()).length) }),
  );
  assert.equal((await stage.get("/echo", { method: "POST", body: "" })).text, "0");
});

test("20 MB go up unchanged", async () => {
  stage.edge.on(GATEWAY, async (exchange, response) => send(response, { body: sha256(await exchange.body()) }));
  assert.equal((await stage.get("/up", { method: "POST", body: LARGE })).text, sha256(LARGE));
});

test("20 MB come down unchanged", async () => {
  stage.edge.answers(GATEWAY, { body: LARGE });
  assert.equal(sha256((await stage.get("/down")).body), sha256(LARGE));
});

test("the origin reads the first part of a request while the client has not sent the last", async () => {
  stage.edge.on(GATEWAY, async (exchange, response) => send(response, { body: await exchange.body() }));
  stage.clear();
  const { request, head } = stage.open("/up", {
    method: "POST",
    headers: [["Transfer-Encoding", "chunked"]],
    open: true,
  });
  request.write("first,");
  while (stage.edge.seen.length === 0) await new Promise(setImmediate);
  await stage.edge.seen[0].bytes(6);
  request.end("last");
  assert.equal((await whole(await head)).toString(), "first,last");
});

test("the client reads the first part of an answer while the origin has not sent the last", async () => {
  let finish;
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.write("first,");
    finish = () => response.end("last");
  });
  const response = await stage.open("/down").head;
  const [first] = await once(response, "data");
  assert.equal(first.toString(), "first,");
  finish();
  assert.equal((await whole(response)).toString(), "last");
});

test("server-sent events arrive one by one, while they happen", async () => {
  let origin;
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    origin = response;
    origin.write("id: 0\ndata: hello\n\n");
  });
  const response = await stage.open("/events", { headers: [["Accept", "text/event-stream"]] }).head;
  assert.equal(response.headers["content-type"], "text/event-stream");
  for (let id = 0; id < 5; id += 1) {
    const [event] = await once(response, "data");
    assert.equal(event.toString(), `id: ${id}\ndata: hello\n\n`);
    origin.write(`id: ${id + 1}\ndata: hello\n\n`);
  }
  response.destroy();
});

test("an answer that breaks off in the middle breaks off for the client too", async () => {
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("half", () => response.socket.destroy());
  });
  await assert.rejects(async () => whole(await stage.open("/half").head));
});
