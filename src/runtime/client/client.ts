import type { CallCache } from "../cache/options.ts";
import { type Sourced, withCache } from "../cache/stand-in.ts";
import { type Attempt, IntegrationError, ValidationError } from "../errors/errors.ts";
import { withoutSecrets } from "../errors/redact.ts";
import type { Answer } from "../exchange/attempt.ts";
import { checkWith, toIssues } from "../exchange/response.ts";
import type { ResponseHead } from "../exchange/transport.ts";
import { type Pages, paginate } from "../pagination/pages.ts";
import type { PageRequest } from "../pagination/strategy.ts";
import { refuseWrite } from "../router/read-only.ts";
import { Scope, stopOf } from "../time/scope.ts";
import type { Call } from "./call.ts";
import { checkCall } from "./checks.ts";
import { type Core, createCore } from "./core.ts";
import type { CallRequest, ClientOptions, Reply, Source } from "./options.ts";
import { DeadlineReached, describeError, throughPolicies } from "./policies.ts";

/** Talks to one version of one provider's API. Make one and keep it: limits and circuit live in it. */
export interface Client {
  /**
   * Makes a logical call and gives its data.
   * @throws IntegrationError, by class; the reason of the caller's signal when that aborts; TypeError and RangeError for
   * a request that could not be sent by anybody, or is asked for in impossible numbers
   */
  request<T>(request: CallRequest<T>): Promise<T>;
  /** The same with where the data came from, status, headers, request id and the history of attempts. */
  send<T>(request: CallRequest<T>): Promise<Reply<T>>;
  /** The items of all pages of a list, asked for as they are needed. */
  paginate<P, I>(request: PageRequest<P, I>): Pages<P, I>;
}

const deadlineReached = () => new DeadlineReached();

type Outcome = "ok" | IntegrationError["code"] | "aborted";

/** One logical call, from its opening until it is known how it went. */
class LogicalCall<T> {
  readonly #core: Core;
  readonly #request: CallRequest<T>;
  readonly #startedAt: number;
  readonly #deadlineAt: number;
  readonly #scope: Scope;
  #call: Call | undefined;

  constructor(core: Core, request: CallRequest<T>) {
    this.#core = core;
    this.#request = request;
    this.#startedAt = core.clock.now();
    this.#deadlineAt = this.#startedAt + (request.deadlineMs ?? core.deadlineMs);
    const parent = request.signal && stopOf(request.signal);
    this.#scope = new Scope(core.clock, this.#deadlineAt, deadlineReached, parent);
  }

  /** @param pick what of the reply is wanted */
  async run<R>(pick: (reply: Reply<T>) => R): Promise<R> {
    const core = this.#core;
    const { cache } = this.#request;
    let outcome: Outcome = "aborted";
    let source: Source | undefined;
    try {
      const call = core.open(this.#request, this.#scope, this.#deadlineAt);
      this.#call = call;
      this.#scope.throwIfStopped();
      const reply = cache
        ? await this.#cached(call, cache)
        : this.#received(call, await throughPolicies(core, call));
      outcome = "ok";
      source = reply.source;
      return pick(reply);
    } catch (error) {
      const known = this.#call ? describeError(core, this.#call, error) : error;
      if (known instanceof IntegrationError) outcome = known.code;
      const { fallback } = this.#request;
      if (!fallback || !(known instanceof IntegrationError)) throw known;
      const data = await fallback(known);
      source = "fallback";
      return pick({ ...nothingReceived(known), data });
    } finally {
      this.#scope.release();
      if (core.isHeard()) this.#tell(outcome, source);
    }
  }

  #tell(outcome: Outcome, source: Source | undefined): void {
    this.#core.emit(this.#request, {
      type: "call",
      outcome,
      durationMs: this.#core.clock.now() - this.#startedAt,
      attempts: this.#call?.attempts.length ?? 0,
      ...(source === undefined ? {} : { source }),
    });
  }

  #received(call: Call, answer: Answer): Reply<T> {
    return new Received({ answer, attempts: call.attempts }, this.#validate(call, answer));
  }

  async #cached(call: Call, cache: CallCache): Promise<Reply<T>> {
    const sourced = await withCache(this.#core, call, cache, () => throughPolicies(this.#core, call));
    const data = this.#validate(call, sourced.answer);
    sourced.keep?.();
    return new Received(sourced, data);
  }

  #validate(opened: Call, { json, requestId }: Answer): T {
    const { schema } = this.#request;
    const { validate } = this.#core;
    // Without a schema T is unknown; with `report` and `off` the caller chose the provider's word over our schema's.
    if (!schema || validate === "off") return json as T;
    const result = checkWith(schema, json);
    if (result.success) return result.data;
    const call = { ...opened, requestId };
    const issues = toIssues(result.error.issues);
    this.#core.emit(call, { type: "drift", issues });
    if (validate === "report") return json as T;
    const first = issues[0];
    const message = `the response is not what our schema says: ${first?.path ?? "$"}: ${first?.message ?? "invalid"}`;
    const cause = result.thrown && withoutSecrets(result.thrown, this.#core.secretValues());
    throw new ValidationError(message, this.#core.origin(call), issues, cause);
  }
}

/** A reply whose headers are made when somebody wants them. */
class Received<T> {
  readonly source: "provider" | "cache";
  readonly ageMs: number;
  readonly reason?: IntegrationError;
  readonly data: T;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly attempts: readonly Attempt[];
  readonly #head: ResponseHead;

  constructor({ answer, attempts, kept }: Sourced, data: T) {
    this.source = kept ? "cache" : "provider";
    this.ageMs = kept?.ageMs ?? 0;
    if (kept?.reason) this.reason = kept.reason;
    this.data = data;
    this.status = answer.head.status;
    this.requestId = answer.requestId;
    this.attempts = attempts;
    this.#head = answer.head;
  }

  get headers(): Headers {
    return this.#head.asHeaders();
  }
}

function nothingReceived(reason: IntegrationError): Omit<Reply<never>, "data"> {
  const { requestId, attempts } = reason;
  return {
    source: "fallback",
    ageMs: 0,
    reason,
    status: undefined,
    headers: new Headers(),
    requestId,
    attempts,
  };
}

/** In a span of its own, where somebody watches. */
function run<T, R>(core: Core, request: CallRequest<T>, pick: (reply: Reply<T>) => R): Promise<R> {
  try {
    checkCall(request);
    refuseWrite(request.method, request.operation);
    const telemetry = core.telemetry();
    if (!telemetry) return new LogicalCall(core, request).run(pick);
    return telemetry.call(core, request, () => new LogicalCall(core, request).run(pick));
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Makes a client. Order of the policies, outermost first: deadline, kept answers, circuit breaker around the logical
 * call, retries, bulkhead, rate limiter, the attempt's timeout, fetch.
 * @throws RangeError for an option that is no number that it can be (NaN, a deadline of 0); TypeError without a name
 */
export function createClient(options: ClientOptions): Client {
  const core = createCore(options);
  const send = <T>(request: CallRequest<T>): Promise<Reply<T>> => run(core, request, (reply) => reply);
  return {
    send,
    request: (request) => run(core, request, ({ data }) => data),
    paginate: (request) => paginate(core, send, request),
  };
}
