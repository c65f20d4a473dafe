import { SecretNotSet } from "../auth/auth.ts";
import {
  CircuitOpenError,
  IntegrationError,
  MissingSecretError,
  OverloadedError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
} from "../errors/errors.ts";
import { type Answer, attempt } from "../exchange/attempt.ts";
import { AttemptFailed } from "../exchange/failure.ts";
import { type Schema, toIssues } from "../exchange/response.ts";
import type { Verdict } from "../policies/breaker.ts";
import { mayRetry, retryDelay } from "../policies/retry.ts";
import { openScope } from "../time/clock.ts";
import { type Call, type Core, createCore } from "./core.ts";
import type { CallRequest, ClientOptions, Reply } from "./options.ts";

/** Talks to one version of one provider's API. Make one and keep it: limits and circuit live in it. */
export interface Client {
  /**
   * Makes a logical call and gives its data.
   * @throws IntegrationError, by class; the reason of the caller's signal when that aborts
   */
  request<T>(request: CallRequest<T>): Promise<T>;
  /** The same with status, headers, request id and the history of attempts. */
  send<T>(request: CallRequest<T>): Promise<Reply<T>>;
}

/** The policies of DESIGN §9, outermost first. */
async function run(core: Core, call: Call): Promise<Answer> {
  return withBreaker(core, call, () =>
    withRetries(core, call, () =>
      withBulkhead(core, call, () => withLimiter(core, call, (permit) => attempt(core, call, permit))),
    ),
  );
}

function verdictOn(error: unknown, call: Call): Verdict {
  if (error instanceof TimeoutError) return call.sent ? "failed" : "neutral";
  if (error instanceof ServerError) return "failed";
  if (error instanceof IntegrationError && error.code === "connection") return "failed";
  const answered =
    error instanceof IntegrationError && call.attempts.some(({ status }) => status !== undefined);
  return answered ? "healthy" : "neutral";
}

async function withBreaker(core: Core, call: Call, work: () => Promise<Answer>): Promise<Answer> {
  const breaker = core.breaker(call.group);
  if (!breaker) return work();
  const entry = breaker.enter(core.clock.now());
  if (!entry.allowed) {
    const message = `too many recent failures; a trial call is due at ${new Date(entry.retryAt).toISOString()}`;
    throw new CircuitOpenError(message, core.origin(call), entry.retryAt);
  }
  const leave = (verdict: Verdict) => {
    const before = breaker.state(core.clock.now());
    breaker.leave(core.clock.now(), verdict, entry.trial);
    const state = breaker.state(core.clock.now());
    if (state !== before) core.emit(call, { type: "breaker", group: call.group, state });
  };
  try {
    const answer = await work();
    leave("healthy");
    return answer;
  } catch (error) {
    leave(verdictOn(asDeadline(core, call, error), call));
    throw error;
  }
}

/** A refused credential is read afresh once; when it is another one now, the call goes again at no cost. */
async function rotated(core: Core, call: Call, { failure }: AttemptFailed): Promise<boolean> {
  if (failure.status !== 401 || call.freshSecrets) return false;
  call.freshSecrets = true;
  return core.secretsChanged();
}

async function withRetries(core: Core, call: Call, work: () => Promise<Answer>): Promise<Answer> {
  for (let retry = 0; ; ) {
    try {
      const answer = await work();
      core.budget.refund(retry);
      return answer;
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw error;
      if (await rotated(core, call, error)) continue;
      const waitMs = retryDelay(error.failure, retry, core.random);
      if (!mayGoAgain(core, call, error, retry, waitMs)) throw error.toError(core.origin(call));
      retry++;
      const last = call.attempts.at(-1);
      if (last) last.waitedMs = waitMs;
      core.emit(call, { type: "retry", attempt: call.attempts.length, waitMs, reason: error.label });
      await core.sleep(waitMs, call.signal);
    }
  }
}

function mayGoAgain(
  core: Core,
  call: Call,
  { failure }: AttemptFailed,
  retry: number,
  waitMs: number,
): boolean {
  const { method, hasIdempotencyKey } = call;
  return (
    retry < call.retries &&
    mayRetry(failure, { method, hasIdempotencyKey, notProcessed: core.notProcessed }) &&
    core.clock.now() + waitMs < call.deadlineAt &&
    core.budget.take(failure.kind === "timeout")
  );
}

