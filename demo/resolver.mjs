// The demonstration's resolver: DNS over HTTPS in wire format (RFC 8484) over plain HTTP/1.1, for the edge to ask.
import { createServer } from "node:http";

import packet from "dns-packet";

const MEDIA_TYPE = "application/dns-message";
const RCODES = { NOERROR: 0, NXDOMAIN: 3 };

/** Starts it on a free loopback port. @param {import("./zone.mjs").Zone} zone */
export async function startResolver(zone) {
  const server = createServer(async (request, response) => {
    const question = await questionOf(request);
    if (!question) return response.writeHead(400).end();
    response.writeHead(200, { "Content-Type": MEDIA_TYPE, "Cache-Control": "max-age=0" });
    response.end(answer(question, zone));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { port: server.address().port, stop: () => server.close() };
}

function answer(message, zone) {
  const [question] = message.questions;
  const { rcode, answers, authorities } = zone.resolve(question.name, question.type);
  return packet.encode({
    type: "response",
    id: message.id,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | RCODES[rcode],
    questions: message.questions,
    answers,
    authorities,
  });
}

async function questionOf(request) {
  try {
    const message = packet.decode(request.method === "POST" ? await body(request) : fromQuery(request.url));
    return message.questions.length === 1 ? message : undefined;
  } catch {
    return undefined;
  }
}

function fromQuery(url) {
  return Buffer.from(new URL(url, "http://resolver").searchParams.get("dns") ?? "", "base64url");
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
