import type { Call } from "../client/call.ts";
import { checkCache } from "../client/checks.ts";
import type { Core } from "../client/core.ts";
import { describeError } from "../client/policies.ts";
import { IntegrationError } from "../errors/errors.ts";
import type { Answer } from "../exchange/attempt.ts";
import { parseJson } from "../exchange/response.ts";
import { orStop } from "../time/scope.ts";
import type { CallCache, KeptAnswer } from "./options.ts";

/** An answer, and since when it is kept if it is not the provider's own. */
export interface Sourced {
  answer: Answer;
  attempts: Call["attempts"];
  kept?: { ageMs: number; reason?: IntegrationError };
  /** Keeps the answer; to be called when it has proved to be what our schema says. */
  keep?: () => void;
}

/** One hour: long enough for most outages, short enough that nobody takes the answer for today's tomorrow. */
const DEFAULT_STALE_MS = 3_600_000;

/** Failures that say nothing about the thing asked for: only then an older answer to the same question still holds. */
const STANDS_IN_FOR = new Set<IntegrationError["code"]>([
  "rate_limited",
  "server_error",
  "connection",
  "timeout",
  "deadline",
  "circuit_open",
  "overloaded",
  "bad_response",
]);

/** @throws TypeError where an answer to a write would be kept */
function cacheKey(core: Core, call: Call, rules: CallCache): string {
  const { method, path, query, headers, operation } = call;
  const where = [core.integration, core.version, core.baseUrl(), operation];
  if (rules.key !== undefined) return JSON.stringify([...where, rules.key]);
  if (method !== "GET" && method !== "HEAD") {
    throw new TypeError(`${operation}: only answers to GET and HEAD are kept without a \`cache.key\``);
  }
  return JSON.stringify([...where, method, path, query, Object.entries(headers).sort()]);
}

function toAnswer({ text, status, headers, requestId }: KeptAnswer): Answer {
  const head = { status, headers, asHeaders: () => new Headers(headers) };
  return { head, requestId, text, json: parseJson(text, head) };
}

/** What of a response is worth keeping; a cookie is somebody's. */
function toKeep({ text, head, requestId }: Answer): Omit<KeptAnswer, "storedAt"> {
  const { "set-cookie": _cookie, ...headers } = head.headers;
  return { text, status: head.status, headers, ...(requestId === undefined ? {} : { requestId }) };
}

/**
 * Gives a kept answer while it is fresh, asks the provider once for all who ask the same at the same time, and lets a
 * kept answer stand in where the provider fails.
 */
export async function withCache(
  core: Core,
  call: Call,
  rules: CallCache,
  work: () => Promise<Answer>,
): Promise<Sourced> {
  checkCache(call.operation, rules);
  const { freshMs = 0, staleMs = DEFAULT_STALE_MS } = rules;
  const keepMs = Math.max(freshMs, staleMs);
  const key = cacheKey(core, call, rules);
  const found = await orStop(core.cache.find(key, keepMs), call.scope);
  if (found && found.ageMs < freshMs) {
    return { answer: toAnswer(found.answer), attempts: [], kept: { ageMs: found.ageMs } };
  }
  try {
    return await core.cache.single(key, call.scope, async () => {
      const answer = await work();
      const keep = () => core.cache.keep(key, toKeep(answer), keepMs);
      return { answer, attempts: call.attempts, keep };
    });
  } catch (error) {
    const reason = describeError(core, call, error);
    const usable = found && found.ageMs <= staleMs ? found : undefined;
    if (!usable || !(reason instanceof IntegrationError) || !STANDS_IN_FOR.has(reason.code)) throw error;
    const ageMs = core.clock.now() - usable.answer.storedAt;
    return { answer: toAnswer(usable.answer), attempts: call.attempts, kept: { ageMs, reason } };
  }
}
