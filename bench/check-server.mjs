// node check-server.mjs: answers everything with 10 kB of JSON on a free port, which it prints.
import { createServer } from "node:http";
import { answer } from "./check-project.mjs";

const body = Buffer.from(JSON.stringify(answer(7)));
const head = { "content-type": "application/json", "content-length": body.length };
const server = createServer((_, response) => response.writeHead(200, head).end(body));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
