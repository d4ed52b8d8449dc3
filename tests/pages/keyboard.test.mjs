// Issue 6, "Real parts": with the keyboard alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { noBrowser, startBrowser, visitor } from "../support/browser.mjs";
import { STATES } from "../support/page-states.mjs";
import { TOKEN, startStage } from "../support/stage.mjs";

const skip = noBrowser();
let stage, browser;
before(async () => {
  if (skip) return;
  [stage, browser] = [await startStage(), await startBrowser()];
  await STATES.failing(stage);
});
after(async () => {
  await browser?.close();
  await stage?.stop();
});

/** Presses Tab until `name` has the focus; every stop on the way is visible, and shows that it has it. */
async function tabTo(page, name) {
  for (let stops = 0; stops < 60; stops++) {
    await page.keyboard.press("Tab");
    const [text, shown, outline, where] = await page.evaluate(() => {
      const node = document.activeElement;
      const { width, height, left, right } = node.getBoundingClientRect();
      return [node.textContent.trim().slice(0, 40), width >= 24 && height >= 18 && left >= -1 && right <= innerWidth + 1, getComputedStyle(node).outlineStyle, [left, right]];
    });
    assert.ok(shown, `${text} has the focus and is not in sight: ${where}`);
    assert.notEqual(outline, "none", `${text} does not show that it has the focus`);
    if (text === name) return stops + 1;
  }
  throw new Error(`no way to ${name}`);
}

test("from the sign-in to look now, and out again", { skip }, async () => {
  const reader = await visitor(browser, stage, { token: null });
  const { page } = reader;
  await reader.open("/", 401);
  await reader.assertAccessible();
  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "zebra-gw is failing" }).waitFor();
  await tabTo(page, "Look now");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Looked now: zebra-gw: the name has no address").waitFor();
  await page.reload();
  await tabTo(page, "Sign out");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  reader.assertClean();
  await reader.close();
});

test("from the top of the overview to look now", { skip }, async () => {
  const reader = await visitor(browser, stage);
  const { page } = reader;
  await reader.open("/");
  await tabTo(page, "Skip to content");
  await page.keyboard.press("Enter");
  await tabTo(page, "Look now");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Looked now: zebra-gw: the name has no address").waitFor();
  reader.assertClean();
  await reader.close();
});

test("through every stop of the overview, in the order in which they stand", { skip }, async () => {
  const reader = await visitor(browser, stage, { width: 1280 });
  const { page } = reader;
  await reader.open("/");
  const focusable = await page.locator("a, button, select, summary").evaluateAll((all) => all.filter((it) => it.checkVisibility()).map((it) => it.textContent.trim().slice(0, 40)));
  const reached = [];
  for (let stop = 0; stop < focusable.length; stop++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"));
  }
  assert.deepEqual(reached, focusable);
  await reader.close();
});
