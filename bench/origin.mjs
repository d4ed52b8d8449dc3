// The origin of the benchmark: a small JSON answer, as a gateway gives it.
import http from "node:http";

const body = JSON.stringify({ id: 42, state: "open", lines: Array.from({ length: 10 }, (_, i) => ({ sku: `A-${i}`, quantity: i })) });
const server = http.createServer({ keepAlive: true }, (request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length, "x-request-id": "b5b0" });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
