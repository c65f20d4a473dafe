import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { isThere } from "../support/real.ts";
import { startServer } from "../support/server-process.ts";

/** Whether this machine has a Redis to test against. */
export const hasRedis = isThere("redis-server", spawnSync("redis-server", ["--version"]).status === 0);

/** A Redis of the test's own, that can be stopped and started; it keeps nothing unless told to. */
export async function startRedis({ keeps = false } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "integ-redis-"));
  const start = (fixed?: number) =>
    startServer({
      program: "redis-server",
      args: (port) => [
        ...["--port", String(port), "--bind", "127.0.0.1", "--save", ""],
        ...(keeps ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"]),
      ],
      cwd: directory,
      ready: { listening: true },
      ...(fixed === undefined ? {} : { port: fixed }),
    });
  let server = await start();
  const { port } = server;
  const clients: Redis[] = [];
  return {
    url: `redis://127.0.0.1:${port}`,
    connect: () => {
      const client = new Redis({
        host: "127.0.0.1",
        port,
        retryStrategy: () => 20,
        maxRetriesPerRequest: null,
      });
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    startAgain: async () => {
      server = await start(port);
    },
    end: async () => {
      for (const client of clients) client.disconnect();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
