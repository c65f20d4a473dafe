import { ADMIN_PATH, adminReply } from "./admin.ts";
import { createDataset, type Dataset } from "./data.ts";
import { errorReply, jsonReply, type SandboxReply, type SandboxRequest } from "./exchange.ts";
import { damage, FaultLine } from "./faults.ts";
import { Idempotency } from "./idempotency.ts";
import { type KeyPolicy, KeyRing } from "./keys.ts";
import { Meter, quotaHeaders } from "./quota.ts";
import { identifier, randomFrom } from "./random.ts";
import { CHANGES_OF_V2 } from "./releases.ts";
import { ADDRESSES, route } from "./routes.ts";
import type { SandboxSettings } from "./settings.ts";

export interface ModelOptions {
  seed: number;
  size: { customers: number; charges: number };
  settings: SandboxSettings;
  keys: KeyPolicy;
  token: (prefix: string, length: number) => string;
}

const UNAUTHORIZED = { "www-authenticate": 'Bearer realm="sandbox"' };

/**
 * The embedded API without its socket: a request and the time go in, an answer comes out. Everything it knows (data,
 * keys, counted requests, faults) lives in here and follows from its options and the requests it was given.
 */
export class SandboxModel {
  readonly keys: KeyRing;
  readonly data: Dataset;
  readonly #random: () => number;
  readonly #meter = new Meter();
  readonly #faults = new FaultLine();
  readonly #idempotency = new Idempotency();
  #settings: SandboxSettings;

  constructor({ seed, size, settings, keys, token }: ModelOptions) {
    this.keys = new KeyRing(keys, token);
    this.data = createDataset(seed, size);
    // A stream of its own: the data stay the same however many requests came.
    this.#random = randomFrom(seed ^ 0x5a5a5a5a);
    this.#settings = settings;
    this.#faults.set(settings.faults);
  }

  get settings(): SandboxSettings {
    return { ...this.#settings, faults: this.#faults.current };
  }

  /** Changes the settings that are named. New quota settings start a new window for every key. */
  configure(change: Partial<SandboxSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    if (change.faults) this.#faults.set(change.faults);
    if (change.quota) this.#meter.clear();
  }

  /** @param now epoch milliseconds */
  answer(request: SandboxRequest, now: number): SandboxReply {
    const path = request.target.split("?")[0] ?? "";
    if (path === ADMIN_PATH) return this.#administer(request);
    if (path === "/") return jsonReply(200, this.#about());
    const reply = this.#answerAsProvider(request, now);
    const { latencyMs, jitterMs } = this.#settings;
    const delayed = {
      ...reply,
      headers: { ...reply.headers, ...this.#commonHeaders(request) },
      delayMs: latencyMs + this.#random() * jitterMs,
    };
    const fault = this.#faults.next(path);
    return fault ? damage(delayed, fault) : delayed;
  }

  #administer(request: SandboxRequest): SandboxReply {
    const before = this.settings;
    const { reply, settings } = adminReply(request, before);
    if (settings !== before) {
      const { quota, ...rest } = settings;
      this.configure(quota === before.quota ? rest : settings);
    }
    return reply;
  }

  #answerAsProvider(request: SandboxRequest, now: number): SandboxReply {
    const credential = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (credential === undefined) {
      return errorReply(
        401,
        {
          type: "invalid_request_error",
          message:
            "You did not provide an API key. Provide it in the Authorization header, as in 'Authorization: Bearer YOUR_KEY'.",
        },
        UNAUTHORIZED,
      );
    }
    const owner = this.keys.authenticate(credential, now);
    if (owner === undefined) {
      return errorReply(
        401,
        { type: "invalid_request_error", message: "Invalid API key provided." },
        UNAUTHORIZED,
      );
    }
    const { quota } = this.#settings;
    const usage = this.#meter.take(owner, quota, now);
    const headers = quotaHeaders(quota, usage, now);
    if (usage.spent) {
      const retryAfter = String(Math.max(1, Math.ceil((usage.resetAt - now) / 1000)));
      return errorReply(
        429,
        { type: "invalid_request_error", code: "rate_limit", message: "Too many requests." },
        { ...headers, "retry-after": retryAfter },
      );
    }
    const { data, keys } = this;
    const api = { data, keys, release: this.#settings.release, random: this.#random, now };
    const reply = this.#idempotency.answer(owner, request, () => route(api, request));
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  #commonHeaders(request: SandboxRequest): Record<string, string> {
    const { sunset } = this.#settings;
    const version = request.headers["stripe-version"];
    return {
      "cache-control": "no-cache, no-store",
      "request-id": identifier("req", this.#random),
      ...(version === undefined ? {} : { "stripe-version": version }),
      ...(sunset === undefined ? {} : sunsetHeaders(new Date(sunset))),
    };
  }

  #about(): { [key: string]: string | string[] } {
    const { release } = this.#settings;
    return {
      about: "The embedded API server of integ",
      release,
      addresses: [...ADDRESSES],
      admin: `GET and POST ${ADMIN_PATH}`,
      changes_of_v2: [...CHANGES_OF_V2],
    };
  }
}

/** RFC 9745 and RFC 8594; deprecated since 90 days before the end, so that the two dates never cross. */
function sunsetHeaders(sunset: Date): Record<string, string> {
  const deprecated = Math.floor(sunset.getTime() / 1000) - 90 * 86_400;
  return {
    deprecation: `@${deprecated}`,
    sunset: sunset.toUTCString(),
    link: '<https://api.example.com/changelog>; rel="deprecation"; type="text/html"',
  };
}
