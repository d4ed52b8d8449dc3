// Issue 6.1, 6.5: every page in every state, at three widths, dark and light.

import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { noBrowser, startBrowser, visitor } from "../support/browser.mjs";
import { SERVICE, STATES } from "../support/page-states.mjs";
import { TOKEN, startStage } from "../support/stage.mjs";
import { ROOT } from "../support/workerd.mjs";

const skip = noBrowser();
const WIDTHS = [320, 768, 1280];
const LIMIT_BYTES = 60_000;
const SCREENSHOTS = join(ROOT, "tests/output/screenshots");

/** What each page says in a state: what a reader must find there. `status`, where it is not 200. */
const PAGES = {
  healthy: {
    "/": ["zebra-gw is healthy", "Healthy", "172.199.17.73", "6 incidents (tall bars), 2 changes of addresses (short bars)", "Look now"],
    "/status": ["zebra-gw is healthy"],
    "/incidents": ["Origin name not found", "Ended", "lasted 3 h"],
    "/history": ["The addresses changed from 172.199.17.70 to 172.199.17.73", "the origin answered a client", "Backend rejects gateway"],
    "/history?origin=zebra-gw&limit=3": ["History of zebra-gw", "Older"],
    "/config": ["The configuration has no mistakes", "GUARD_KV", "origins[0].hostname", "default"],
    "/diagnose": ["Diagnosis of zebra-gw", "No fault was found", "Passed"],
    "/nowhere": { status: 404, texts: ["No such admin path", "Overview"] },
    "/incidents/00000000000000000": { status: 404, texts: ["No such incident is kept"] },
    "/checklist": ["Checklist for zebra-gw", "Done", "What to do if it were not"],
    "/allowlist": { status: 409, texts: ["Allowlist", "No list is better than a wrong one", "Show the addresses seen in DNS"] },
    "/allowlist?evidence=observed": ["172.199.17.73/32", "observed", "Inbound".toLowerCase()],
    "/allowlist/plan": ["Targets of the allowlist", "No target is configured."],
    "/audit": { status: 400, texts: ["Network check", "Check documents"] },
    "/diagnose?origin=nobody": { status: 400, texts: ["There is no origin named"] },
  },
  failing: {
    "/": ["zebra-gw is failing", "Origin name not found at the compute name, platform stv2, zebra-ip.westeurope.cloudapp.azure.com", "Began", "Do this first", "Azure administrator:", "It worked when:", "Fails here", "addresses last known", "Download bundle"],
    "/incidents": ["Open", "not over"],
    "/incidents/{id}": ["Origin name not found – zebra-gw", "What to do, best first", "Failed", "Not checked", "What each resolver said", "Download bundle"],
    "/history": ["Origin name not found began at zebra-ip"],
    "/diagnose": ["Origin name not found", "Fails here"],
    "/checklist": ["Next: ", "To do", "It worked when:"],
  },
  "failing behind the name": {
    "/": ["zebra-gw is failing", "Connection to the origin timed out", "The name resolves; the failure is behind it"],
    "/incidents/{id}": ["What to do, best first"],
  },
  "failing without a store": {
    "/": ["zebra-gw is failing", "General advice for this cause", "GUARD_KV is missing", "npx wrangler kv namespace create GUARD_KV"],
    "/history": ["Not all is known."],
    "/incidents": ["Not all is known.", "Open"],
    "/config": ["Missing", "npx wrangler kv namespace create GUARD_KV"],
  },
  declared: {
    "/": ["Seen, but not declared by Azure: 203.0.114.9", "backends see", "2603:1030::1/128", "The subnet has a route to a firewall."],
    "/allowlist": ["172.199.17.73/32", "declared", "(held)", "This may not be all that backends see."],
    "/config": ["AZURE_CLIENT_SECRET", "Set"],
  },
  "partly failing": {
    "/": ["zebra-gw is failing", "yak-gw"],
    "/diagnose": { status: 400, texts: ["Of which origin?", "yak-gw"] },
    "/checklist": { status: 400, texts: ["Of which origin?", "zebra-gw"] },
  },
  degraded: { "/": ["zebra-gw is degraded", "Warning", "pinned_address_record"] },
  unknown: {
    "/": ["Nothing is known of zebra-gw yet", "unknown: no look-up has found a path yet"],
    "/incidents": ["No incident in 30 days."],
    "/history": ["Nothing happened in 30 days."],
    "/diagnose": ["Diagnosis of zebra-gw"],
  },
  "store down": { "/": ["The KV store does not answer", "The record could not be read"], "/history": ["Not all is known."] },
  "half-configured": {
    "/": ["The set-up is not complete", "orgins", "Did you mean", "AZURE_CLIENT_SECRET is missing", "npx wrangler secret put AZURE_CLIENT_SECRET"],
    "/config": ["Mistakes:", "origins[1].hostname", "npx wrangler secret put AZURE_CLIENT_SECRET"],
  },
  empty: { "/": ["No origin is configured", "Name the gateway first"], "/config": ["Mistakes:"] },
};

