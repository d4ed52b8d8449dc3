// Contract 3: headers go through unchanged; X-Forwarded-Host and X-Forwarded-Proto are the guard's own; the operator's
// token stays here.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { HOP_BY_HOP } from "../support/client.mjs";
import { GATEWAY, HOST, TOKEN, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
  stage.edge.answers(GATEWAY, { body: "origin" });
});
after(() => stage?.stop());

/** The headers the origin got for a request with these. */
async function received(headers, options = {}) {
  stage.clear();
  assert.equal((await stage.get("/", { headers, ...options })).status, 200);
  return stage.edge.to(GATEWAY)[0].headers;
}

const ORDINARY = [
  ["Accept", "application/json;q=0.9, */*"],
  ["Accept-Encoding", "br, gzip"],
  ["Accept-Language", "de-AT"],
  ["Authorization", "Bearer eyJ.a.b"],
  ["Cookie", 'a=1; b="2"; c='],
  ["Ocp-Apim-Subscription-Key", "0123456789abcdef"],
  ["Content-Type", 'application/soap+xml; charset=utf-8; action="urn:x"'],
  ["Origin", "https://app.example.com"],
  ["Referer", "https://app.example.com/x?y"],
  ["User-Agent", "curl/8.5.0"],
  ["If-None-Match", 'W/"abc"'],
  ["Range", "bytes=0-99"],
  ["Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
  ["X-Forwarded-For", "203.0.113.7"],
  ["X-Empty", ""],
  ["X-Custom_Header.1", "ümläut".normalize("NFC").replace(/[^\x20-\x7e]/g, "?")],
];

test("ordinary headers arrive as they were sent", async () => {
  const headers = await received(ORDINARY);
  for (const [name, value] of ORDINARY) assert.equal(headers[name.toLowerCase()], value, name);
});

test("nothing is added but what the contract names", async () => {
  const sent = new Set([
    ...ORDINARY.map(([name]) => name.toLowerCase()),
    "host",
    "x-forwarded-host",
    "x-forwarded-proto",
  ]);
  const added = Object.keys(await received(ORDINARY)).filter((name) => !sent.has(name) && !HOP_BY_HOP.has(name));
  assert.deepEqual(added, []);
});

test("a repeated header keeps all its values in order", async () => {
  const headers = await received([
    ["X-Many", "one"],
    ["X-Many", "two"],
    ["X-Many", "three, four"],
  ]);
  assert.equal(headers["x-many"], "one, two, three, four");
});

test("a header of 8 kB arrives whole", async () => {
  const value = "0123456789abcdef".repeat(512);
  assert.equal((await received([["X-Long", value]]))["x-long"], value);
});

for (const scheme of ["https", "http"]) {
  test(`the origin learns that the client used ${scheme} and which host`, async () => {
    const headers = await received([], { scheme });
    assert.equal(headers["x-forwarded-host"], HOST);
    assert.equal(headers["x-forwarded-proto"], scheme);
  });
}

test("X-Forwarded-Host and X-Forwarded-Proto of the client's are never passed on", async () => {
  const headers = await received([
    ["X-Forwarded-Host", "evil.example"],
    ["x-forwarded-host", "more.example"],
    ["X-Forwarded-Proto", "gopher"],
  ]);
  assert.equal(headers["x-forwarded-host"], HOST);
  assert.equal(headers["x-forwarded-proto"], "https");
});

for (const [what, token] of [
  ["right", TOKEN],
  ["wrong", "not-the-token"],
]) {
  test(`the operator's token never reaches the origin when it is ${what}`, async () => {
    const headers = await received([["X-Origin-Guard-Token", token]]);
    assert.ok(!("x-origin-guard-token" in headers));
    assert.ok(!JSON.stringify(stage.edge.seen.map((exchange) => exchange.rawHeaders)).includes(token));
  });
}
