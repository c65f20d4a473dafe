import { plural } from "../../base/text.ts";
import type { Body } from "../../http/body.ts";
import { isNever } from "../shape.ts";
import type { StoredContract } from "../store.ts";
import { evidenceOfAnswers } from "./counts.ts";
import { exactValue } from "./exact.ts";
import { judgeRedirects } from "./redirect.ts";
import type { Suspicion } from "./suspicion.ts";

/** One live answer, as far as a contract can be about it. Of what is absent nothing is known, as of a body in a file. */
export interface Sample {
  /** That of the contract, where it is not known. */
  status?: number;
  /** Lower-case names. */
  headers?: Readonly<Record<string, string>>;
  body: Body;
  /** Where redirects led to, as `redirectOf` says it; absent where that is not known. */
  redirect?: string;
}

/** A sample that is a whole answer. */
export type WholeSample = Sample & Required<Pick<Sample, "status" | "headers">>;

/** Media type without parameters, lower case. */
export function mediaTypeOf(headers: Sample["headers"]): string | undefined {
  return headers?.["content-type"]?.split(";")[0]?.trim().toLowerCase() || undefined;
}

/** What can be said of answers before looking into their bodies. Takes them one after the other, and keeps none. */
export class ResponseWatch {
  readonly #contract: StoredContract;
  readonly #statuses = new Map<number, number>();
  readonly #headers = new Set<string>();
  /** Answers of the contract's status whose headers are known. */
  #headed = 0;
  readonly #redirects = new Map<string, number>();
  readonly #bodies = new Map<string, { suspicion: Suspicion; times: number }>();

  constructor(contract: StoredContract) {
    this.#contract = contract;
  }

  /** @returns the body, where its shape can be judged */
  add(sample: Sample): { value: unknown } | undefined {
    const { status = this.#contract.status, headers, redirect } = sample;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    if (status !== this.#contract.status) return undefined;
    if (headers !== undefined) {
      this.#headed++;
      for (const name of this.#contract.headers) if (headers[name] !== undefined) this.#headers.add(name);
    }
    if (redirect !== undefined) this.#redirects.set(redirect, (this.#redirects.get(redirect) ?? 0) + 1);
    const body = bodyValue(this.#contract, sample);
    if (body === "as recorded") return undefined;
    if ("suspicion" in body) {
      this.#note(body.suspicion);
      return undefined;
    }
    const relabelled = otherVocabulary(this.#contract, sample);
    if (relabelled) this.#note(relabelled);
    return body;
  }

  #note(suspicion: Suspicion): void {
    const key = `${suspicion.rule} ${suspicion.after ?? ""}`;
    const times = (this.#bodies.get(key)?.times ?? 0) + 1;
    this.#bodies.set(key, { suspicion, times });
  }

  suspicions(): Suspicion[] {
    const contract = this.#contract;
    const same = this.#statuses.get(contract.status) ?? 0;
    return [
      ...judgeStatuses(contract, this.#statuses),
      ...[...this.#bodies.values()].map(({ suspicion, times }) =>
        judgeBody(contract, suspicion, times, same),
      ),
      ...judgeHeaders(contract, this.#headers, this.#headed),
      ...judgeRedirects(contract, this.#redirects),
    ];
  }
}

/** @param same answers of the contract's status; `times` of them had such a body */
function judgeBody(
  { samples }: StoredContract,
  suspicion: Suspicion,
  times: number,
  same: number,
): Suspicion {
  const few = suspicion.rule === "contract/body-missing" && same < EMPTY_AT_LEAST;
  const level = times === same && !few ? suspicion.level : "likely";
  const message = few ? `${suspicion.message}; few samples` : suspicion.message;
  return { ...suspicion, message, level, evidence: evidenceOfAnswers(samples, same, same - times) };
}

/** An answer without a body may be a hiccup on the way; so many, and nothing else, are none. */
const EMPTY_AT_LEAST = 3;

function statusRule(status: number): string {
  if (status === 401 || status === 402 || status === 403 || status === 407) return "contract/not-authorized";
  if (status === 410) return "contract/endpoint-gone";
  return status < 400 ? "contract/status-changed" : "contract/not-answered";
}

function judgeStatuses(contract: StoredContract, times: ReadonlyMap<number, number>): Suspicion[] {
  const all = [...times.values()].reduce((sum, count) => sum + count, 0);
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
      message: `${count === all ? "Every answer" : `${count} of ${plural(all, "answer")}`} has status ${status}; ${contract.status} was ${contract.samples === 0 ? "declared" : "recorded"}`,
      level: answered === 0 ? "certain" : "likely",
      before: String(contract.status),
      after: String(status),
      evidence: evidenceOfAnswers(contract.samples, all, answered),
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

/**
 * JSON under another name than every recorded answer had, as `application/hal+json`: its shape can still be judged, and most
 * clients read it, but not all. A document that promises another name than servers send is nothing new.
 */
function otherVocabulary(
  { contentType, samples }: StoredContract,
  { headers }: Sample,
): Suspicion | undefined {
  const now = mediaTypeOf(headers);
  if (samples === 0 || contentType === undefined || now === undefined || now === contentType)
    return undefined;
  return { ...otherType(contentType, now), level: "likely" };
}

/** What a body is called in a finding, by its header where there is one. */
export function nameOf({ body, headers }: Sample): string {
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

/** @param had those of the contract's headers that one of the `answers` had */
function judgeHeaders(contract: StoredContract, had: ReadonlySet<string>, answers: number): Suspicion[] {
  if (answers === 0) return [];
  const gone = contract.headers.filter((name) => !had.has(name));
  return gone.map((name) => ({
    rule: "contract/header-removed",
    path: "$",
    message: `The header ${name} is gone`,
    level: "certain",
    before: name,
    evidence: evidenceOfAnswers(contract.samples, answers, 0),
    discriminator: name,
  }));
}