let stage, browser;
before(async () => {
  if (skip) return;
  [stage, browser] = [await startStage(), await startBrowser()];
  await rm(SCREENSHOTS, { recursive: true, force: true });
  await mkdir(SCREENSHOTS, { recursive: true });
});
after(async () => {
  await browser?.close();
  await stage?.stop();
});

test("who is not signed in sees the sign-in, and a wrong token the reason", { skip }, async () => {
  await STATES.failing(stage);
  const reader = await visitor(browser, stage, { token: null });
  await reader.open("/incidents", 401);
  for (const width of WIDTHS) await inBothSchemes(reader, width, "unauthorised");
  await reader.page.getByLabel("Admin token").fill("wrong");
  await reader.page.getByRole("button", { name: "Sign in" }).click();
  await reader.page.getByRole("alert").waitFor();
  for (const width of WIDTHS) await inBothSchemes(reader, width, "unauthorised wrong");
  assert.doesNotMatch(await reader.page.content(), /zebra/);
  await reader.page.getByLabel("Admin token").fill(TOKEN);
  await reader.page.getByRole("button", { name: "Sign in" }).click();
  await reader.page.getByRole("heading", { level: 1, name: "Incidents" }).waitFor();
  await reader.close();
});

test("the answers to forms are pages like the others", { skip }, async () => {
  await STATES.healthy(stage);
  const reader = await visitor(browser, stage);
  const { page } = reader;
  await reader.open("/audit", 400);
  await page.getByLabel("Documents as JSON").fill(JSON.stringify(SERVICE));
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByRole("heading", { level: 2, name: "Not checked" }).waitFor();
  for (const width of WIDTHS) await inBothSchemes(reader, width, "network check");
  await reader.open("/config");
  await page.getByRole("textbox").fill('{"origins": [{"hostname": "20.61.99.1"}], "orgins": []}');
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByRole("heading", { level: 1, name: "Check of a configuration" }).waitFor();
  for (const width of WIDTHS) await inBothSchemes(reader, width, "configuration check");
  reader.assertClean();
  await reader.close();
});

for (const [state, pages] of Object.entries(PAGES)) {
  test(`every page of a guard that is ${state}`, { skip }, async (t) => {
    const id = await STATES[state](stage);
    for (const [path, expected] of Object.entries(pages)) {
      const { status, texts } = Array.isArray(expected) ? { status: 200, texts: expected } : expected;
      await t.test(path, () => everyLook(`${state} ${path}`, path.replace("{id}", id), status, texts));
    }
  });
}

async function everyLook(name, path, status, texts) {
  const reader = await visitor(browser, stage);
  const answer = await reader.open(path, status);
  const bytes = (await answer.body()).length + JSON.stringify(await answer.allHeaders()).length;
  assert.ok(bytes < LIMIT_BYTES, `${bytes} bytes`);
  const text = (await reader.page.locator("body").innerText()).replace(/\s+/g, " ");
  for (const expected of texts) assert.ok(text.includes(expected), `no "${expected}" in: ${text}`);
  for (const width of WIDTHS) await inBothSchemes(reader, width, name);
  reader.assertClean();
  await reader.close();
}

/** Both schemes have the same layout: what stands where does not depend on colours. */
async function inBothSchemes(reader, width, name) {
  await reader.page.setViewportSize({ width, height: 800 });
  const layouts = [];
  for (const colorScheme of ["light", "dark"]) {
    await reader.page.emulateMedia({ colorScheme });
    await reader.assertFits();
    // What a machine can find depends on the width at its ends, and on the scheme by contrast alone.
    if (width === WIDTHS[0] || (width === WIDTHS.at(-1) && colorScheme === "light")) await reader.assertAccessible();
    layouts.push(await reader.page.evaluate(layout));
    const file = `${name} ${width} ${colorScheme}`.replace(/[^a-z0-9-]+/gi, "_");
    await reader.page.screenshot({ path: join(SCREENSHOTS, `${file}.png`), fullPage: true });
  }
  assert.deepEqual(layouts[0], layouts[1]);
  assert.ok(layouts[0].length > 2);
}

/** Runs in the page: where its parts are. */
function layout() {
  const parts = document.querySelectorAll("header, nav, main, h1, h2, h3, section, ol, ul, dl, button, select, textarea, pre");
  return [...parts].map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    return [part.tagName, ...[x, y, width, height].map(Math.round)].join(" ");
  });
}
