import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import { errorReply, type SandboxReply } from "./exchange.ts";

/** What each fault does to an answer; the text is shown in help. */
export const FAULTS = {
  error: "500 with an error body",
  unavailable: "503 with Retry-After",
  "rate-limited": "429 with Retry-After",
  unauthorized: "401, as after a revoked key",
  forbidden: "403",
  "not-found": "404",
  html: "200 with an HTML page instead of JSON",
  empty: "200 with an empty body",
  "not-json": "200 that claims JSON and is none",
  "content-type": "JSON under text/plain",
  truncated: "connection cut in the middle of the body",
  reset: "connection reset before the answer",
  slow: "the first byte after 60 s",
} as const;

export type FaultKind = keyof typeof FAULTS;

/** One fault to inject. */
export interface Fault {
  kind: FaultKind;
  /** How many requests it hits before it is over; absent: until it is taken away. */
  times?: number;
  /** Only requests whose path begins with this. */
  path?: string;
  /** `slow`: milliseconds until the first byte; default 60,000. */
  delayMs?: number;
}

const kinds = Object.keys(FAULTS);

export function isFaultKind(text: string): text is FaultKind {
  return kinds.includes(text);
}

/**
 * Reads `KIND[:TIMES][@PATH]`: `html`, `error:3`, `reset:1@/v1/customers`.
 * @throws UsageError for an unknown kind or a count that is none
 */
export function parseFault(text: string): Fault {
  const [, kind = "", times, path] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/.exec(text) ?? [];
  if (!isFaultKind(kind)) {
    const hint = didYouMean(kind, kinds, "faults");
    throw new UsageError(`Unknown fault '${kind}'`, { code: "usage/unknown-fault", hint });
  }
  if (times !== undefined && !/^[1-9]\d{0,5}$/.test(times)) {
    throw new UsageError(`'${times}' in --fault ${text} is not a count`, {
      code: "usage/fault-count",
      hint: `for example --fault ${kind}:3`,
    });
  }
  return {
    kind,
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(path === undefined ? {} : { path }),
  };
}

const PAGE = `<!doctype html>
<html><head><title>Be right back</title></head>
<body><h1>We are doing some maintenance</h1></body></html>
`;

/** The answer with the fault done to it. */
export function damage(reply: SandboxReply, fault: Fault): SandboxReply {
  const { headers } = reply;
  switch (fault.kind) {
    case "error":
      return errorReply(500, { type: "api_error", message: "An error occurred on our side." }, headers);
    case "unavailable":
      return errorReply(
        503,
        { type: "api_error", message: "The service is down for a moment." },
        { ...headers, "retry-after": "5" },
      );
    case "rate-limited":
      return errorReply(
        429,
        { type: "invalid_request_error", code: "rate_limit", message: "Too many requests." },
        { ...headers, "retry-after": "7" },
      );
    case "unauthorized":
      return errorReply(401, { type: "invalid_request_error", message: "Invalid API key." }, headers);
    case "forbidden":
      return errorReply(
        403,
        {
          type: "invalid_request_error",
          code: "more_permissions_required",
          message: "This key may not do that.",
        },
        headers,
      );
    case "not-found":
      return errorReply(404, { type: "invalid_request_error", message: "Not found." }, headers);
    case "html":
      return { ...reply, headers: { ...headers, "content-type": "text/html; charset=utf-8" }, body: PAGE };
    case "empty":
      return { ...reply, body: "" };
    case "not-json":
      return { ...reply, body: `${reply.body.trimEnd().slice(0, -1)}, oops }\n` };
    case "content-type":
      return { ...reply, headers: { ...headers, "content-type": "text/plain; charset=utf-8" } };
    case "truncated":
      return { ...reply, damage: "truncated" };
    case "reset":
      return { ...reply, damage: "reset" };
    case "slow":
      return { ...reply, delayMs: reply.delayMs + (fault.delayMs ?? 60_000) };
  }
}

/** The faults in force, in order; each hit uses one up. */
export class FaultLine {
  #faults: Fault[] = [];

  set(faults: readonly Fault[]): void {
    this.#faults = faults.map((fault) => ({ ...fault }));
  }

  get current(): readonly Fault[] {
    return this.#faults;
  }

  /** The first fault that is meant for this path; counts it. */
  next(path: string): Fault | undefined {
    const fault = this.#faults.find(({ path: prefix = "" }) => path.startsWith(prefix));
    if (fault?.times !== undefined) {
      fault.times--;
      if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
    }
    return fault;
  }
}
