// Issue 6.1: what the script adds: the reader's zone, live refresh that survives a dead network, look now in place, copying.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { noBrowser, startBrowser, visitor } from "../support/browser.mjs";
import { STATES, fail } from "../support/page-states.mjs";
import { CHAIN, startStage } from "../support/stage.mjs";

const skip = noBrowser();
const EVERY_MS = 20_000;

let stage, browser;
before(async () => {
  if (!skip) [stage, browser] = [await startStage(), await startBrowser()];
});
after(async () => {
  await browser?.close();
  await stage?.stop();
});
beforeEach(() => !skip && STATES.healthy(stage));

/** The overview under a clock that the test moves. */
async function overview(options) {
  const reader = await visitor(browser, stage, options);
  await reader.page.clock.install();
  await reader.open("/");
  return reader;
}
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

test("times are of the reader's zone, with UTC beside", { skip }, async () => {
  const reader = await overview({ timezoneId: "Asia/Kolkata" });
  const time = reader.page.locator("time").first();
  assert.match(await time.innerText(), /^(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d GMT\+5:30 \((\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC\)$/);
  const [here, utc] = (await time.innerText()).match(/\d\d:\d\d:\d\d/g).map((clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5)));
  assert.equal((here - utc + 1440) % 1440, 330);
  reader.assertClean();
  await reader.close();
});

test("the overview follows what happens, and keeps what the reader has opened and chosen", { skip }, async () => {
  const reader = await overview();
  const { page } = reader;
  await page.getByText("The newest events as a list").click();
  await page.getByLabel("Allowlist as").selectOption("nginx");
  await page.getByRole("link", { name: "Diagnose" }).focus();
  await fail(stage);
  await page.clock.runFor(EVERY_MS);
  await heading(page, "zebra-gw is failing");
  assert.equal(await page.title(), "zebra-gw is failing – Origin Guard");
  assert.ok(await page.locator("details[open] .events").isVisible());
  assert.equal(await page.getByLabel("Allowlist as").inputValue(), "nginx");
  assert.equal(await page.evaluate("document.activeElement.textContent.slice(0, 40)"), "Diagnose");
  reader.assertClean();
  await reader.close();
});

test("a dead network: what is known stays, since when is said, and it comes back by itself", { skip }, async () => {
  const reader = await overview();
  const { page, context } = reader;
  const before = await page.locator("main").innerText();
  await context.setOffline(true);
  await page.clock.runFor(EVERY_MS);
  await page.getByRole("status").getByText(/No contact with the guard since \d\d:\d\d:\d\d\. Shown is what was known/).waitFor();
  assert.equal(plain(await page.locator("main").innerText()), plain(before));
  await context.setOffline(false);
  await page.getByRole("status").getByText("No contact").waitFor({ state: "detached" });
  await fail(stage);
  await page.clock.runFor(EVERY_MS);
  await heading(page, "zebra-gw is failing");
  await reader.close();
});

test("a guard that answers 500 or nonsense blanks nothing, and is asked less and less often", { skip }, async () => {
  const reader = await overview();
  const { page } = reader;
  let asked = 0;
  await page.route(`${reader.origin}/__guard/`, (route) => {
    asked++;
    return asked % 2 ? route.fulfill({ status: 500, body: "no" }) : route.fulfill({ status: 200, contentType: "text/html", body: "<p>nonsense" });
  });
  // 20 s, then 40, 80, 160, 300 and 300 apart.
  for (let second = 0; second < 920; second += 10) {
    await page.clock.runFor(10_000);
    await page.evaluate("new Promise((done) => requestAnimationFrame(done))").catch(() => {});
  }
  assert.ok(asked >= 4 && asked <= 6, `asked ${asked} times`);
  await heading(page, "zebra-gw is healthy");
  assert.match(await page.getByRole("status").innerText(), /No contact with the guard/);
  await reader.close();
});

test("a session that has ended says so", { skip }, async () => {
  const reader = await overview();
  await reader.context.setExtraHTTPHeaders({});
  await reader.page.clock.runFor(EVERY_MS);
  await reader.page.getByRole("status").getByText(/You are signed out/).waitFor();
  await heading(reader.page, "zebra-gw is healthy");
  await reader.close();
});

test("look now looks in place and tells the outcome", { skip }, async () => {
  const reader = await overview();
  const { page } = reader;
  stage.zone({ ...CHAIN, [Object.keys(CHAIN)[3]]: { a: ["172.199.17.99"] } });
  await page.getByRole("button", { name: "Look now" }).click();
  await page.getByRole("status").getByText("Looked now: zebra-gw: the name resolves, addresses or path are new").waitFor();
  assert.match(await page.locator("main").innerText(), /172\.199\.17\.99/);
  assert.equal(await page.evaluate("document.activeElement.textContent.slice(0, 40)"), "Look now");
  assert.ok(await page.getByRole("button", { name: "Look now" }).isEnabled());
  reader.assertClean();
  await reader.close();
});

test("a command is copied as it is", { skip }, async () => {
  await fail(stage);
  const reader = await overview({ permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = reader;
  await page.getByRole("button", { name: "Copy command" }).first().click();
  await page.getByText("Copied").waitFor();
  const copied = await page.evaluate("navigator.clipboard.readText()");
  const command = (await stage.admin("/incidents")).json.incidents[0].id;
  const { diagnosis } = (await stage.admin(`/incidents/${command}`)).json;
  assert.equal(copied, diagnosis.remedies[0].command);
  reader.assertClean();
  await reader.close();
});

const plain = (text) => text.replace(/\(?\d+ (s|min|h|days) ago\)?|\d\d:\d\d:\d\d/g, "").replace(/\s+/g, " ");
test("the allowlist is copied in the format chosen, and shown where there is none", { skip }, async () => {
  await STATES.declared(stage);
  const reader = await overview({ permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = reader;
  await page.getByLabel("Allowlist as").selectOption("csv");
  await page.locator("form.copy").getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied").waitFor();
  assert.equal(await page.evaluate("navigator.clipboard.readText()"), (await stage.admin("/allowlist?format=csv&origin=zebra-gw")).text);
  reader.assertClean();
  await STATES.healthy(stage);
  await reader.open("/");
  await page.locator("form.copy").getByRole("button", { name: "Copy" }).click();
  await page.getByText("No list is better than a wrong one").waitFor();
  await reader.close();
});
