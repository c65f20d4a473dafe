import { createHmac, randomUUID } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";

/** The runtime as it is loaded on Cloudflare's workers, where a timer may be a number. */
async function onWorkers(): Promise<typeof import("../../src/runtime/index.ts")> {
  const { setTimeout: start, clearTimeout: stop } = globalThis;
  const timers = new Map<number, NodeJS.Timeout>();
  vi.stubGlobal("WebSocketPair", class {});
  vi.stubGlobal("setTimeout", (callback: () => void, ms: number) => {
    const id = timers.size + 1;
    timers.set(id, start(callback, ms));
    return id;
  });
  vi.stubGlobal("clearTimeout", (id: number) => stop(timers.get(id)));
  vi.resetModules();
  return import("../../src/runtime/index.ts");
}
afterEach(() => void vi.unstubAllGlobals());

test("on workers a webhook is processed, though a timer is a number there", async () => {
  const { createWebhookReceiver, createWebhookVerifier, fetchHandler, githubScheme } = await onWorkers();
  const secret = randomUUID();
  const receiver = createWebhookReceiver({
    verify: createWebhookVerifier({ scheme: githubScheme, secret: "KEY", env: { KEY: secret } }),
    handle: () => {},
  });
  const signature = createHmac("sha256", secret).update("{}").digest("hex");
  const headers = { "x-hub-signature-256": `sha256=${signature}`, "x-github-delivery": "d1" };
  const request = new Request("https://app.example.com/hooks", { method: "POST", body: "{}", headers });
  expect((await fetchHandler(receiver)(request)).status).toBe(200);
});

test("on workers no call is sent with the signal of another: it belongs to the request that made it", async () => {
  const { createClient } = await onWorkers();
  const signals = new Set<unknown>();
  const client = createClient({
    integration: "acme",
    version: "v1",
    baseUrl: "https://acme.test",
    fetch: (_url, init) => {
      signals.add(init?.signal);
      return Promise.resolve(Response.json({}));
    },
  });
  for (const operation of ["a", "b", "c"])
    await client.request({ operation, method: "GET", path: "/things" });
  expect(signals.size).toBe(3);
});
