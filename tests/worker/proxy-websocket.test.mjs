// Contract 3: WebSocket upgrades work.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, test } from "node:test";

import { GATEWAY, startStage } from "../support/stage.mjs";
import { echo } from "../support/websocket.mjs";

let stage;
before(async () => {
  stage = await startStage();
  stage.edge.onUpgrade(GATEWAY, echo);
});
after(() => stage?.stop());

async function connect(path, protocols) {
  const socket = new WebSocket(`ws://127.0.0.1:${stage.workerd.ports.guard}${path}`, protocols);
  socket.binaryType = "arraybuffer";
  await once(socket, "open");
  return socket;
}

async function closed(socket) {
  socket.close(1000, "done");
  return (await once(socket, "close"))[0];
}

test("messages go both ways, text and binary, short and long", async () => {
  const socket = await connect("/socket?x=1");
  for (const message of ["hello", "\u{1f993}", "x".repeat(100_000)]) {
    socket.send(message);
    assert.equal((await once(socket, "message"))[0].data, message);
  }
  socket.send(new Uint8Array([0, 1, 255]));
  assert.deepEqual(new Uint8Array((await once(socket, "message"))[0].data), new Uint8Array([0, 1, 255]));
  const { code, reason } = await closed(socket);
  assert.deepEqual([code, reason], [1000, "done"]);
  assert.equal(stage.edge.to(GATEWAY)[0].url, `https://${GATEWAY}/socket?x=1`);
});

test("the subprotocol that the origin chose is the client's", async () => {
  const socket = await connect("/socket", ["graphql-transport-ws", "other"]);
  assert.equal(socket.protocol, "graphql-transport-ws");
  await closed(socket);
});

test("an origin that refuses the upgrade is heard", async () => {
  stage.edge.onUpgrade(GATEWAY, (_, socket) =>
    socket.end("HTTP/1.1 401 Unauthorized\r\nX-Own: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"),
  );
  const headers = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const asked = request({ port: stage.workerd.ports.guard, host: "127.0.0.1", path: "/socket", headers, agent: false });
  asked.end();
  const [response] = await once(asked, "response");
  assert.equal(response.statusCode, 401);
  assert.equal(response.headers["x-own"], "1");
  response.resume();
});
