import { SecretNotRead, SecretNotSet } from "../auth/auth.ts";
import {
  CircuitOpenError,
  IntegrationError,
  MissingSecretError,
  OverloadedError,
  RateLimitError,
  SecretUnreadableError,
  ServerError,
  TimeoutError,
} from "../errors/errors.ts";
import { type Answer, attempt } from "../exchange/attempt.ts";
import { AttemptFailed } from "../exchange/failure.ts";
import type { Caller, Permit, Priority } from "../limiter/permit.ts";
import type { Breaker, Verdict } from "../policies/breaker.ts";
import { mayRetry, retryDelay } from "../policies/retry.ts";
import type { Clock } from "../time/clock.ts";
import { orStop, type Scope } from "../time/scope.ts";
import type { Call } from "./call.ts";
import type { Core } from "./core.ts";

/** Stands in the call's scope for its own deadline. */
export class DeadlineReached extends Error {}

/** Other credentials that one call may try: the ones read afresh, and the ones of a rotation's grace. */
const MOST_RENEWALS = 2;

/**
 * What is between the cache and the network, outermost first: circuit breaker, retries, and for each attempt bulkhead and
 * rate limiter. One function that waits, and only where it has to: every one more is felt in each request.
 */
export async function throughPolicies(core: Core, call: Call): Promise<Answer> {
  const breaker = core.breaker(call.group);
  const isTrial = breaker !== undefined && enterCircuit(core, call, breaker);
  try {
    for (let retry = 0; ; ) {
      try {
        const admitted = admit(core, call);
        const permit = admitted instanceof Promise ? await admitted : admitted;
        try {
          const answer = await once(core, call, permit);
          core.budget.refund(retry);
          if (breaker) leaveCircuit(core, call, breaker, isTrial, "healthy");
          return answer;
        } finally {
          permit.release();
          core.bulkhead.leave();
        }
      } catch (error) {
        retry = await afterFailure(core, call, error, retry);
      }
    }
  } catch (error) {
    const verdict = verdictOn(describeError(core, call, error), call);
    if (breaker) leaveCircuit(core, call, breaker, isTrial, verdict);
    throw error;
  }
}

/** Leave to send one request: a free slot, then the provider's limit. Given at once where neither makes it wait. */
function admit(core: Core, call: Call): Permit | Promise<Permit> {
  return core.bulkhead.tryEnter() ? withinLimit(core, call) : afterOthers(core, call);
}

async function afterOthers(core: Core, call: Call): Promise<Permit> {
  await core.bulkhead.enter(call.scope, () => {
    return new OverloadedError("too many calls wait for a free slot", "overloaded", core.origin(call));
  });
  return withinLimit(core, call);
}

/** The provider's leave; without it the slot is free for others. */
function withinLimit(core: Core, call: Call): Permit | Promise<Permit> {
  try {
    const asked = core.limiter.acquire(call.group, new WaitingCall(core, call));
    return asked instanceof Promise ? orLeave(core, asked) : asked;
  } catch (error) {
    core.bulkhead.leave();
    throw error;
  }
}

async function orLeave(core: Core, asked: Promise<Permit>): Promise<Permit> {
  try {
    return await asked;
  } catch (error) {
    core.bulkhead.leave();
    throw error;
  }
}

/** One attempt, in a span of its own where somebody watches. */
function once(core: Core, call: Call, permit: Permit): Promise<Answer> {
  const telemetry = core.telemetry();
  return telemetry
    ? telemetry.attempt(core, call, () => attempt(core, call, permit))
    : attempt(core, call, permit);
}

