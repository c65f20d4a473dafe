// A server for benchmarks, in a process of its own: node bench/server.mjs DIRECTORY; HTTPS where it holds cert.pem. Prints its port.
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";

const directory = process.argv[2] ?? "";
const delayMs = Number(process.argv[3] ?? 0);
const answer = (_request, response) => {
  response.setHeader("content-type", "application/json");
  if (delayMs > 0) setTimeout(() => response.end('{"ok":true}'), delayMs);
  else response.end('{"ok":true}');
};
const cert = join(directory, "cert.pem");
const server = existsSync(cert)
  ? https.createServer({ cert: readFileSync(cert), key: readFileSync(join(directory, "key.pem")) }, answer)
  : http.createServer(answer);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