function withBulkhead(core: Core, call: Call, work: () => Promise<Answer>): Promise<Answer> {
  const full = () =>
    new OverloadedError("too many calls wait for a free slot", "overloaded", core.origin(call));
  return core.bulkhead.run(work, call.signal, full);
}

async function withLimiter(
  core: Core,
  call: Call,
  work: (permit: Awaited<ReturnType<Core["limiter"]["acquire"]>>) => Promise<Answer>,
): Promise<Answer> {
  const { clock } = core;
  const permit = await core.limiter.acquire(call.group, {
    clock,
    signal: call.signal,
    deadlineAt: call.deadlineAt,
    sleep: (ms, signal) => {
      core.emit(call, { type: "held", waitMs: ms });
      return core.sleep(ms, signal);
    },
    held: (freeAt) => {
      const message = `the provider's rate limit is reached until ${new Date(freeAt).toISOString()}, past this call's deadline`;
      return new RateLimitError(message, core.origin(call), undefined, freeAt);
    },
  });
  try {
    return await work(permit);
  } finally {
    permit.release();
  }
}

/** Stands in the call's signal for its own deadline. */
class DeadlineReached extends Error {}

function asDeadline(core: Core, call: Call, error: unknown): unknown {
  if (!(error instanceof DeadlineReached)) return error;
  const message = `not done within the deadline, after ${call.attempts.length} attempts`;
  return new TimeoutError(message, "deadline", core.origin(call));
}

async function withDeadline(
  core: Core,
  request: CallRequest<unknown>,
  work: (call: Call) => Promise<Answer>,
): Promise<{ answer: Answer; call: Call }> {
  const deadlineMs = request.deadlineMs ?? core.deadlineMs;
  const startedAt = core.clock.now();
  const scope = openScope(core.clock, deadlineMs, () => new DeadlineReached(), request.signal);
  let call: Call | undefined;
  let outcome: "ok" | IntegrationError["code"] | "aborted" = "aborted";
  try {
    call = core.open(request, scope.signal, startedAt + deadlineMs);
    scope.signal.throwIfAborted();
    const answer = await work(call);
    outcome = "ok";
    return { answer, call };
  } catch (error) {
    const known = call ? describe(core, call, error) : error;
    if (known instanceof IntegrationError) outcome = known.code;
    throw known;
  } finally {
    scope.release();
    const durationMs = core.clock.now() - startedAt;
    const attempts = call?.attempts.length ?? 0;
    core.emit(request, { type: "call", outcome, durationMs, attempts });
  }
}

function describe(core: Core, call: Call, error: unknown): unknown {
  if (error instanceof SecretNotSet) {
    const message = `the environment variable ${error.variable} is not set`;
    return new MissingSecretError(message, core.origin(call), error.variable);
  }
  return asDeadline(core, call, error);
}

function validate<T>(core: Core, call: Call, schema: Schema<T> | undefined, json: unknown): T {
  // Without a schema T is unknown; with `report` and `off` the caller chose the provider's word over our schema's.
  if (!schema || core.validate === "off") return json as T;
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = toIssues(result.error.issues);
  core.emit(call, { type: "drift", issues });
  if (core.validate === "report") return json as T;
  const first = issues[0];
  const message = `the response is not what our schema says: ${first?.path ?? "$"}: ${first?.message ?? "invalid"}`;
  throw new ValidationError(message, core.origin(call), issues);
}

/**
 * Makes a client. Order of the policies, outermost first: deadline, circuit breaker around the logical call, retries,
 * bulkhead, rate limiter, the attempt's timeout, fetch.
 */
export function createClient(options: ClientOptions): Client {
  const core = createCore(options);
  const send = async <T>(request: CallRequest<T>): Promise<Reply<T>> => {
    const { answer, call } = await withDeadline(core, request, (opened) => run(core, opened));
    const { status, headers, requestId, json } = answer;
    const data = validate(core, { ...call, requestId }, request.schema, json);
    return { data, status, headers, requestId, attempts: call.attempts };
  };
  return { send, request: async (request) => (await send(request)).data };
}
