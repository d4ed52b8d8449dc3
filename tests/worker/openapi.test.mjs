// `openapi.json`: real answers of every call, in many states, are what its schemas say and nothing besides; so are its own examples.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { rcode } from "../support/doh.mjs";
import { edgeError } from "../support/edge.mjs";
import { GATEWAY, GUARD, OTHER, TOKEN, ZONE, brokenAt, startStage } from "../support/stage.mjs";

const ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const GUARDED = {
  ...GUARD,
  azure: { tenant_id: ID, client_id: ID },
  notify: { targets: [{ kind: "webhook", url_secret: "HOOK" }] },
  origins: [
    { hostname: GATEWAY },
    {
      hostname: OTHER,
      name: "okapi",
      serves: ["okapi.example.com"],
      azure: { subscription_id: ID, resource_group: "rg", service_name: "okapi-gw" },
    },
  ],
  nonsense: 1,
};
const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN, AZURE_CLIENT_SECRET: "secret", HOOK: "https://hook.test/" };

let stage;
let document;
let strict;
before(async () => {
  stage = await startStage({ guard: GUARDED, secrets: SECRETS });
  stage.zone(ZONE);
  stage.edge.answers(GATEWAY, { body: "well" });
  stage.edge.answers(OTHER, { body: "well" });
  const answer = await stage.admin("/openapi.json");
  assert.equal(answer.status, 200);
  document = answer.json;
  strict = schemas(closed(document));
});
after(() => stage?.stop());

function schemas(root) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: "openapi", ...root });
  return (pointer) => ajv.compile({ $ref: `openapi#${pointer}` });
}

/** The document with every object closed to members that it does not name: what is sent and not documented shows. */
function closed(value) {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== "object") return value;
  const all = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === "example" ? inner : closed(inner)]));
  if (Array.isArray(all.allOf)) return { ...all, allOf: value.allOf.map(opened), unevaluatedProperties: false };
  return all.type === "object" && all.properties ? { ...all, unevaluatedProperties: false } : all;
}

/** Of a composition, the parts leave the closing to the whole; a part that is named elsewhere stands there in its own words. */
function opened(part) {
  if (!part.$ref) return part;
  const named = part.$ref.split("/").slice(1).reduce((inner, name) => inner[name], document ?? {});
  return named ?? part;
}

const pointer = (...names) => names.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** Where the answers of an operation with this status stand, behind references. */
function place(path, method, status) {
  const answers = document.paths[path]?.[method]?.responses ?? assert.fail(`${method} ${path} is not documented`);
  const answer = answers[status] ?? assert.fail(`${method} ${path} ${status} is not documented`);
  if (!answer.$ref) return [["paths", path, method, "responses", status], answer];
  const names = answer.$ref.split("/").slice(1);
  return [names, names.reduce((inner, name) => inner[name], document)];
}

const media = (answer) => answer.headers["content-type"].split(";")[0];

function check(answer, path, method) {
  const [names, documented] = place(path, method, String(answer.status));
  if (answer.text === "") return;
  const form = documented.content?.[media(answer)];
  assert.ok(form, `${method} ${path} ${answer.status} ${media(answer)} is not documented`);
  if (!/json$/.test(media(answer))) return;
  const validate = strict(pointer(...names, "content", media(answer), "schema"));
  assert.ok(validate(answer.json), `${method} ${path} ${answer.status}: ${JSON.stringify(validate.errors?.slice(0, 3))}\n${answer.text.slice(0, 2000)}`);
}

const GETS = [
  ["/healthz"],
  ["/problems/"],
  ["/problems/origin_unreachable", "/problems/{code}"],
  ["/problems/nothing", "/problems/{code}"],
  ["/"],
  ["/status"],
  ["/diagnose?origin=zebra-gw", "/diagnose"],
  ["/diagnose?origin=okapi", "/diagnose"],
  ["/diagnose", "/diagnose"],
  ["/history"],
  ["/history?limit=1", "/history"],
  ["/history?limit=0", "/history"],
  ["/incidents"],
  ["/incidents/0123456789abcdefg", "/incidents/{id}"],
  ["/incidents/0123456789abcdefg/bundle", "/incidents/{id}/bundle"],
  ["/allowlist"],
  ["/allowlist?evidence=observed&format=json", "/allowlist"],
  ["/allowlist?evidence=observed&format=csv", "/allowlist"],
  ["/allowlist?evidence=observed&format=nginx", "/allowlist"],
  ["/allowlist?evidence=observed&format=traefik", "/allowlist"],
  ["/allowlist?evidence=observed&format=nsg", "/allowlist"],
  ["/allowlist/plan"],
  ["/allowlist/plan?target=nothing", "/allowlist/plan"],
  ["/audit"],
  ["/config"],
  ["/checklist?origin=zebra-gw", "/checklist"],
  ["/checklist?origin=okapi", "/checklist"],
  ["/zone"],
  ["/zone?origin=okapi", "/zone"],
  ["/metrics"],
  ["/openapi.json"],
  ["/login"],
];

async function askAll() {
  for (const [path, documented = path] of GETS) check(await stage.admin(path), documented, "get");
  check(await stage.admin("/refresh", { method: "POST" }), "/refresh", "post");
}

