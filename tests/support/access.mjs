// A Cloudflare Access team: its signing keys, made here, and the tokens it would make. Its endpoint stands at the edge.

import { createSign, generateKeyPairSync } from "node:crypto";

import { send } from "./edge.mjs";

export const TEAM_HOST = "zebra-team.cloudflareaccess.com";
export const AUDIENCE = "32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228";

/** `admin.access` for this team. */
export const ACCESS = { team_domain: TEAM_HOST, audience: AUDIENCE };

/** A signing key as Access makes them. */
export function signingKey(kid) {
  return { kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

/** The team's endpoint has `keys` from now on. */
export function publish(edge, keys) {
  const jwks = keys.map(({ kid, publicKey }) => ({
    kid,
    alg: "RS256",
    use: "sig",
    ...publicKey.export({ format: "jwk" }),
  }));
  const body = JSON.stringify({ keys: jwks, public_cert: { kid: "x", cert: "" }, public_certs: [] });
  edge.on(TEAM_HOST, (exchange, response) =>
    send(
      response,
      exchange.path === "/cdn-cgi/access/certs"
        ? { headers: [["Content-Type", "application/json"]], body }
        : { status: 404 },
    ),
  );
}

/** Unix time so many seconds from now. */
export const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

/** What Access says of a person, changed by `other`. */
export function person(other = {}) {
  return {
    aud: [AUDIENCE],
    email: "user@example.com",
    exp: inSeconds(3600),
    iat: inSeconds(-1),
    nbf: inSeconds(-1),
    iss: `https://${TEAM_HOST}`,
    type: "app",
    identity_nonce: "6ei69kawdKzMIAPF",
    sub: "7335d417-61da-459d-899c-0a01c76a2f94",
    country: "US",
    ...other,
  };
}

/** What Access says of a service token: `common_name`, an empty `sub`, neither `email` nor `nbf`. */
export function service() {
  const { aud, iss, type, exp, iat } = person();
  return { type, aud, exp, iss, common_name: "e367826f93b8d71185e03fe518aff3b4.access", iat, sub: "" };
}

export const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token signed with `key`; `header` changes what it says of its signature. */
export function token(key, claims, header = {}) {
  const signed = `${encoded({ alg: "RS256", kid: key.kid, typ: "JWT", ...header })}.${encoded(claims)}`;
  return `${signed}.${createSign("sha256").update(signed).sign(key.privateKey).toString("base64url")}`;
}
