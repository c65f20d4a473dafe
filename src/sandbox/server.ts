import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { IncompleteError } from "../base/errors.ts";
import type { SandboxReply, SandboxRequest } from "./exchange.ts";
import { type Fault, parseFault } from "./faults.ts";
import type { KeyPolicy } from "./keys.ts";
import { SandboxModel } from "./model.ts";
import type { QuotaSettings } from "./quota.ts";
import { identifier } from "./random.ts";
import type { Release } from "./releases.ts";
import { DEFAULT_KEY_POLICY, DEFAULT_SETTINGS, DEFAULT_SIZE, type SandboxSettings } from "./settings.ts";

export interface SandboxOptions {
  /** Default 0: a free one. */
  port?: number;
  release?: Release;
  quota?: Partial<QuotaSettings>;
  faults?: readonly (Fault | string)[];
  latencyMs?: number;
  jitterMs?: number;
  /** ISO date; see {@link SandboxSettings.sunset}. */
  sunset?: string;
  /** Default 1; the same seed gives the same customers and charges. */
  seed?: number;
  size?: { customers: number; charges: number };
  keys?: Partial<KeyPolicy>;
  /** Value of the first key; default a random one. */
  apiKey?: string;
  /** Closes the sandbox. */
  signal?: AbortSignal;
  /** Epoch milliseconds; default the system's clock. */
  now?: () => number;
  /** Told of each request when its answer is decided. */
  onRequest?: (entry: SandboxLogEntry) => void;
}

/** One request that the sandbox was sent. Holds no header and no body, so no credential either. */
export interface SandboxLogEntry {
  method: string;
  /** Path and query. */
  target: string;
  status: number;
  /** Epoch milliseconds. */
  at: number;
}

/** A running sandbox. It keeps no process alive by itself. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** A key that works, made for this run. */
  readonly apiKey: string;
  /** The last 10,000 requests, oldest first, those to the admin address left out. */
  readonly requests: readonly SandboxLogEntry[];
  readonly settings: SandboxSettings;
  configure(change: Partial<SandboxSettings>): void;
  setRelease(release: Release): void;
  setFaults(faults: readonly (Fault | string)[]): void;
  /** Cuts open connections and frees the port; more than once is the same as once. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1_048_576;
const MAX_LOG = 10_000;

const asFault = (fault: Fault | string) => (typeof fault === "string" ? parseFault(fault) : fault);

function secureToken(prefix: string, length: number): string {
  const bytes = randomBytes(length);
  let index = 0;
  return identifier(prefix, () => (bytes[index++ % length] ?? 0) / 256, length);
}

async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function headersOf(message: IncomingMessage): SandboxRequest["headers"] {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}

function deliver(response: ServerResponse, reply: SandboxReply, head: boolean): void {
  if (response.destroyed) return;
  if (reply.damage === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  if (reply.damage === "truncated") {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
    return;
  }
  response.end(head ? undefined : body);
}

/** Waits, but never longer than the connection lives, and keeps no process alive. */
function delay(ms: number, response: ServerResponse): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        new IncompleteError(
          taken
            ? `Port ${port} of 127.0.0.1 is in use`
            : `Cannot listen on 127.0.0.1:${port}: ${error.message}`,
          {
            code: taken ? "sandbox/port-in-use" : "sandbox/cannot-listen",
            hint: "choose another --port, or leave it out for a free one",
            cause: error,
          },
        ),
      );
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/**
 * Starts an API server on 127.0.0.1 that behaves like a payments provider: Bearer keys, paged lists, quota headers, 429,
 * faults, and two releases of its responses that can be switched while it runs.
 * @throws IncompleteError when the port cannot be had
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = Date.now, signal, seed = 1, size = DEFAULT_SIZE } = options;
  signal?.throwIfAborted();
  const settings: SandboxSettings = {
    ...DEFAULT_SETTINGS,
    release: options.release ?? DEFAULT_SETTINGS.release,
    quota: { ...DEFAULT_SETTINGS.quota, ...options.quota },
    faults: (options.faults ?? []).map(asFault),
    latencyMs: options.latencyMs ?? 0,
    jitterMs: options.jitterMs ?? 0,
    sunset: options.sunset,
  };
  const keys = { ...DEFAULT_KEY_POLICY, ...options.keys };
  const model = new SandboxModel({ seed, size, settings, keys, token: secureToken });
  const apiKey = model.keys.issueFirst(now(), options.apiKey);
  const requests: SandboxLogEntry[] = [];

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: target = "/" } = message;
    const body = await readBody(message);
    if (body === undefined) {
      response.writeHead(413, { connection: "close" }).end();
      return;
    }
    const at = now();
    const reply = model.answer({ method, target, headers: headersOf(message), body }, at);
    if (!target.startsWith("/__")) {
      const entry = { method, target, status: reply.status, at };
      requests.push(entry);
      if (requests.length > MAX_LOG) requests.shift();
      options.onRequest?.(entry);
    }
    await delay(reply.delayMs, response);
    deliver(response, reply, method === "HEAD");
  }

  const server = createServer((message, response) => {
    // A client that goes away in the middle of its request is no failure of the sandbox.
    serve(message, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port ?? 0);
  server.unref();

  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= new Promise((resolve) => {
      signal?.removeEventListener("abort", onAbort);
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  const onAbort = () => void close();
  signal?.addEventListener("abort", onAbort, { once: true });

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    apiKey,
    requests,
    get settings() {
      return model.settings;
    },
    configure: (change) => model.configure(change),
    setRelease: (release) => model.configure({ release }),
    setFaults: (faults) => model.configure({ faults: faults.map(asFault) }),
    close,
  };
}
