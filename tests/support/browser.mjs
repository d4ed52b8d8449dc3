// Headless Chromium before the guard, with an eye on all that a page must not do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

import { missing } from "./skip.mjs";
import { TOKEN } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The reason to skip, or `false`. */
export const noBrowser = () => missing({ chromium: "chromium" });

/** Debian's Chromium. */
export const startBrowser = () => chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/**
 * A visitor with a window of their own, signed in by the token unless `token` is null.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {object} stage
 */
export async function visitor(browser, stage, { token = TOKEN, width = 320, height = 640, dark = false, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    extraHTTPHeaders: token ? { Authorization: `Bearer ${token}` } : {},
    ...options,
  });
  return new Visitor(context, await context.newPage(), stage);
}

class Visitor {
  /** What a page must never do, in words; see `assertClean`. */
  faults = [];

  constructor(context, page, stage) {
    Object.assign(this, { context, page, stage });
    page.on("console", (message) => message.type() === "error" && this.faults.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.faults.push(`exception: ${error}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "data:" && url.origin !== this.origin) this.faults.push(`request to ${url.origin}`);
      if (url.protocol !== "data:" && !url.pathname.startsWith("/__guard")) this.faults.push(`request for ${url.pathname}`);
    });
  }

  get origin() {
    return `http://localhost:${this.stage.workerd.ports.guard}`;
  }

  /** Opens a page below the admin path. The status of an error is in the console too, and expected there. */
  async open(path, status = 200) {
    const answer = await this.page.goto(`${this.origin}/__guard${path}`);
    assert.equal(answer.status(), status, `${path}: ${await answer.text()}`);
    if (status >= 400) this.faults = this.faults.filter((fault) => !fault.includes(`status of ${status}`));
    return answer;
  }

  /** No console error, exception, CSP violation, or request to anywhere else so far. */
  assertClean() {
    assert.deepEqual(this.faults, []);
  }

  /** No violation of WCAG 2.2 AA that a machine can find. */
  async assertAccessible() {
    // By the debugger's own way: a script element would not be allowed.
    if (!(await this.page.evaluate("typeof axe === 'object'"))) await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), RULES);
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)]), []);
  }

  /** The page itself never scrolls sideways. */
  async assertFits() {
    const [inside, window] = await this.page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    assert.ok(inside <= window, `${inside} px of content in a window of ${window} px`);
  }

  close() {
    return this.context.close();
  }
}
