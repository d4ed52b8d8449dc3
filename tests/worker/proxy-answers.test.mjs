// Contract 3: the origin's response goes back as the same object: status, header order, repeated Set-Cookie, compressed
// bytes; redirects are not followed; its own 4xx and 5xx are never replaced.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { GATEWAY, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const BODILESS = new Set([204, 205, 304]);
const own = (status) => ({
  status,
  headers: [
    ["Content-Type", "application/json"],
    ["X-Own", String(status)],
  ],
  body: BODILESS.has(status) ? "" : JSON.stringify({ statusCode: status, message: `The gateway's own ${status}` }),
});

for (let hundred = 200; hundred < 600; hundred += 100) {
  test(`the origin's own ${hundred} to ${hundred + 99} go through with their bodies`, async () => {
    for (let status = hundred; status < hundred + 100; status += 1) {
      stage.edge.answers(GATEWAY, own(status));
      const answer = await stage.get("/");
      assert.equal(answer.status, status);
      assert.equal(answer.text, own(status).body, `the body of the origin's ${status}`);
      assert.equal(answer.headers["x-own"], String(status));
      assert.ok(!("x-origin-guard" in answer.headers), `${status} is the origin's, not the guard's`);
    }
  });
}

// Azure API Management's own words, as clients know them.
const APIM = [
  [
    401,
    '{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }',
  ],
  [404, '{ "statusCode": 404, "message": "Resource not found" }'],
  [429, '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 17 seconds." }'],
  [500, '{ "statusCode": 500, "message": "Internal server error", "activityId": "3b9c2b1e" }'],
  [503, "Service unavailable"],
  [502, ""],
  [504, ""],
];
for (const [status, body] of APIM) {
  test(`API Management's ${status} ${body ? "" : "without body "}is the client's to see`, async () => {
    stage.edge.answers(GATEWAY, {
      status,
      headers: [
        ["Content-Type", "application/json"],
        ["Retry-After", "17"],
      ],
      body,
    });
    const answer = await stage.get("/");
    assert.equal(answer.status, status);
    assert.equal(answer.text, body);
    assert.equal(answer.headers["retry-after"], "17");
  });
}

test("headers come in the order in which a plain passthrough gives them", async () => {
  const headers = [
    ["Z-Last", "1"],
    ["Date", "Mon, 27 Apr 2026 11:19:52 GMT"],
    ["A-First", "2"],
    ["Set-Cookie", "a=1; Path=/"],
    ["Content-Type", "text/plain"],
    ["Set-Cookie", "b=2; Expires=Wed, 09 Jun 2027 10:18:14 GMT"],
    ["Via", "1.1 a"],
    ["Via", "1.1 b"],
    ["Server", "Kestrel"],
  ];
  stage.edge.answers(GATEWAY, { headers, body: "x" });
  assert.deepEqual((await stage.get("/")).fields, (await stage.baseline("/")).fields);
});

test("every Set-Cookie comes through, apart and in order", async () => {
  const cookies = ["a=1; Path=/; HttpOnly", "b=2; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "a=3; Path=/x"];
  stage.edge.answers(GATEWAY, { headers: cookies.map((cookie) => ["Set-Cookie", cookie]), body: "x" });
  assert.deepEqual((await stage.get("/")).headers["set-cookie"], cookies);
});

for (const [coding, compress] of [
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
]) {
  test(`${coding} bytes are not touched`, async () => {
    const bytes = compress(Buffer.from("compressed at the origin ".repeat(500)));
    stage.edge.answers(GATEWAY, {
      headers: [
        ["Content-Encoding", coding],
        ["Content-Type", "text/plain"],
      ],
      body: bytes,
    });
    const answer = await stage.get("/", { headers: [["Accept-Encoding", coding]] });
    assert.equal(answer.headers["content-encoding"], coding);
    assert.ok(answer.body.equals(bytes), "the same bytes");
  });
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`${status} is not followed`, async () => {
    stage.edge.answers(GATEWAY, { status, headers: [["Location", `https://${GATEWAY}/elsewhere`]], body: "moved" });
    stage.clear();
    const answer = await stage.get("/");
    assert.equal(answer.status, status);
    assert.equal(answer.headers.location, `https://${GATEWAY}/elsewhere`);
    assert.equal(stage.edge.seen.length, 1);
  });
}

test("HEAD gets the head of the answer, its length too", async () => {
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(200, { "content-length": "1234", etag: '"abc"' });
    response.end();
  });
  const answer = await stage.get("/", { method: "HEAD" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.etag, '"abc"');
  assert.equal(answer.headers["content-length"], "1234");
  assert.equal(answer.body.length, 0);
});

test("204 and 304 come without a body and with their headers", async () => {
  for (const status of [204, 304]) {
    stage.edge.answers(GATEWAY, {
      status,
      headers: [
        ["ETag", '"abc"'],
        ["Cache-Control", "max-age=60"],
      ],
    });
    const answer = await stage.get("/");
    assert.equal(answer.status, status);
    assert.equal(answer.headers.etag, '"abc"');
    assert.equal(answer.body.length, 0);
  }
});

test("nothing tells a client of a well origin that a guard is there", async () => {
  stage.edge.answers(GATEWAY, { headers: [["X-Own", "1"]], body: "x" });
  assert.deepEqual((await stage.get("/")).fields, [["x-own", "1"]]);
});
