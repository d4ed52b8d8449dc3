// The session cookie of the admin interface, made by another implementation than the guard's.

import { createHmac } from "node:crypto";

export const SESSION = "__Host-origin-guard";

const mac = (key, message) => createHmac("sha256", key).update(message).digest();

/** A session until `end` (Unix seconds) as the guard with this admin token would make it. */
export function sessionUntil(end, token, nonce = "bm9uY2U") {
  const said = `${end}.${nonce}`;
  return `${said}.${mac(mac(token, "origin-guard session 1"), said).toString("base64url")}`;
}

/** The `Cookie` field with this session. */
export const cookie = (value) => ["Cookie", `${SESSION}=${value}`];
