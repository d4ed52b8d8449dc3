// A WebSocket origin (RFC 6455) that sends every message back, for the upgrade handler of the test's edge.

import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const CLOSE = 8;

/** For `edge.onUpgrade(host, echo)`. */
export function echo(exchange, socket, head) {
  const accept = createHash("sha1")
    .update(exchange.headers["sec-websocket-key"] + GUID)
    .digest("base64");
  const protocol = exchange.headers["sec-websocket-protocol"]?.split(",")[0].trim();
  const fields = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
  ];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join("\r\n")}\r\n\r\n`);
  socket.on("error", () => {});
  let pending = head;
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = read(pending); frame; frame = read(pending)) {
      pending = pending.subarray(frame.size);
      socket.write(write(frame));
      if (frame.opcode === CLOSE) socket.end();
    }
  });
}

/** The first whole frame in `bytes`, or `null`. Messages of this origin's clients are not fragmented. */
function read(bytes) {
  if (bytes.length < 2) return null;
  const short = bytes[1] & 127;
  const extra = { 126: 2, 127: 8 }[short] ?? 0;
  if (bytes.length < 2 + extra + 4) return null;
  const length = extra === 8 ? Number(bytes.readBigUInt64BE(2)) : extra === 2 ? bytes.readUInt16BE(2) : short;
  const start = 2 + extra + 4;
  if (bytes.length < start + length) return null;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + length)).map((byte, i) => byte ^ mask[i % 4]);
  return { first: bytes[0], opcode: bytes[0] & 15, payload, size: start + length };
}

/** A frame as a server sends it: not masked. */
function write({ first, payload }) {
  const long = payload.length > 65_535;
  const head = Buffer.alloc(long ? 10 : payload.length > 125 ? 4 : 2);
  head[0] = first;
  head[1] = long ? 127 : payload.length > 125 ? 126 : payload.length;
  if (long) head.writeBigUInt64BE(BigInt(payload.length), 2);
  else if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
