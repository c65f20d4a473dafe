import type * as OpenTelemetry from "@opentelemetry/api";
import type { Attributes, Span, Tracer } from "@opentelemetry/api";
import type { Call } from "../client/call.ts";
import type { Core } from "../client/core.ts";
import type { ClientEvent } from "../client/events.ts";
import type { CallRequest } from "../client/options.ts";
import type { Attempt } from "../errors/errors.ts";
import { IntegrationError } from "../errors/errors.ts";
import { buildUrl } from "../exchange/request.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import { methodNames } from "./method.ts";
import type { Telemetry } from "./options.ts";

type Api = typeof OpenTelemetry;

/** The instrumentation's name, by which a backend groups what comes from here. */
const SCOPE = "integ/runtime";

const BREAKER_STATES = { closed: 0, "half-open": 1, open: 2 } as const;

function originOf({ integration, version, operation }: ClientEvent): Attributes {
  return {
    "integ.integration": integration,
    "integ.version": version,
    "integ.operation": operation,
  };
}

/** Where a request goes, without its query, in which there can be keys and names. */
function serverOf(core: Core, call: Call): { full: string; address: string; port: number } {
  const url = new URL(buildUrl(core.baseUrl(), call.path, []));
  const port = url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port);
  return { full: `${url.origin}${url.pathname}`, address: url.hostname, port };
}

/** What the conventions call `error.type`: the status, or what happened in its place. */
function errorType({ status, failure }: Attempt): string | undefined {
  if (failure === undefined) return undefined;
  return status === undefined ? failure : String(status);
}

/** Tells OpenTelemetry of a client, by the semantic conventions for HTTP where they have a word for it. */
export class OpenTelemetryListener implements Telemetry {
  readonly #api: Api;
  readonly #propagate: boolean;
  readonly #tracer: Tracer;
  readonly #instruments: Instruments;
  readonly #nameOf = methodNames(process.env);

  constructor(api: Api, propagate: boolean) {
    this.#api = api;
    this.#propagate = propagate;
    this.#tracer = api.trace.getTracer(SCOPE);
    this.#instruments = createInstruments(api.metrics.getMeter(SCOPE));
  }

  call<T>(core: Core, request: CallRequest<unknown>, work: () => Promise<T>): Promise<T> {
    const { integration, version } = core;
    const attributes = {
      "integ.integration": integration,
      "integ.version": version,
      "integ.operation": request.operation,
    };
    const name = `${integration} ${request.operation}`;
    return this.#tracer.startActiveSpan(name, { attributes }, (span) => this.#inSpan(span, work));
  }

  attempt<T>(core: Core, call: Call, work: () => Promise<T>): Promise<T> {
    const { full, address, port } = serverOf(core, call);
    const method = this.#nameOf(call.method);
    const common: Attributes = {
      "http.request.method": method.attribute,
      "server.address": address,
      "server.port": port,
      "url.template": call.template,
    };
    const resend = call.attempts.length;
    const attributes = {
      ...common,
      "url.full": full,
      ...(method.unknown ? { "http.request.method_original": call.method } : {}),
      ...(resend === 0 ? {} : { "http.request.resend_count": resend }),
    };
    const options = { kind: this.#api.SpanKind.CLIENT, attributes };
    return this.#tracer.startActiveSpan(`${method.inName} ${call.template}`, options, (span) => {
      if (this.#propagate) this.#inject(call);
      return this.#inSpan(span, work, () => this.#requestEnded(core, call, span, common, resend));
    });
  }

  event(event: ClientEvent): void {
    const origin = originOf(event);
    this.#measure(event, origin);
    if (event.type === "retry" || event.type === "held") {
      this.#addToSpan(event.type, { "integ.wait_ms": event.waitMs });
    } else if (event.type === "breaker") {
      this.#addToSpan("breaker", { "integ.breaker.state": event.state });
    } else if (event.type === "drift") {
      this.#addToSpan("drift", { "integ.paths": event.issues.map(({ path }) => path) });
    }
  }

  #measure(event: ClientEvent, origin: Attributes): void {
    const to = this.#instruments;
    switch (event.type) {
      case "attempt":
        if (event.price)
          to.cost.add(event.price.amount, { ...origin, "integ.currency": event.price.currency });
        break;
      case "retry":
        to.retries.add(1, { ...origin, "integ.reason": event.reason });
        break;
      case "held":
        to.limiterWait.record(event.waitMs / 1000, origin);
        break;
      case "breaker":
        to.breakerState.record(BREAKER_STATES[event.state], this.#ofGroup(event));
        break;
      case "quota":
        for (const { name, limit, remaining } of event.quotas) {
          const quota = { ...this.#ofGroup(event), "integ.quota": name };
          if (remaining !== undefined) to.quotaRemaining.record(remaining, quota);
          if (limit !== undefined) to.quotaLimit.record(limit, quota);
        }
        break;
      case "drift":
        to.validationFailures.add(1, origin);
        break;
      case "credential":
        to.credentialChanges.add(1, { ...origin, "integ.change": event.change });
        break;
      case "call": {
        const { outcome, source = "none" } = event;
        const attributes = { ...origin, "integ.outcome": outcome, "integ.source": source };
        to.callDuration.record(event.durationMs / 1000, attributes);
      }
    }
  }

  /** Quota and circuit belong to a group of operations, not to the one that happened to tell of it. */
  #ofGroup({ integration, version, group }: ClientEvent & { group: string }): Attributes {
    return { "integ.integration": integration, "integ.version": version, "integ.group": group };
  }

  #addToSpan(name: string, attributes: Attributes): void {
    this.#api.trace.getActiveSpan()?.addEvent(`integ.${name}`, attributes);
  }

  #inject(call: Call): void {
    const headers: Record<string, string> = {};
    this.#api.propagation.inject(this.#api.context.active(), headers);
    call.headers = { ...call.headers, ...headers };
  }

  #requestEnded(core: Core, call: Call, span: Span, common: Attributes, before: number): void {
    const attempt = call.attempts[before];
    if (attempt === undefined) return;
    const type = errorType(attempt);
    const outcome: Attributes = {
      ...(attempt.status === undefined ? {} : { "http.response.status_code": attempt.status }),
      ...(type === undefined ? {} : { "error.type": type }),
    };
    span.setAttributes(outcome);
    const attributes = { ...common, ...outcome, "integ.integration": core.integration };
    this.#instruments.requestDuration.record(attempt.durationMs / 1000, attributes);
  }

  async #inSpan<T>(span: Span, work: () => Promise<T>, ended?: () => void): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // The name of what went wrong, never its text: what it was made of may hold anything.
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
      if (error instanceof IntegrationError) span.setAttribute("error.type", error.code);
      throw error;
    } finally {
      ended?.();
      span.end();
    }
  }
}
