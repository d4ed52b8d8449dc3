// Hono's own helper, as its documentation shows it (https://hono.dev/docs/helpers/proxy).
import { Hono } from "hono";
import { proxy } from "hono/proxy";

const app = new Hono();
app.all("*", (c) => {
  const url = new URL(c.req.url);
  return proxy(c.env.ORIGIN + url.pathname + url.search, { ...c.req, raw: c.req.raw });
});
export default app;