test("every answer of a guard that knows nothing yet, and of one that knows, is as documented", async () => {
  await askAll();
  await askAll();
});

test("every answer while an origin fails, moves and recovers is as documented", async () => {
  stage.edge.answers(GATEWAY, edgeError(1016));
  stage.zone({ ...brokenAt(3), [OTHER]: { a: ["40.86.168.241"], ttl: 300 } });
  await stage.get("/");
  await askAll();
  stage.doh.a.fault = rcode("SERVFAIL", 22);
  await askAll();
  const [{ id }] = (await stage.admin("/incidents")).json.incidents;
  const bundle = await stage.admin(`/incidents/${id}/bundle`);
  check(bundle, "/incidents/{id}/bundle", "get");
  check(await stage.admin(`/incidents/${id}`), "/incidents/{id}", "get");
  check(await stage.admin("/replay", { method: "POST", body: bundle.text }), "/replay", "post");
  stage.zone(ZONE);
  stage.edge.answers(GATEWAY, {
    status: 500,
    headers: [["ErrorReason", "BackendConnectionFailure"]],
    body: '{ "statusCode": 500, "message": "Internal server error" }',
  });
  await stage.admin("/refresh", { method: "POST" });
  await stage.get("/");
  await askAll();
  stage.kv.mode = "down";
  await stage.start({});
  await askAll();
  stage.kv.mode = "ok";
});

test("every answer to what is posted is as documented", async () => {
  const service = '{"type":"Microsoft.ApiManagement/service","name":"c","location":"West Europe","sku":{"name":"Premium"},"properties":{"virtualNetworkType":"External"}}';
  for (const [path, body, headers = []] of [
    ["/replay", "{}"],
    ["/config/check", '{"origins":[{"hostname":"192.0.2.1"}]}'],
    ["/config/check", '{"origins":[{"hostname":"contoso.azure-api.net"}]}'],
    ["/config/check", ""],
    ["/audit", service],
    ["/audit", "[]"],
    ["/audit", service, [["Accept", "application/sarif+json"]]],
    ["/audit", service, [["Accept", "text/markdown"]]],
    ["/allowlist/apply", undefined],
    ["/notices/test", undefined],
    ["/notices/test?target=9", undefined],
    ["/refresh?origin=nobody", undefined],
    ["/login", "token=wrong"],
    ["/logout", undefined],
  ])
    check(await stage.admin(path, { method: "POST", body, headers }), path.split("?")[0], "post");
});

test("refusals are as documented", async () => {
  check(await stage.get("/__guard/status"), "/status", "get");
  check(await stage.get("/__guard/status", { headers: [["Accept", "text/html"]] }), "/status", "get");
  await stage.start({ secrets: {} });
  check(await stage.admin("/status"), "/status", "get");
  await stage.start({ secrets: SECRETS, guard: { ...GUARDED, origins: [] } });
  check(await stage.admin("/diagnose"), "/diagnose", "get");
  check(await stage.admin("/checklist"), "/checklist", "get");
  await stage.start({ guard: GUARDED });
});

test("every example is what its schema says", () => {
  const loose = schemas(document);
  let examples = 0;
  const walk = (value, names) => {
    if (value === null || typeof value !== "object") return;
    if (value.schema && value.example !== undefined) {
      const validate = loose(pointer(...names, "schema"));
      assert.ok(validate(value.example), `${names.join(" ")}: ${JSON.stringify(validate.errors)}`);
      examples++;
    }
    for (const [name, inner] of Object.entries(value)) if (name !== "example") walk(inner, [...names, name]);
  };
  walk(document.paths, ["paths"]);
  walk(document.components.responses, ["components", "responses"]);
  assert.ok(examples > 50, `${examples}`);
});

test("it is for operators, has the guard's own path and origins, and an entity tag", async () => {
  assert.equal((await stage.get("/__guard/openapi.json")).status, 401);
  assert.equal(document.servers[0].url, "/__guard");
  assert.deepEqual(document.components.schemas.OriginName.enum, ["zebra-gw", "okapi"]);
  assert.equal(document.components.parameters.oneOrigin.required, true);
  const answer = await stage.admin("/openapi.json");
  assert.match(answer.headers["content-type"], /^application\/json$/);
  const again = await stage.admin("/openapi.json", { headers: [["If-None-Match", answer.headers.etag]] });
  assert.deepEqual([again.status, again.text, again.headers.etag], [304, "", answer.headers.etag]);
});

test("a cursor is opaque, walks on, and one that is none is a clear 400", async () => {
  const first = (await stage.admin("/history?limit=1")).json;
  assert.match(first.next, /^[A-Za-z0-9_-]+$/);
  const second = (await stage.admin(`/history?limit=1&cursor=${first.next}`)).json;
  assert.notEqual(second.events[0].id, first.events[0].id);
  for (const wrong of ["", "x", "2026-11-26T00:00:00.000Z.a", "!!", Buffer.from("yesterday.a").toString("base64url")]) {
    const answer = await stage.admin(`/incidents?cursor=${encodeURIComponent(wrong)}`);
    assert.equal(answer.status, 400, wrong);
    assert.match(answer.json.detail, /^cursor is the `next` of the page before/);
  }
});