/** An error of the machinery as the caller knows it. */
export function describeError(core: Core, call: Call, error: unknown): unknown {
  if (error instanceof SecretNotSet) {
    const message = `the environment variable ${error.variable} is not set`;
    return new MissingSecretError(message, core.origin(call), error.variable);
  }
  if (error instanceof SecretNotRead) {
    const message = `the secret of ${error.variable} cannot be read`;
    return new SecretUnreadableError(message, core.origin(call), error.variable, error.cause);
  }
  if (error instanceof DeadlineReached) {
    const message = `not done within the deadline, after ${call.attempts.length} attempts`;
    return new TimeoutError(message, "deadline", core.origin(call));
  }
  return error;
}

function verdictOn(error: unknown, call: Call): Verdict {
  if (error instanceof TimeoutError) return call.sent ? "failed" : "neutral";
  if (error instanceof ServerError) return "failed";
  if (error instanceof IntegrationError && error.code === "connection") return "failed";
  const answered =
    error instanceof IntegrationError && call.attempts.some(({ status }) => status !== undefined);
  return answered ? "healthy" : "neutral";
}

/** @returns whether the call is the trial of a circuit that was open */
function enterCircuit(core: Core, call: Call, breaker: Breaker): boolean {
  const entry = breaker.enter(core.clock.now());
  if (entry.allowed) return entry.trial;
  const message = `too many recent failures; a trial call is due at ${new Date(entry.retryAt).toISOString()}`;
  throw new CircuitOpenError(message, core.origin(call), entry.retryAt);
}

function leaveCircuit(core: Core, call: Call, breaker: Breaker, isTrial: boolean, verdict: Verdict): void {
  const state = breaker.leave(core.clock.now(), verdict, isTrial);
  if (state) core.emit(call, { type: "breaker", group: call.group, state });
}

/** A refused credential is replaced by another, if there is one; the call then goes again at no cost. */
async function renewed(core: Core, call: Call, { failure }: AttemptFailed): Promise<boolean> {
  if (failure.notSent || !call.issued || call.renewals >= MOST_RENEWALS) return false;
  // A signature that does not fit is forbidden by AWS and by many that sign, where others say unauthorized.
  const refused = failure.status === 401 || (failure.status === 403 && call.issued.sign !== undefined);
  if (!refused) return false;
  call.renewals++;
  // That nothing better could be had is no news: the refusal is.
  const found = await orStop(core.issuer.renew(call.issued), call.scope).catch(() => false);
  if (found) core.emit(call, { type: "credential", change: "renewed" });
  return found && !call.scope.stopped;
}

/**
 * Waits for the next attempt, if there is to be one.
 * @returns how many retries there are then
 * @throws what the caller is told
 */
async function afterFailure(core: Core, call: Call, error: unknown, retry: number): Promise<number> {
  if (!(error instanceof AttemptFailed)) throw error;
  if (await renewed(core, call, error)) return retry;
  call.scope.throwIfStopped();
  const waitMs = retryDelay(error.failure, retry, core.random);
  if (!mayGoAgain(core, call, error, retry, waitMs)) throw error.toError(core.origin(call));
  const last = call.attempts.at(-1);
  if (last) last.waitedMs = waitMs;
  core.emit(call, { type: "retry", attempt: call.attempts.length, waitMs, reason: error.label });
  await core.sleep(waitMs, call.scope.signal);
  return retry + 1;
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

/** A call as the limiter sees it. */
class WaitingCall implements Caller {
  readonly #core: Core;
  readonly #call: Call;
  readonly priority: Priority;
  readonly clock: Clock;
  readonly scope: Scope;
  readonly deadlineAt: number;

  constructor(core: Core, call: Call) {
    this.#core = core;
    this.#call = call;
    this.priority = call.priority;
    this.clock = core.clock;
    this.scope = call.scope;
    this.deadlineAt = call.deadlineAt;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.#core.emit(this.#call, { type: "held", waitMs: ms });
    return this.#core.sleep(ms, signal);
  }

  held(freeAt: number): Error {
    const message = `the provider's rate limit is reached until ${new Date(freeAt).toISOString()}, past this call's deadline`;
    return new RateLimitError(message, this.#core.origin(this.#call), undefined, freeAt);
  }
}
