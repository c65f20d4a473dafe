import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDocument, repositoryFile } from "../support/markdown.ts";
import { freePort } from "../support/server-process.ts";

const document = readDocument("docs/telemetry.md");
const secret = ["canary", "of", "telemetry"].join("-");

function block(info: string): string {
  const found = new RegExp(`^\`\`\`\\w+ ${info.replace(".", "\\.")}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(
    document,
  );
  return found?.[1] ?? expect.fail(`docs/telemetry.md has no block ${info}`);
}

function variables(name: string): Record<string, string> {
  const lines = block(`env=${name}`).trim().split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
}

/** An application that meets a retry, a quota, drift, an open circuit, and pays for a call. */
const APP = `
import { createClient } from "integ/runtime";
let count = 0;
const fetch = async () => {
  count++;
  const headers = { "content-type": "application/json", "x-ratelimit-limit": "100", "x-ratelimit-remaining": String(90 - count), "x-ratelimit-reset": "60" };
  if (count === 1) return new Response("{}", { status: 503, headers });
  return new Response('{"id":1}', { headers });
};
const schema = { safeParse: (value) => value.id === 1 ? { success: false, error: { issues: [{ path: ["id"], message: "expected string" }] } } : { success: true, data: value } };
const client = createClient({
  integration: "acme", version: "v1", baseUrl: "https://api.example.com", validate: "report", fetch,
  auth: { scheme: "query", parameter: "key", secret: "key" }, secrets: { key: "ACME_KEY" },
  prices: { "*": { amount: 0.5, currency: "EUR" } }, breaker: { minimumCalls: 1 },
  sleep: async () => {},
});
await client.request({ operation: "get-thing", method: "GET", path: "/things/{id}", params: { id: "7" }, query: { q: "personal" }, schema });
const failing = createClient({ integration: "acme", version: "v2", baseUrl: "https://api.example.com", retries: 0, breaker: { minimumCalls: 1 }, fetch: async () => { throw Object.assign(new TypeError("failed"), { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) }); } });
await failing.request({ operation: "get-thing", method: "GET", path: "/things" }).catch(() => {});
const purging = createClient({ integration: "acme", version: "v3", baseUrl: "https://api.example.com", fetch: async () => new Response("{}") });
await purging.request({ operation: "purge", method: "purge", path: "/cache" });
if (process.env.HOLD) { process.stdout.write("ready"); setTimeout(() => {}, 30_000); }
`;

interface Received {
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/** Takes what exporters send, as a backend does. */
async function receiver() {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      received.push({ path: request.url ?? "", headers: request.headers, body });
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "integ-telemetry-"));
  mkdirSync(join(home, "node_modules"));
  symlinkSync(repositoryFile(""), join(home, "node_modules/integ"));
  symlinkSync(repositoryFile("node_modules/@opentelemetry"), join(home, "node_modules/@opentelemetry"));
  writeFileSync(join(home, "app.mjs"), APP);
  for (const file of ["telemetry.mjs", "prometheus.mjs"])
    writeFileSync(join(home, file), block(`file=${file}`));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function start(args: readonly string[], env: Record<string, string>) {
  return spawn(process.execPath, [...args, "app.mjs"], {
    cwd: home,
    env: { PATH: process.env.PATH ?? "", ACME_KEY: secret, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const ended = (child: ReturnType<typeof start>) =>
  new Promise<number | null>((resolve) => child.on("close", resolve));

describe("a recipe of docs/telemetry.md", () => {
  test.each([
    ["datadog", {}],
    ["newrelic", { "api-key": "YOUR_LICENSE_KEY" }],
    ["sentry", { "x-sentry-auth": "sentry sentry_key=YOUR_PUBLIC_KEY" }],
  ])("for %s brings spans and metrics to where its variables say", async (name, headers) => {
    const backend = await receiver();
    const env = Object.fromEntries(
      Object.entries(variables(name)).map(([key, value]) => [
        key,
        value.replace(/^https?:\/\/[^/]+/, backend.url),
      ]),
    );
    if (name === "newrelic") env.OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS = "GET, PURGE";
    expect(await ended(start(["--import", "./telemetry.mjs"], env))).toBe(0);
    backend.stop();
    const paths = backend.received.map(({ path }) => path);
    expect(paths.some((path) => path.endsWith("/v1/traces"))).toBe(true);
    expect(paths.some((path) => path.endsWith("/v1/metrics"))).toBe(name !== "sentry");
    for (const { headers: sent } of backend.received) expect(sent).toMatchObject(headers);
    const text = backend.received.map(({ body }) => body).join("\n");
    expect(text).toContain("acme get-thing");
    expect(text).not.toContain(secret);
    expect(text).not.toContain("personal");
    // A method that the conventions do not know, unless the application says that it is known.
    const [purge] = attemptsOf(backend.received, "acme purge");
    expect([purge?.name, purge && attributesOf(purge)]).toEqual(
      name === "newrelic"
        ? ["PURGE /cache", expect.objectContaining({ "http.request.method": "PURGE" })]
        : [
            "HTTP /cache",
            expect.objectContaining({
              "http.request.method": "_OTHER",
              "http.request.method_original": "PURGE",
            }),
          ],
    );
    if (name === "datadog") checkContent(backend.received);
  });

  test("for Prometheus shows the metrics to who scrapes them", async () => {
    const port = await freePort();
    const child = start(["--import", "./prometheus.mjs"], { METRICS_PORT: String(port), HOLD: "1" });
    const done = ended(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await response.text();
    child.kill();
    await done;
    for (const line of [
      /^integ_client_quota_remaining\{.*integ_quota="[^"]+".*\} 88/m,
      /^integ_client_retries(_total)?\{.*integ_reason="server_error".*\} 1/m,
      /^integ_client_cost(_ratio)?(_total)?\{.*integ_currency="EUR".*\} 1\b/m,
      /^integ_client_validation_failures(_total)?\{/m,
      /^integ_client_breaker_state\{.*integ_version="v2".*\} 2/m,
      /^http_client_request_duration(_seconds)?_bucket\{.*http_response_status_code="503".*\} 1/m,
    ]) {
      expect(line.test(text), `${line} in what Prometheus scrapes`).toBe(true);
    }
  });

  test("is needed: without an SDK nothing of OpenTelemetry is loaded", async () => {
    writeFileSync(
      join(home, "bare.mjs"),
      `import "./app.mjs"; import { createRequire } from "node:module"; const { cache } = createRequire(import.meta.url); process.exitCode = Object.keys(cache).some((file) => file.includes("@opentelemetry")) ? 7 : 0;`,
    );
    expect(await ended(spawnFile("bare.mjs"))).toBe(0);
  });
});

test("a client that was given the API takes it from no other client", async () => {
  writeFileSync(
    join(home, "given.mjs"),
    `import * as api from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createClient } from "integ/runtime";
