// Contract 3: method, path and query go through unchanged.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { send } from "../support/edge.mjs";
import { GATEWAY, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
  stage.edge.on(GATEWAY, (exchange, response) =>
    send(response, { headers: [["X-Method", exchange.method]], body: exchange.method === "HEAD" ? "" : "origin" }),
  );
});
after(() => stage?.stop());

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT"];
for (const method of METHODS) {
  test(`${method} reaches the origin as ${method}`, async () => {
    stage.clear();
    const answer = await stage.get("/thing", { method });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["x-method"], method);
    assert.deepEqual(
      stage.edge.seen.map((exchange) => exchange.method),
      [method],
    );
  });
}

const UNCHANGED = [
  "/",
  "/a/b/c",
  "/a/",
  "/a//b///c",
  "/a%2Fb%2fc",
  "/%41%7E~user",
  "/caf%C3%A9/%e2%82%ac",
  "/a;v=1/b,c/(d)/!$&*+=:@",
  "/a+b%20c",
  "/a%00b",
  "/a%",
  "/a%zz",
  "/?",
  "/a?",
  "/a??",
  "/a?b=c&b=c&d",
  "/a?x=%2F&y=a+b&z=%20",
  "/a?next=https://other.example/%23top?x=1",
  "/a?p=../../b",
  "/a?%F0%9F%A6%93",
  `/${"long-".repeat(1600)}?q=${"x".repeat(100)}`,
  `/q?${"k=v&".repeat(2000)}end`,
];
for (const path of UNCHANGED) {
  test(`the origin is asked for ${path.slice(0, 40)} byte for byte`, async () => {
    stage.clear();
    assert.equal((await stage.get(path)).status, 200);
    assert.deepEqual(
      stage.edge.seen.map((exchange) => exchange.url),
      [`https://${GATEWAY}${path}`],
    );
  });
}

// What the runtime itself rewrites (WHATWG URL) before a Worker sees it: the guard adds nothing to that.
const REWRITTEN_BY_THE_RUNTIME = [
  "/a/../b",
  "/a/./b",
  "/a/%2e%2e/b",
  "/a\\b",
  '/"quoted"',
  "/{id}",
  "/a|b",
  "/^`",
  "/caf\u00c3\u00a9",
  "/a?q='\"<>",
];
for (const path of REWRITTEN_BY_THE_RUNTIME) {
  test(`the guard asks for ${path} as a plain passthrough does`, async () => {
    stage.clear();
    await stage.baseline(path);
    await stage.get(path);
    const [passthrough, guard] = stage.edge.seen.map((exchange) => exchange.url);
    assert.equal(guard, passthrough);
  });
}

test("the scheme that the client used does not matter", async () => {
  stage.clear();
  await stage.get("/plain", { scheme: "http" });
  assert.deepEqual(
    stage.edge.seen.map((exchange) => exchange.url),
    [`https://${GATEWAY}/plain`],
  );
});
