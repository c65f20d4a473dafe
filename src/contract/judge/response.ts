import { plural } from "../../base/text.ts";
import type { Body } from "../../http/body.ts";
import { isNever } from "../shape.ts";
import type { StoredContract } from "../store.ts";
import { exactValue } from "./exact.ts";
import { judgeRedirects } from "./redirect.ts";
import type { Suspicion } from "./suspicion.ts";

/** One live answer, as far as a contract can be about it. */
export interface Sample {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Body;
  /** Where redirects led to, as `redirectOf` says it; absent where that is not known. */
  redirect?: string;
}

interface Judged {
  suspicions: Suspicion[];
  /** The bodies whose shape can be judged. */
  values: unknown[];
}

/** Media type without parameters, lower case. */
export function mediaTypeOf(headers: Readonly<Record<string, string>>): string | undefined {
  return headers["content-type"]?.split(";")[0]?.trim().toLowerCase() || undefined;
}

/** What can be said of answers before looking into their bodies, and which bodies to look into. */
export function judgeResponses(contract: StoredContract, samples: readonly Sample[]): Judged {
  const suspicions = judgeStatuses(contract, samples);
  const same = samples.filter(({ status }) => status === contract.status);
  const values: unknown[] = [];
  const bodies = new Map<string, { suspicion: Suspicion; times: number }>();
  for (const sample of same) {
    const value = bodyValue(contract, sample);
    if (value === "as recorded") continue;
    if ("suspicion" in value) {
      const key = `${value.suspicion.rule} ${value.suspicion.after ?? ""}`;
      bodies.set(key, { suspicion: value.suspicion, times: (bodies.get(key)?.times ?? 0) + 1 });
    } else values.push(value.value);
  }
  for (const { suspicion, times } of bodies.values()) {
    const evidence = { m: same.length, x: same.length - times };
    const few = suspicion.rule === "contract/body-missing" && same.length < EMPTY_AT_LEAST;
    const level = times === same.length && !few ? "certain" : "likely";
    const message = few ? `${suspicion.message}; few samples` : suspicion.message;
    suspicions.push({ ...suspicion, message, level, evidence });
  }
  suspicions.push(...judgeHeaders(contract, same), ...judgeRedirects(contract, same));
  return { suspicions, values };
}

/** An answer without a body may be a hiccup on the way; so many, and nothing else, are none. */
const EMPTY_AT_LEAST = 3;

function statusRule(status: number): string {
  if (status === 401 || status === 402 || status === 403 || status === 407) return "contract/not-authorized";
  if (status === 410) return "contract/endpoint-gone";
  return status < 400 ? "contract/status-changed" : "contract/not-answered";
}

function judgeStatuses(contract: StoredContract, samples: readonly Sample[]): Suspicion[] {
  const times = new Map<number, number>();
  for (const { status } of samples) times.set(status, (times.get(status) ?? 0) + 1);
  const answered = times.get(contract.status) ?? 0;
  const suspicions: Suspicion[] = [];
  for (const [status, count] of [...times].sort(([a], [b]) => a - b)) {
    if (status === contract.status) continue;
    const rule = statusRule(status);
    // Some failures among answers that can be judged take nothing away from these.
    if (answered > 0 && status >= 400) continue;
    suspicions.push({
      rule,
      path: "$",
      message: `${count === samples.length ? "Every answer" : `${count} of ${plural(samples.length, "answer")}`} has status ${status}; ${contract.status} was ${contract.samples === 0 ? "declared" : "recorded"}`,
      level: answered === 0 ? "certain" : "likely",
      before: String(contract.status),
      after: String(status),
      evidence: { ...recorded(contract), m: samples.length, x: answered },
      discriminator: String(status),
    });
  }
  return suspicions;
}

type BodyVerdict = { value: unknown } | { suspicion: Suspicion } | "as recorded";

function bodyValue(contract: StoredContract, sample: Sample): BodyVerdict {
  const { body, headers } = sample;
  const before = contract.contentType ?? "no body";
  if (isNever(contract.shape)) {
    const same = body.kind === "empty" ? contract.contentType === undefined : nameOf(sample) === before;
    return same ? "as recorded" : { suspicion: otherType(before, nameOf(sample)) };
  }
  if (body.kind === "json") {
    return contract.status < 400 && isErrorEnvelope(contract, body.value)
      ? {
          suspicion: problem("contract/error-in-success", "The body is an error, under a status of success"),
        }
      : { value: exactValue(body) };
  }
  if (body.kind === "empty") {
    return { suspicion: problem("contract/body-missing", "The body is empty; there was one", before) };
  }
  if (body.kind === "invalid") {
    return { suspicion: problem("contract/body-invalid", `The body is ${body.reason}`) };
  }
  return {
    suspicion: otherType(before, body.kind === "html" ? "text/html" : (mediaTypeOf(headers) ?? "text")),
  };
}

/** What a body is called in a finding, by its header where there is one. */
function nameOf({ body, headers }: Sample): string {
  return body.kind === "empty" ? "no body" : (mediaTypeOf(headers) ?? body.kind);
}

function otherType(before: string, now: string): Suspicion {
  return problem("contract/content-type-changed", `The body is ${now} now; it was ${before}`, before, now);
}

function problem(rule: string, message: string, before?: string, after?: string): Suspicion {
  return {
    rule,
    path: "$",
    message,
    level: "certain",
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    evidence: { m: 1, x: 0 },
  };
}

const ERROR_NAMES = ["error", "errors", "fault", "exception", "error_message", "errorMessage"];

/** Names that say how the request went. That they were always there says nothing: `false` is what is new. */
const VERDICT_NAMES = ["ok", "success"];

/** An object that says it is an error, as none was recorded, and lacks most of what was always there. */
function isErrorEnvelope({ shape }: StoredContract, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const own = new Map<string, unknown>(Object.entries(value));
  const names = ERROR_NAMES.filter((name) => own.has(name));
  const failed = VERDICT_NAMES.some((name) => own.get(name) === false);
  if (names.length === 0 && !failed) return false;
  const [facet] = shape.objects;
  if (facet === undefined) return true;
  if (!failed && names.some((name) => facet.properties.has(name))) return false;
  const required = [...facet.properties].filter(([, property]) => property.required);
  const missing = required.filter(([name]) => !own.has(name)).length;
  return missing > 0 && missing * 2 >= required.length;
}

/** What was so in every recorded answer; nothing where the contract was declared. */
const recorded = ({ samples }: StoredContract): { n?: number; k?: number } =>
  samples === 0 ? {} : { n: samples, k: samples };

function judgeHeaders(contract: StoredContract, samples: readonly Sample[]): Suspicion[] {
  if (samples.length === 0) return [];
  const gone = contract.headers.filter((name) => samples.every(({ headers }) => headers[name] === undefined));
  return gone.map((name) => ({
    rule: "contract/header-removed",
    path: "$",
    message: `The header ${name} is gone`,
    level: "certain",
    before: name,
    evidence: { ...recorded(contract), m: samples.length, x: 0 },
    discriminator: name,
  }));
}