const spans = new InMemorySpanExporter();
api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
const call = (integration, telemetry) =>
  createClient({ integration, version: "v1", baseUrl: "https://api.example.com", fetch: async () => new Response("{}"), ...telemetry })
    .request({ operation: "get-thing", method: "GET", path: "/things" });
await call("given", { telemetry: { api } });
await call("finds", {});
const names = spans.getFinishedSpans().map(({ name }) => name);
process.exitCode = names.includes("given get-thing") && names.includes("finds get-thing") ? 0 : 7;`,
  );
  expect(await ended(spawnFile("given.mjs"))).toBe(0);
});

function spawnFile(file: string) {
  return spawn(process.execPath, [file], {
    cwd: home,
    env: { PATH: process.env.PATH ?? "", ACME_KEY: secret },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

interface SentSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  events: { name: string }[];
}

function isSpan(value: unknown): value is SentSpan {
  return typeof value === "object" && value !== null && "spanId" in value && "attributes" in value;
}

function spansIn(value: unknown): SentSpan[] {
  if (isSpan(value)) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(spansIn);
}

const spansOf = (received: readonly Received[]): SentSpan[] =>
  received.filter(({ path }) => path.endsWith("traces")).flatMap(({ body }) => spansIn(JSON.parse(body)));

function attemptsOf(received: readonly Received[], callName: string): SentSpan[] {
  const spans = spansOf(received);
  const call = spans.find(({ name }) => name === callName);
  return spans.filter(({ parentSpanId }) => call !== undefined && parentSpanId === call.spanId);
}

const attributesOf = (span: SentSpan) =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** What the conventions ask of a span for one attempt, and how it hangs together with its call. */
function checkContent(received: readonly Received[]): void {
  const call = spansOf(received).find(({ name }) => name === "acme get-thing");
  const attempts = attemptsOf(received, "acme get-thing");
  expect(attempts.map(({ name }) => name)).toEqual(["GET /things/{id}", "GET /things/{id}"]);
  expect(call?.events.map(({ name }) => name)).toEqual(["integ.retry", "integ.drift"]);
  const [first, second] = attempts.map(attributesOf);
  expect(first).toMatchObject({
    "http.request.method": "GET",
    "url.full": "https://api.example.com/things/7",
    "url.template": "/things/{id}",
    "server.address": "api.example.com",
    "server.port": 443,
    "http.response.status_code": 503,
    "error.type": "503",
  });
  expect(second).toMatchObject({ "http.response.status_code": 200, "http.request.resend_count": 1 });
  expect(second).not.toHaveProperty("error.type");
  expect(second).not.toHaveProperty("http.request.method_original");
  const metrics = received
    .filter(({ path }) => path.endsWith("metrics"))
    .map(({ body }) => body)
    .join("\n");
  // Each name of a method would be a series of its own.
  expect(metrics).toContain('"_OTHER"');
  expect(metrics).not.toContain("PURGE");
  for (const name of ["http.client.request.duration", "integ.client.call.duration", "integ.client.cost"]) {
    expect(metrics).toContain(`"${name}"`);
  }
}
