// Issue 6.1: everything works without the script; contract 6: `GET /` is the dashboard, and a report has two forms.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { noBrowser, startBrowser, visitor } from "../support/browser.mjs";
import { SERVICE, STATES } from "../support/page-states.mjs";
import { GATEWAY, startStage } from "../support/stage.mjs";

const skip = noBrowser();
const HTML = [["Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"]];

let stage, browser, incident;
before(async () => {
  if (skip) return;
  [stage, browser] = [await startStage(), await startBrowser()];
  incident = await STATES.failing(stage);
});
after(async () => {
  await browser?.close();
  await stage?.stop();
});

const plainly = async (run) => {
  const reader = await visitor(browser, stage, { javaScriptEnabled: false });
  await run(reader.page, reader);
  reader.assertClean();
  await reader.close();
};

test("without the script look now is a form, and its answer a page with the way back", { skip }, () =>
  plainly(async (page, reader) => {
    await reader.open("/");
    await page.getByRole("button", { name: "Look now" }).click();
    await page.getByRole("heading", { level: 1, name: "Looked now" }).waitFor();
    assert.match(await page.locator("main").innerText(), /The resolvers agree that the name has no address/);
    await page.getByRole("link", { name: "Back to the overview" }).click();
    await page.getByRole("heading", { level: 1, name: "zebra-gw is failing" }).waitFor();
  }),
);

test("without the script every link of the overview leads to a page", { skip }, () =>
  plainly(async (page, reader) => {
    await reader.open("/");
    const links = await page.getByRole("link").evaluateAll((all) => all.filter((a) => !a.download && !a.hash).map((a) => a.pathname + a.search));
    for (const link of new Set(links)) {
      const { status, headers, text } = await stage.admin(link.replace("/__guard", ""), { headers: HTML });
      // Nothing is declared here, and Azure is not configured: these two say so, and what to do.
      const says = { 409: "/allowlist", 400: "/audit" }[status];
      assert.ok(status === 200 || link.includes(says), `${link}: ${status} ${text.slice(-300)}`);
      assert.match(headers["content-type"], /^text\/html/, link);
    }
  }),
);

test("without the script times are UTC and commands can be read", { skip }, () =>
  plainly(async (page, reader) => {
    await reader.open(`/incidents/${incident}`);
    const times = await page.locator("time").allInnerTexts();
    assert.ok(times.length > 3 && times.every((time) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/.test(time)), times.join());
    assert.ok(await page.locator(".command").first().isVisible());
    assert.equal(await page.getByRole("button", { name: "Copy" }).count(), 0);
  }),
);

test("a configuration that is pasted in is checked without the script, and comes back to be mended", { skip }, () =>
  plainly(async (page, reader) => {
    const given = '{"origins": [{"hostname": "</textarea><b>x&amp;"}]}';
    await reader.open("/config");
    await page.getByRole("textbox").fill(given);
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("heading", { level: 1, name: "Check of a configuration" }).waitFor();
    assert.match(await page.locator("main").innerText(), /origins\[0\]\.hostname: expected/);
    assert.equal(await page.getByRole("textbox").inputValue(), given);
    assert.equal(await page.locator("main b").count(), 0);
    await page.getByRole("textbox").fill(JSON.stringify({ origins: [{ hostname: GATEWAY }] }));
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("This configuration has no mistakes").waitFor();
  }),
);

test("documents are handed to the network check as text or as files, without the script", { skip }, () =>
  plainly(async (page, reader) => {
    await reader.open("/audit", 400);
    await page.getByLabel("Documents as JSON").fill(JSON.stringify(SERVICE));
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("heading", { level: 2, name: "Not checked" }).waitFor();
    assert.match(await page.locator("main").innerText(), /zebra-gw/);
    const file = { name: "service.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(SERVICE)) };
    await page.getByLabel("Or files").setInputFiles([file]);
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("heading", { level: 2, name: "Not checked" }).waitFor();
  }),
);

test("a bundle is a file of JSON, also for a browser", { skip }, async () => {
  const answer = await stage.admin(`/incidents/${incident}/bundle`, { headers: HTML });
  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.equal(answer.json.incident.id, incident);
});

test("the report of a call is JSON for curl and a page for a browser, with a policy of its own each time", { skip }, async () => {
  for (const path of ["/status", "/history", "/incidents", `/incidents/${incident}`, "/config", "/diagnose"]) {
    const [json, page, again] = [await stage.admin(path), await stage.admin(path, { headers: HTML }), await stage.admin(path, { headers: HTML })];
    assert.match(json.headers["content-type"], /^application\/json/, path);
    assert.match(page.headers["content-type"], /^text\/html/, path);
    for (const { headers } of [json, page]) assert.equal(headers.vary, "Accept", path);
    const nonces = [page, again].map(({ headers }) => /script-src 'nonce-([A-Za-z0-9_-]{22})'/.exec(headers["content-security-policy"])[1]);
    assert.notEqual(nonces[0], nonces[1]);
    assert.equal(page.text.split(`nonce="${nonces[0]}"`).length - 1, 2, "style and script");
    assert.doesNotMatch(page.headers["content-security-policy"], /unsafe|\*|https?:/);
    assert.equal(page.headers["cache-control"], "no-store");
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    assert.match(page.headers["content-security-policy"], /frame-ancestors 'none'/);
  }
});

test("the dashboard is HTML for everyone, and HEAD gets its headers alone", { skip }, async () => {
  for (const path of ["", "/"]) {
    for (const method of ["GET", "HEAD"]) {
      const answer = await stage.admin(path, { method });
      assert.equal(answer.status, 200);
      assert.match(answer.headers["content-type"], /^text\/html/);
      assert.equal(answer.text.length > 0, method === "GET");
    }
  }
});
