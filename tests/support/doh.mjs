// Scripted DoH resolvers (RFC 8484, GET and POST) behind host names of the test's edge: any zone content, and every way
// in which a resolver can fail. The real DNS parts are in dns-server.mjs.

import dnsPacket from "dns-packet";

import { cutConnection, neverAnswers } from "./edge.mjs";

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };
const SOA_TTL_S = 900;
const SOA_MINIMUM_S = 60;

/**
 * What a name has: `{ cname }`, `{ a: [], aaaa: [] }`, or `{}` (exists, without addresses); `ttl` in seconds.
 * @typedef {{ cname?: string, a?: string[], aaaa?: string[], ttl?: number }} Entry
 * @typedef {Record<string, Entry>} Zone
 */

/** A resolver that sees `zone`; put it on the edge with `edge.on(host, resolver.handler)`. */
export class Resolver {
  /** @param {Zone} [zone] */
  constructor(zone = {}) {
    this.zone = zone;
    /** Answers every question in this way instead; see the functions below. */
    this.fault = null;
    /** @type {{ name: string, type: string }[]} every question, in order */
    this.questions = [];
    this.handler = (exchange, response) => this.answer(exchange, response);
  }

  async answer(exchange, response) {
    const query = await question(exchange);
    const { name, type } = query.questions[0];
    this.questions.push({ name: name.toLowerCase(), type });
    const fault = typeof this.fault === "function" ? this.fault(name.toLowerCase(), type) : this.fault;
    if (fault) return fault.serve(query, exchange, response, this);
    return message(response, this.encode(query));
  }

  /** The right answer to `query`, as bytes. */
  encode(query) {
    const { name, type } = query.questions[0];
    const { rcode, answers, denied } = resolve(this.zone, name.toLowerCase(), type);
    return encode(query, { rcode, answers, authorities: denied ? [soa()] : [] });
  }
}

/** Answers with this RCODE and, if given, an extended error (RFC 8914). */
export const rcode = (name, infoCode, extraText = "") => ({
  serve: (query, _, response) => {
    const options = infoCode === undefined ? [] : [extendedError(infoCode, extraText)];
    return message(response, encode(query, { rcode: name, options }));
  },
});

/** The TC bit and no answers: truncated even over HTTP. */
export const truncated = {
  serve: (query, _, response) => message(response, encode(query, { flags: dnsPacket.TRUNCATED_RESPONSE })),
};

/** Bytes that are no DNS message, under the right media type. */
export const garbage = { serve: (_q, _e, response) => message(response, Buffer.alloc(300, 0xc0)) };

/** A name that points to itself (RFC 1035 4.1.4), the classic attack on decoders. */
export const compressionLoop = {
  serve: (query, _, response) => {
    const bytes = encode(query, { answers: [{ type: "A", name: "x", ttl: 60, data: "40.71.32.102" }] });
    const at = bytes.lastIndexOf(Buffer.from([1, 0x78, 0]));
    return message(response, Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc0, at]), bytes.subarray(at + 3)]));
  },
};

/** The right answer to another question. */
export const otherQuestion = {
  serve: (query, _e, response) => {
    const { type } = query.questions[0];
    const other = { ...query, questions: [{ type, name: "attacker.example", class: "IN" }] };
    const data = type === "A" ? "40.71.32.66" : "2603:1030::66";
    return message(response, encode(other, { answers: [{ type, name: "attacker.example", ttl: 60, data }] }));
  },
};

/** A login page, as captive networks send it. */
export const html = {
  serve: (_q, _e, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Sign in</title>");
  },
};

/** An HTTP error of the resolver's. */
export const httpStatus = (status) => ({
  serve: (_q, _e, response) => {
    response.writeHead(status, { "content-type": "text/plain" });
    response.end("no");
  },
});

/** More than any DNS message may have (64 KiB). */
export const oversized = { serve: (_q, _e, response) => message(response, Buffer.alloc(200_000, 1)) };

/** A head, and then a body that never ends. */
export const endless = {
  serve: (_q, _e, response) => {
    response.writeHead(200, { "content-type": "application/dns-message" });
    const timer = setInterval(() => response.write(Buffer.alloc(16, 1)), 50);
    response.once("close", () => clearInterval(timer));
  },
};

/** No answer at all. */
export const never = { serve: (_q, exchange, response) => neverAnswers(exchange, response) };

/** The connection is cut. */
export const cut = { serve: (_q, exchange, response) => cutConnection(exchange, response) };

/** The right answer after `millis`. */
export const slow = (millis) => ({
  serve: async (query, _e, response, resolver) => {
    await new Promise((done) => setTimeout(done, millis));
    return message(response, resolver.encode(query));
  },
});

async function question(exchange) {
  const dns = new URL(exchange.url).searchParams.get("dns");
  return dnsPacket.decode(dns ? Buffer.from(dns, "base64url") : await exchange.body());
}

function resolve(zone, start, type) {
  const answers = [];
  const passed = new Set();
  for (let name = start; ;) {
    const entry = zone[name];
    if (!entry) return { rcode: "NXDOMAIN", answers, denied: true };
    if (passed.has(name)) return { rcode: "NOERROR", answers, denied: false };
    passed.add(name);
    const ttl = entry.ttl ?? 300;
    if (entry.cname) {
      answers.push({ type: "CNAME", name, ttl, data: entry.cname });
      name = entry.cname;
      continue;
    }
    const data = entry[type.toLowerCase()] ?? [];
    answers.push(...data.map((address) => ({ type, name, ttl, data: address })));
    return { rcode: "NOERROR", answers, denied: data.length === 0 };
  }
}

function encode(query, { rcode: name = "NOERROR", flags = 0, answers = [], authorities = [], options = [] }) {
  const opt = { type: "OPT", name: ".", udpPayloadSize: 1232, flags: 0, options };
  return dnsPacket.encode({
    type: "response",
    id: query.id,
    flags: dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE | flags | RCODES[name],
    questions: query.questions,
    answers,
    authorities,
    additionals: [opt],
  });
}

function soa() {
  const data = {
    mname: "ns.test",
    rname: "admin.test",
    serial: 1,
    refresh: 900,
    retry: 300,
    expire: 604_800,
    minimum: SOA_MINIMUM_S,
  };
  return { type: "SOA", name: ".", ttl: SOA_TTL_S, data };
}

const extendedError = (infoCode, text) => ({
  code: 15,
  data: Buffer.concat([Buffer.from([infoCode >> 8, infoCode & 255]), Buffer.from(text)]),
});

function message(response, bytes) {
  response.writeHead(200, { "content-type": "application/dns-message", "content-length": bytes.length });
  response.end(bytes);
}
