// A process of its own, whose memory is nobody else's: asks a server whose small answer is very large when it is decompressed.
// node bombed.mjs fetch|undici MEGABYTES; tells the error, and by how many megabytes the process grew until it ended.
import { once } from "node:events";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { createClient, undiciTransport } from "../../dist/runtime.js";

const [kind, megabytes] = process.argv.slice(2);

// As many members of a megabyte each: to make it all at once would take the memory that is measured.
const body = Buffer.concat(Array(Number(megabytes)).fill(gzipSync(Buffer.alloc(1_048_576, " "))));
const server = createServer((_request, response) => {
  response.setHeader("content-encoding", "gzip");
  response.end(body);
});
await once(server.listen(0, "127.0.0.1"), "listening");

const agent = new Agent();
const client = createClient({
  integration: "acme",
  version: "v1",
  baseUrl: `http://127.0.0.1:${server.address().port}`,
  env: {},
  maxBodyBytes: 1_000_000,
  ...(kind === "undici" ? { transport: undiciTransport(agent) } : {}),
});
const used = () => process.resourceUsage().maxRSS / 1024;
const before = used();
const error = await client.request({ operation: "get", method: "GET", path: "/" }).then(String, String);
await agent.close();
server.close();
process.on("exit", () =>
  process.stdout.write(JSON.stringify({ sent: body.length, error, grownBy: used() - before })),
);
