"use strict";
(() => {
  const EVERY_MS = 20000, LONGEST_MS = 300000, PATIENCE_MS = 15000;
  const contact = document.getElementById("contact");
  // By the guard's clock, as far as the two differ.
  const skew = Date.parse(document.body.dataset.now) - Date.now();
  const now = () => Date.now() + skew;

  const span = (s) => s < 120 ? s + " s" : s < 7200 ? Math.floor(s / 60) + " min" : s < 172800 ? Math.floor(s / 3600) + " h" : Math.floor(s / 86400) + " days";
  const age = (at) => {
    const s = Math.floor((now() - at) / 1000);
    return s < -1 ? "in " + span(-s) : span(Math.max(s, 0)) + " ago";
  };
  const two = (n) => String(n).padStart(2, "0");
  const hm = (d) => two(d.getHours()) + ":" + two(d.getMinutes()) + ":" + two(d.getSeconds());
  const day = (d) => d.getFullYear() + "-" + two(d.getMonth() + 1) + "-" + two(d.getDate());
  const zone = (d) => new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(d).find((p) => p.type === "timeZoneName").value;
  const both = (d) => {
    const [utcDay, utc] = d.toISOString().slice(0, 19).split("T");
    const here = (day(d) === day(new Date(now())) ? "" : day(d) + " ") + hm(d) + " " + zone(d);
    return d.getTimezoneOffset() === 0 ? utcDay + " " + utc + " UTC" : here + " (" + (utcDay === day(d) ? "" : utcDay + " ") + utc + " UTC)";
  };

  const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const times = () => document.querySelectorAll("time").forEach((t) => put(t, both(new Date(t.dateTime))));
  const ages = () => document.querySelectorAll("[data-at]").forEach((t) => put(t, age(Date.parse(t.dataset.at))));

  const say = (button, text) => {
    const before = button.dataset.label ??= button.textContent;
    put(button, text);
    setTimeout(() => put(button, before), 3000);
  };
  const toClipboard = async (button, text) => {
    try {
      // Some browsers forget the reader's click while the text is fetched; they take a promise of it.
      if (typeof text === "string") await navigator.clipboard.writeText(text);
      else await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((it) => new Blob([it], { type: "text/plain" })) })]);
      say(button, "Copied");
      return true;
    } catch {
      say(button, "Not copied");
      return false;
    }
  };
  const copyButtons = () => document.querySelectorAll(".command").forEach((pre) => {
    if (pre.querySelector("button")) return;
    const button = document.createElement("button");
    const text = pre.textContent;
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy command");
    button.addEventListener("click", () => toClipboard(button, text));
    pre.prepend(button);
  });
  const copyForms = () => document.querySelectorAll("form.copy").forEach((form) => {
    const button = form.querySelector("button");
    if (button.dataset.label) return;
    button.dataset.label = "Copy";
    put(button, "Copy");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const url = form.action + "?" + new URLSearchParams(new FormData(form));
      const text = fetch(url, { headers: { Accept: "*/*" }, signal: AbortSignal.timeout(PATIENCE_MS) }).then((answer) => {
        if (!answer.ok) throw new Error();
        return answer.text();
      });
      // What cannot be copied is shown: the same address, as a page that says why.
      if (!(await toClipboard(button, text))) location.assign(url);
    });
  });

  const dress = () => {
    times();
    ages();
    copyButtons();
    copyForms();
    lookForms();
  };

  let main = document.getElementById("main"), busy = false, wait = EVERY_MS, timer, lastGood = now(), trouble = "";
  const live = main.dataset.live;

  // The new main part, with what the reader has opened, chosen and reached in the old one.
  const replace = (html) => {
    const start = html.indexOf("<main"), end = html.indexOf("</main>");
    if (start < 0 || end < 0) throw new Error();
    const fresh = new DOMParser().parseFromString(html.slice(start, end + 7), "text/html").getElementById("main");
    const title = /<title>([^<]*)<\/title>/.exec(html);
    if (title) document.title = new DOMParser().parseFromString(title[0], "text/html").title;
    const again = main.contains(document.activeElement) && document.activeElement !== main ? finder(document.activeElement) : null;
    main.querySelectorAll("details[open]").forEach((it) => it.id && fresh.querySelector("#" + CSS.escape(it.id))?.setAttribute("open", ""));
    const chosen = [...main.querySelectorAll("select")].map((it) => [it.id, it.value]);
    main.replaceWith(document.adoptNode(fresh));
    main = fresh;
    chosen.forEach(([id, value]) => { const it = document.getElementById(id); if (it) it.value = value; });
    dress();
    if (again) (again() ?? main).focus({ preventScroll: true });
  };
  // Finds the same control after a change: by its own name, by where it leads, by whose it is; else by its number among its like.
  const finder = (node) => {
    const key = (it) => it.id || it.href || it.form?.action || it.parentElement.id;
    const alike = () => [...main.querySelectorAll(node.tagName)].filter((it) => key(it) === wanted);
    const wanted = key(node), number = alike().indexOf(node);
    return () => alike()[number];
  };

  const tell = () => put(contact, trouble && trouble + " Shown is what was known " + both(new Date(lastGood)) + ".");
  const next = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible" && live) timer = setTimeout(refresh, wait);
  };
  const refresh = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    try {
      const answer = await fetch(live, { headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.status === 401 || answer.status === 403) throw new Error("You are signed out. Load the page again to sign in.");
      if (!answer.ok) throw new Error("");
      replace(await answer.text());
      wait = EVERY_MS;
      lastGood = now();
      trouble = "";
    } catch (error) {
      wait = Math.min(wait * 2, LONGEST_MS);
      trouble = error.message.startsWith("You are") ? error.message : "No contact with the guard since " + hm(new Date(lastGood + EVERY_MS)) + ".";
    }
    tell();
    busy = false;
    next();
  };

  const lookForms = () => live && document.querySelectorAll(".look form").forEach((form) => {
    if (form.dataset.ready) return;
    form.dataset.ready = "1";
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button"), find = finder(button);
      button.disabled = true;
      button.textContent = "Looking…";
      main.setAttribute("aria-busy", "true");
      let said;
      try {
        const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
        if (!answer.ok) throw new Error();
        const words = { known: "the name resolves", absent: "the name has no address", unknown: "the resolvers could not settle it" };
        said = (await answer.json()).origins.map((it) => it.name + ": " + (words[it.outcome] ?? "unknown") + (it.changed ? ", addresses or path are new" : "") + (it.recovered ? ", the incident is over" : "")).join("; ");
      } catch {
        said = "the guard did not answer; nothing is known of this look";
      }
      button.disabled = false;
      await refresh();
      main.removeAttribute("aria-busy");
      const again = find();
      if (again) {
        again.disabled = false;
        put(again, "Look now");
        again.focus({ preventScroll: true });
      }
      put(contact, (trouble ? trouble + " " : "") + "Looked now: " + said + ".");
    });
  });

  dress();
  const whole = (link) => link?.scrollIntoView({ inline: "nearest", block: "nearest" });
  whole(document.querySelector("nav [aria-current]"));
  document.querySelector("nav").addEventListener("focusin", (event) => whole(event.target));
  setInterval(ages, 10000);
  addEventListener("online", () => live && refresh());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" ? live && refresh() : next());
  next();
})();
