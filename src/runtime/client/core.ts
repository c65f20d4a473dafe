import { type Auth, type Credentials, credentials, secretNames } from "../auth/auth.ts";
import { environmentSecrets, SecretCache } from "../auth/secrets.ts";
import type { Attempt, ErrorOrigin } from "../errors/errors.ts";
import { encodeBody, fillPath, type Query } from "../exchange/request.ts";
import { Limiter } from "../limiter/limiter.ts";
import { Breaker } from "../policies/breaker.ts";
import { Bulkhead } from "../policies/bulkhead.ts";
import { RetryBudget } from "../policies/retry-budget.ts";
import { type Clock, type Sleep, sleepOn, systemClock } from "../time/clock.ts";
import type { CallRequest, ClientEvent, ClientOptions, Fetch, ValidationMode } from "./options.ts";

/** An event before the client has put its name to it. */
type OwnEvent<E = ClientEvent> = E extends ClientEvent
  ? Omit<E, "integration" | "version" | "operation" | "at">
  : never;

/** One logical call under way: what was asked, and what has happened so far. */
export interface Call {
  operation: string;
  group: string;
  method: string;
  path: string;
  query: Query;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
  hasIdempotencyKey: boolean;
  retries: number;
  timeoutMs: number;
  /** Epoch milliseconds. */
  deadlineAt: number;
  /** Aborts with the deadline and with the caller's signal. */
  signal: AbortSignal;
  attempts: Attempt[];
  /** Something may have left this machine. */
  sent: boolean;
  /** Of the attempt under way. */
  status: number | undefined;
  requestId: string | undefined;
  /** The next attempt reads its secrets past every cache. */
  freshSecrets: boolean;
}

/** What all calls of a client share: options with their defaults filled in, and the state of every policy. */
export interface Core {
  readonly integration: string;
  readonly version: string;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly fetch: Fetch;
  readonly validate: ValidationMode;
  readonly maxBodyBytes: number;
  readonly notProcessed: readonly number[];
  readonly bulkhead: Bulkhead;
  readonly limiter: Limiter;
  readonly budget: RetryBudget;
  readonly deadlineMs: number;
  baseUrl(): string;
  breaker(group: string): Breaker | undefined;
  credentials(call: Call): Promise<Credentials>;
  /** Whether a secret of ours has another value than the one last used; remembers it if so. */
  secretsChanged(): Promise<boolean>;
  secretValues(): readonly string[];
  emit(call: { operation: string }, event: OwnEvent): void;
  origin(call: Call): ErrorOrigin;
  open(request: CallRequest<unknown>, signal: AbortSignal, deadlineAt: number): Call;
}

const KEYED_METHODS = new Set(["POST", "PATCH"]);

function pickBaseUrl(options: ClientOptions, env: Readonly<Record<string, string | undefined>>): string {
  const { baseUrl, integration } = options;
  if (typeof baseUrl === "string") return baseUrl;
  const environment = options.environment ?? env.INTEG_ENV;
  const url = (environment === undefined ? undefined : baseUrl[environment]) ?? baseUrl["*"];
  if (url !== undefined) return url;
  const known = Object.keys(baseUrl).sort().join(", ");
  throw new TypeError(
    `${integration}: no base URL for environment ${environment ?? "(INTEG_ENV is not set)"}; known: ${known}`,
  );
}

function openCall(
  options: ClientOptions,
  request: CallRequest<unknown>,
  signal: AbortSignal,
  deadlineAt: number,
): Call {
  const method = request.method.toUpperCase();
  const encoded = encodeBody(request.body, request.encoding ?? options.encoding ?? "json");
  const keyHeader = options.idempotencyHeader?.toLowerCase();
  const key =
    request.idempotencyKey ??
    (keyHeader !== undefined && KEYED_METHODS.has(method)
      ? (options.newKey ?? (() => crypto.randomUUID()))()
      : undefined);
  const own: Record<string, string> = { accept: "application/json" };
  if (encoded?.contentType) own["content-type"] = encoded.contentType;
  for (const [name, value] of Object.entries({ ...options.headers, ...request.headers })) {
    own[name.toLowerCase()] = value;
  }
  if (keyHeader !== undefined && key !== undefined) own[keyHeader] = key;
  return {
    operation: request.operation,
    group: request.group ?? "default",
    method,
    path: fillPath(request.path, request.params),
    query: request.query ?? {},
    headers: own,
    body: encoded?.body,
    hasIdempotencyKey: keyHeader !== undefined && key !== undefined,
    retries: request.retries ?? options.retries ?? 2,
    timeoutMs: request.timeoutMs ?? options.timeoutMs ?? 20_000,
    deadlineAt,
    signal,
    attempts: [],
    sent: false,
    status: undefined,
    requestId: undefined,
    freshSecrets: false,
  };
}

/** Fills in every default and gives the client its state. */
export function createCore(options: ClientOptions): Core {
  const { integration, version } = options;
  const clock = options.clock ?? systemClock;
  const env = options.env ?? process.env;
  const auth: Auth = options.auth ?? { scheme: "none" };
  const secrets = new SecretCache(options.secrets ?? {}, options.readSecret ?? environmentSecrets(env));
  const breakers = new Map<string, Breaker>();
  const fetchNow: Fetch = (url, init) => globalThis.fetch(url, init);
  return {
    integration,
    version,
    clock,
    sleep: options.sleep ?? sleepOn(clock),
    random: options.random ?? Math.random,
    // Looked up at each call, so that a test that replaces the global is seen.
    fetch: options.fetch ?? fetchNow,
    validate: options.validate ?? "throw",
    maxBodyBytes: options.maxBodyBytes ?? 10 * 1024 * 1024,
    notProcessed: options.notProcessed ?? [],
    bulkhead: new Bulkhead(options.bulkhead),
    limiter: options.limiter ?? new Limiter(),
    budget: new RetryBudget(),
    deadlineMs: options.deadlineMs ?? 60_000,
    baseUrl: () => pickBaseUrl(options, env),
    breaker: (group) => {
      if (options.breaker === false) return undefined;
      const breaker = breakers.get(group) ?? new Breaker(options.breaker);
      breakers.set(group, breaker);
      return breaker;
    },
    credentials: (call) => credentials(auth, secrets, call.freshSecrets),
    secretsChanged: async () => {
      const before = new Map<string, string | undefined>();
      for (const name of secretNames(auth)) before.set(name, await secrets.get(name, { fresh: false }));
      for (const [name, value] of before) {
        if ((await secrets.get(name, { fresh: true })) !== value) return true;
      }
      return false;
    },
    secretValues: () => secrets.seen,
    emit: ({ operation }, event) => {
      if (!options.onEvent) return;
      try {
        options.onEvent({ integration, version, operation, at: clock.now(), ...event });
      } catch {
        // A broken listener must not break the call it listens to.
      }
    },
    origin: ({ operation, attempts, requestId }) => ({
      integration,
      version,
      operation,
      attempts,
      requestId,
    }),
    open: (request, signal, deadlineAt) => openCall(options, request, signal, deadlineAt),
  };
}
