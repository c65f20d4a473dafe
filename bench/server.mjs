// A server for benchmarks, in a process of its own: node bench/server.mjs DIRECTORY [DELAY_MS [http|canned]]; HTTPS where DIRECTORY holds cert.pem. Prints its port.
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";

const directory = process.argv[2] ?? "";
const delayMs = Number(process.argv[3] ?? 0);
const answer = (_request, response) => {
  response.setHeader("content-type", "application/json");
  if (delayMs > 0) setTimeout(() => response.end('{"ok":true}'), delayMs);
  else response.end('{"ok":true}');
};
const CANNED = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}',
);

/** Answers each piece that comes as one request: whoever asks sends small ones, and waits for the answer. */
const canned = (socket) => {
  socket.setNoDelay(true);
  socket.on("data", () => socket.write(CANNED)).on("error", () => {});
};

function create() {
  const cert = join(directory, "cert.pem");
  if (process.argv[4] === "canned") return net.createServer(canned);
  if (!existsSync(cert)) return http.createServer(answer);
  return https.createServer(
    { cert: readFileSync(cert), key: readFileSync(join(directory, "key.pem")) },
    answer,
  );
}

const server = create();
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
