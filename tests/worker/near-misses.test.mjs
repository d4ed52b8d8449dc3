// Contract 3: what merely looks like an edge error is the origin's answer and goes through whole; reading a suspect body is
// bounded in size and time.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";

import { whole } from "../support/client.mjs";
import { GATEWAY, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const TEXT = "text/plain; charset=UTF-8";
const JSON_TYPE = "application/json";
const PROBLEM = "application/problem+json";
const HTML = "text/html; charset=utf-8";

const NEAR_MISSES = [
  ["JSON of the origin's with statusCode 530", 530, JSON_TYPE, '{"statusCode":530,"message":"frozen"}'],
  [
    "an RFC 9457 document of the origin's with an error_code",
    530,
    PROBLEM,
    '{"type":"about:blank","status":530,"error_code":1016}',
  ],
  ["cloudflare_error that is not true", 502, JSON_TYPE, '{"cloudflare_error":false,"error_code":1016}'],
  ["cloudflare_error deep inside", 503, JSON_TYPE, '{"inner":{"cloudflare_error":true,"error_code":1016}}'],
  [
    "JSON text with Cloudflare's words in a string",
    522,
    JSON_TYPE,
    '{"log":"{\\"cloudflare_error\\": true, \\"error_code\\": 522}"}',
  ],
  ["broken JSON that begins like Cloudflare's", 530, JSON_TYPE, '{"cloudflare_error": true, "error_code": 1016'],
  ["a text that contains error code: 1016", 530, TEXT, "The upstream said error code: 1016, so we gave up."],
  ["a text that begins with error code: 1016", 530, TEXT, "error code: 1016 was returned by the partner"],
  ["a number that is none of Cloudflare's form", 530, TEXT, "error code: 10166"],
  ["a code that is no number", 530, TEXT, "error code: E1016"],
  ["error code: 1016 under 200", 200, TEXT, "error code: 1016"],
  ["error code: 1016 under 200 in JSON", 200, JSON_TYPE, '{"cloudflare_error":true,"error_code":1016}'],
  [
    "HTML about Cloudflare",
    502,
    HTML,
    "<html><title>example.com | 522: Connection timed out</title><body>How to read Cloudflare's error pages",
  ],
  ["HTML of the origin's own", 520, HTML, "<html><h1>Something went wrong</h1><p>Error code 520-A</p></html>"],
  ["a 52x in the origin's own words", 521, TEXT, "maintenance"],
  ["a 403 of the origin's", 403, TEXT, "error code: 1003 is what Cloudflare would say"],
  ["a 409 of the origin's", 409, JSON_TYPE, '{"error":{"code":"Conflict","message":"1001"}}'],
  ["an empty 503 of the origin's", 503, TEXT, ""],
  ["bytes that are no text", 530, "application/octet-stream", Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80])],
  ["front matter of the origin's", 530, "text/markdown", "---\ntitle: cloudflare_error\n---\n\n# Error 1016\n"],
];
for (const [what, status, type, body] of NEAR_MISSES) {
  test(`${what} goes through whole`, async () => {
    stage.edge.answers(GATEWAY, {
      status,
      headers: [
        ["Content-Type", type],
        ["X-Own", "1"],
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
      ],
      body,
    });
    const answer = await stage.get("/");
    assert.equal(answer.status, status);
    assert.ok(answer.body.equals(Buffer.from(body)), answer.text);
    assert.equal(answer.headers["content-type"], type);
    assert.equal(answer.headers["x-own"], "1");
    assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
    assert.ok(!("x-origin-guard" in answer.headers));
  });
}

test("headers of a suspect that is the origin's come in the passthrough's order", async () => {
  const headers = [
    ["Z", "1"],
    ["Content-Type", TEXT],
    ["A", "2"],
    ["Set-Cookie", "a=1"],
    ["M", "3"],
  ];
  stage.edge.answers(GATEWAY, { status: 530, headers, body: "not Cloudflare's" });
  assert.deepEqual((await stage.get("/")).fields, (await stage.baseline("/")).fields);
});

for (const [status, type] of [
  [530, TEXT],
  [530, JSON_TYPE],
  [502, HTML],
]) {
  test(`16 MB under ${status} ${type} go through whole`, async () => {
    const body = Buffer.from(randomBytes(8 * 1024 * 1024).toString("hex"));
    stage.edge.answers(GATEWAY, { status, headers: [["Content-Type", type]], body });
    const answer = await stage.get("/");
    assert.equal(answer.status, status);
    const sum = (bytes) => createHash("sha256").update(bytes).digest("hex");
    assert.equal(sum(answer.body), sum(body));
  });
}

test("a suspect body that stalls is handed on while it stalls, and whole in the end", async () => {
  let finish;
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(530, { "content-type": TEXT, server: "cloudflare" });
    response.write("error code: 10");
    finish = () => response.end("16 is not what this says");
  });
  const response = await stage.open("/").head; // comes although the origin has not ended
  assert.equal(response.statusCode, 530);
  finish();
  assert.equal((await whole(response)).toString(), "error code: 1016 is not what this says");
});

test("a suspect head without any body yet is handed on too", async () => {
  let finish;
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(530, { "content-type": TEXT });
    response.flushHeaders();
    finish = () => response.end("late words");
  });
  const response = await stage.open("/").head;
  assert.equal(response.statusCode, 530);
  finish();
  assert.equal((await whole(response)).toString(), "late words");
});

test("a suspect body that trickles arrives byte for byte", async () => {
  const words = "error code: 1016? no, only a slow origin".repeat(5);
  stage.edge.on(GATEWAY, async (_, response) => {
    response.writeHead(530, { "content-type": TEXT });
    for (const letter of words) {
      response.write(letter);
      await new Promise((done) => setTimeout(done, 5));
    }
    response.end();
  });
  const answer = await stage.get("/");
  assert.equal(answer.status, 530);
  assert.equal(answer.text, words);
});

test("a suspect answer to HEAD is the origin's: it has no body to tell by", async () => {
  stage.edge.answers(GATEWAY, {
    status: 503,
    headers: [
      ["Content-Type", TEXT],
      ["X-Own", "1"],
    ],
  });
  const answer = await stage.get("/", { method: "HEAD" });
  assert.equal(answer.status, 503);
  assert.equal(answer.headers["x-own"], "1");
});
