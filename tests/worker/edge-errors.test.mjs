// Contract 3 to 5: an error that the edge made is recognised in every shape and told by its code.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CODE_OF_NUMBER, DNS_NUMBERS } from "../support/codes.mjs";
import { SHAPES, edgeError, statusOf } from "../support/edge.mjs";
import { assertProblem, assertStrangersPart } from "../support/problem.mjs";
import { GATEWAY, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const OTHERS = [1015, 1020, 1034, 1101];
const NUMBERS = [...Object.keys(CODE_OF_NUMBER).map(Number), ...DNS_NUMBERS, ...OTHERS];
const expected = (number) =>
  CODE_OF_NUMBER[number] ??
  (DNS_NUMBERS.includes(number) ? "origin_dns_disagreement" : "cloudflare_error_unrecognised");

for (const number of NUMBERS) {
  for (const shape of SHAPES) {
    test(`${statusOf(number)} with ${number} as ${shape} is ${expected(number)}`, async () => {
      stage.edge.answers(GATEWAY, edgeError(number, shape));
      const document = assertProblem(await stage.get("/"), expected(number));
      assert.equal(document.error_code, number);
      assertStrangersPart(document);
    });
  }
}

for (const shape of SHAPES) {
  test(`1016 as ${shape} is told for a POST with a body too`, async () => {
    stage.edge.answers(GATEWAY, edgeError(1016, shape));
    assertProblem(await stage.get("/", { method: "POST", body: "{}" }), "origin_dns_disagreement");
  });
}

for (const number of [520, 521, 522, 523, 524, 525, 526]) {
  test(`an empty ${number} of Cloudflare's is ${CODE_OF_NUMBER[number]}`, async () => {
    stage.edge.answers(GATEWAY, edgeError(null, "empty", number));
    const document = assertProblem(await stage.get("/"), CODE_OF_NUMBER[number]);
    assert.equal(document.error_code, number);
  });
}

test("an empty 530 of Cloudflare's means DNS: with good DNS it is a disagreement, without a number", async () => {
  stage.edge.answers(GATEWAY, edgeError(null, "empty"));
  const document = assertProblem(await stage.get("/"), "origin_dns_disagreement");
  assert.equal(document.error_code ?? null, null);
});

test("an edge error that comes in pieces is recognised", async () => {
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(530, { server: "cloudflare", "content-type": "text/plain; charset=UTF-8" });
    const pieces = [..."error code: 1033"];
    const next = () => (pieces.length ? response.write(pieces.shift(), next) : response.end());
    next();
  });
  assertProblem(await stage.get("/"), "cloudflare_tunnel_down");
});

test("nothing of Cloudflare's page reaches the client", async () => {
  stage.edge.answers(GATEWAY, edgeError(522, "html"));
  const answer = await stage.get("/", { headers: [["Accept", "text/html"]] });
  assert.equal(answer.headers["x-origin-guard"], "origin_connection_timeout");
  assert.ok(!answer.text.includes("cf-error-details"));
});
