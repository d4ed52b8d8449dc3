// Contract 4: the form of a problem document is negotiated by Accept (RFC 9110 12.5.1); HEAD gets the headers alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { edgeError } from "../support/edge.mjs";
import { assertHead, assertProblem } from "../support/problem.mjs";
import { GATEWAY, brokenAt, startStage } from "../support/stage.mjs";

const CODE = "origin_name_not_found";
const JSON_TYPE = /^application\/problem\+json\b/;
const HTML = /^text\/html\b/;
const MARKDOWN = /^text\/markdown\b/;
const TEXT = /^text\/plain\b/;

let stage;
before(async () => {
  stage = await startStage();
  stage.zone(brokenAt(0));
  stage.edge.answers(GATEWAY, edgeError(1016));
});
after(() => stage?.stop());

const failing = (accept, options = {}) =>
  stage.get("/", {
    ...options,
    headers: [...(accept === undefined ? [] : [["Accept", accept]]), ...(options.headers ?? [])],
  });

const NEGOTIATED = [
  [undefined, JSON_TYPE],
  ["*/*", JSON_TYPE],
  ["application/problem+json", JSON_TYPE],
  ["application/json", JSON_TYPE],
  ["application/*", JSON_TYPE],
  ["text/html", HTML],
  ["TEXT/HTML", HTML],
  ["text/markdown", MARKDOWN],
  ["text/plain", TEXT],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", HTML],
  ["application/json, text/plain, */*", JSON_TYPE],
  ["text/html;q=0.5, application/json;q=0.9", JSON_TYPE],
  ["text/plain;q=0.4, text/markdown;q=0.6", MARKDOWN],
  ["text/markdown;q=0.2, text/plain", TEXT],
  ["application/json;q=0, text/html", HTML],
  ["application/problem+json;q=0, application/json;q=0, */*;q=0.1, text/plain;q=0.5", TEXT],
  ["text/html;q=0, */*", JSON_TYPE],
  ["text/html ; q=0.3 , text/plain ; q=0.7", TEXT],
];
for (const [accept, type] of NEGOTIATED) {
  test(`Accept: ${accept ?? "(none)"} gets ${type.source}`, async () => {
    const answer = await failing(accept);
    assert.match(answer.headers["content-type"], type);
    assertHead(answer, CODE);
  });
}

const NOTHING_FITS = [
  "image/png",
  "text/html;q=0",
  ",,;=;q",
  "text/html;q=banana",
  '"',
  "*/html",
  "x".repeat(5000),
  `${"a/b,".repeat(1000)}`,
];
for (const accept of NOTHING_FITS) {
  test(`Accept: ${accept.slice(0, 30)} gets an answer all the same`, async () => {
    const answer = await failing(accept);
    assert.match(answer.headers["content-type"], /^(application\/problem\+json|text\/(html|markdown|plain))\b/);
    assertHead(answer, CODE);
  });
}

for (const accept of ["application/json", "text/html", "text/markdown", "text/plain"]) {
  test(`HEAD with Accept: ${accept} gets the headers alone`, async () => {
    const [head, get] = [await failing(accept, { method: "HEAD" }), await failing(accept)];
    assertHead(head, CODE);
    assert.equal(head.body.length, 0);
    assert.equal(head.headers["content-type"], get.headers["content-type"]);
  });

  test(`the ${accept} form says what happened and how to name it to the owner`, async () => {
    const document = (await failing("application/json")).json;
    const { text } = await failing(accept);
    for (const words of [document.code, document.title, document.incident])
      assert.ok(text.includes(words), `${words} in ${text}`);
  });
}

test("JSON is one document with every member of the contract", async () => {
  assertProblem(await failing("application/json"), CODE);
});

test("HTML is a whole page that a phone can show and that needs nothing else", async () => {
  const { text } = await failing("text/html");
  assert.match(text, /^<!doctype html>/i);
  assert.match(text, /<html[^>]*\blang=/i);
  assert.match(text, /<meta[^>]+name="?viewport/i);
  assert.match(text, /<title>[^<]+<\/title>/i);
  assert.match(text, /prefers-color-scheme|color-scheme/i);
});

test("HTML has no script and no remote resource", async () => {
  for (const page of [
    await failing("text/html"),
    await stage.get(`/__guard/problems/${CODE}`, { headers: [["Accept", "text/html"]] }),
  ]) {
    assert.doesNotMatch(page.text, /<script\b|javascript:|\son\w+\s*=/i);
    assert.doesNotMatch(page.text, /<(img|iframe|object|embed|audio|video|source|base|form)\b/i);
    assert.doesNotMatch(page.text, /<link\b[^>]*\bhref=|@import|url\(/i);
    assert.doesNotMatch(page.text, /\bsrc\s*=/i);
  }
});

test("what the client sends is escaped", async () => {
  const evil = "<script>alert(1)</script>";
  const headers = [
    ["CF-RAY", `"><img src=x>${evil}`],
    ["User-Agent", evil],
    ["Referer", evil],
  ];
  const { text } = await failing("text/html", { headers });
  assert.ok(!text.includes(evil) && !text.includes("<img"), text);
});

test("a page that is told in HTML is told in the same words as the explanation's title", async () => {
  const document = (await failing("application/json")).json;
  const page = await stage.get(`/__guard/problems/${CODE}`, { headers: [["Accept", "text/html"]] });
  assert.ok(page.text.includes(document.title));
});
