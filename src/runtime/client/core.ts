import type { Auth } from "../../signing/schemes.ts";
import type { Issuer } from "../auth/auth.ts";
import { OAuth2Issuer, type SaveSecret, type TokenTools } from "../auth/oauth2.ts";
import { PlainIssuer } from "../auth/plain.ts";
import { environmentSecrets, SecretCache } from "../auth/secrets.ts";
import { AnswerCache } from "../cache/answers.ts";
import type { ErrorOrigin } from "../errors/errors.ts";
import { type Fetch, fetchTransport } from "../exchange/fetch-transport.ts";
import { askForToken } from "../exchange/token-request.ts";
import type { Transport } from "../exchange/transport.ts";
import { Limiter } from "../limiter/limiter.ts";
import type { RateLimiter } from "../limiter/permit.ts";
import { tellListener } from "../platform/listener.ts";
import { Breaker } from "../policies/breaker.ts";
import { Bulkhead } from "../policies/bulkhead.ts";
import { RetryBudget } from "../policies/retry-budget.ts";
import type { Telemetry } from "../telemetry/options.ts";
import { findTelemetry } from "../telemetry/registered.ts";
import { type Clock, type Sleep, sleepOn, systemClock } from "../time/clock.ts";
import type { Scope } from "../time/scope.ts";
import { baseHeaders, type Call, DEFAULT_GROUP, openCall } from "./call.ts";
import { checkClient } from "./checks.ts";
import type { OwnEvent } from "./events.ts";
import type { CallRequest, ClientOptions, Price, ValidationMode } from "./options.ts";

/** What all calls of a client share: options with their defaults filled in, and the state of every policy. */
export interface Core {
  readonly integration: string;
  readonly version: string;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly transport: Transport;
  readonly validate: ValidationMode;
  readonly maxBodyBytes: number;
  readonly notProcessed: readonly number[];
  readonly bulkhead: Bulkhead;
  readonly limiter: RateLimiter;
  readonly budget: RetryBudget;
  readonly issuer: Issuer;
  readonly cache: AnswerCache;
  readonly deadlineMs: number;
  baseUrl(): string;
  breaker(group: string): Breaker | undefined;
  secretValues(): readonly string[];
  priceOf(operation: string): Price | undefined;
  /** Where spans and metrics go; undefined while the application has registered no SDK. */
  telemetry(): Telemetry | undefined;
  /** Whether anybody is told of events: else what happens in each call need not be put into words. */
  isHeard(): boolean;
  emit(call: { operation: string }, event: OwnEvent): void;
  origin(call: Call): ErrorOrigin;
  open(request: CallRequest<unknown>, scope: Scope, deadlineAt: number): Call;
}

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

// Looked up at each call, so that a test that replaces the global is seen.
const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init);

type Emit = Core["emit"];

function makeIssuer(
  options: ClientOptions,
  secrets: SecretCache,
  tools: Pick<TokenTools, "clock" | "random" | "baseUrl"> & { transport: Transport; emit: Emit },
): Issuer {
  const { clock, random, transport, emit, baseUrl } = tools;
  const auth: Auth = options.auth ?? { scheme: "none" };
  if (auth.scheme !== "oauth2-client-credentials" && auth.scheme !== "oauth2-refresh") {
    return new PlainIssuer(auth, secrets, clock);
  }
  const ask = askForToken({ transport, clock, timeoutMs: options.timeoutMs ?? 20_000, secrets });
  const onReplaced = async (secret: string, value: string) => {
    // The new token works all the same while this process lives; who listens learns that it may not be there after.
    const saved = await keepSecret(options.saveSecret, secret, value);
    emit({ operation: "token" }, { type: "credential", change: "refresh_token_replaced", secret, saved });
  };
  return new OAuth2Issuer(auth, secrets, { clock, random, ask, onReplaced, baseUrl });
}

/** Whether the application keeps the value; what it throws says that it does not. */
async function keepSecret(save: SaveSecret | undefined, secret: string, value: string): Promise<boolean> {
  try {
    await save?.(secret, value);
    return save !== undefined;
  } catch {
    return false;
  }
}

/** Fills in every default and gives the client its state. */
export function createCore(options: ClientOptions): Core {
  checkClient(options);
  const { integration, version } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const env = options.env ?? process.env;
  const secrets = new SecretCache(options.secrets ?? {}, options.readSecret ?? environmentSecrets(env));
  const transport = options.transport ?? fetchTransport(options.fetch ?? globalFetch);
  const breakers = new Map<string, Breaker>();
  if (options.breaker !== false) breakers.set(DEFAULT_GROUP, new Breaker(options.breaker));
  const headers = baseHeaders(options);
  const baseUrl = () => pickBaseUrl(options, env);
  const telemetry = () => findTelemetry(options.telemetry);
  const emit: Emit = ({ operation }, event) => {
    const meter = telemetry();
    if (!options.onEvent && !meter) return;
    const told = { integration, version, operation, at: clock.now(), ...event };
    meter?.event(told);
    tellListener(options.onEvent, told);
  };
  return {
    integration,
    version,
    clock,
    transport,
    telemetry,
    isHeard: () => options.onEvent !== undefined || telemetry() !== undefined,
    emit,
    sleep: options.sleep ?? sleepOn(clock),
    random,
    validate: options.validate ?? "throw",
    maxBodyBytes: options.maxBodyBytes ?? 10 * 1024 * 1024,
    notProcessed: options.notProcessed ?? [],
    bulkhead: new Bulkhead(options.bulkhead),
    limiter: options.limiter ?? new Limiter(),
    budget: new RetryBudget(),
    issuer: makeIssuer(options, secrets, { clock, random, transport, emit, baseUrl }),
    cache: new AnswerCache(options.cache, clock),
    deadlineMs: options.deadlineMs ?? 60_000,
    baseUrl,
    breaker: (group) => {
      if (options.breaker === false) return undefined;
      const known = breakers.get(group);
      if (known) return known;
      const breaker = new Breaker(options.breaker);
      breakers.set(group, breaker);
      return breaker;
    },
    secretValues: () => secrets.seen,
    priceOf: (operation) => options.prices?.[operation] ?? options.prices?.["*"],
    origin: ({ operation, attempts, requestId }) => ({
      integration,
      version,
      operation,
      attempts,
      requestId,
    }),
    open: (request, scope, deadlineAt) => openCall(options, headers, request, scope, deadlineAt),
  };
}
