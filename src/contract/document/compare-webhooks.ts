import type { HeaderModel, Operation } from "./api.ts";
import { type Said, said } from "./changes.ts";
import { compareMedia } from "./compare-media.ts";
import { compareHeaders } from "./compare-responses.ts";
import { compareLives } from "./lifecycle.ts";
import type { Place } from "./place.ts";
import type { Both } from "./reading.ts";

/** What an API sends on its own: webhooks, or the callbacks of one operation. */
export interface Sent {
  hooks: ReadonlyMap<string, Operation>;
  /** Where they are listed. */
  place: Place;
}

interface Telling {
  /** `webhook invoice.paid`, `callback onPaid of POST /orders`. */
  subjectOf(hook: Operation): string;
  both(subject: string): Both;
  add(subject: string, change: Said): void;
}

/** Compares what an API sends: that is read, and our answers to it are sent. */
export function compareSent(old: Sent, fresh: Sent, telling: Telling): void {
  const { subjectOf, add } = telling;
  const direction = "response" as const;
  for (const [key, hook] of old.hooks) {
    const now = fresh.hooks.get(key);
    const subject = subjectOf(now ?? hook);
    if (now) {
      for (const change of compareHook(hook, now, telling.both(subject))) add(subject, change);
      continue;
    }
    const source = { before: hook.place, after: fresh.place };
    add(
      subject,
      said({ rule: "contract/webhook-removed", direction, effect: "changed", breaks: true, source }),
    );
  }
  for (const [key, hook] of fresh.hooks) {
    if (old.hooks.has(key)) continue;
    const source = { before: old.place, after: hook.place };
    add(subjectOf(hook), said({ rule: "contract/webhook-added", direction, effect: "widened", source }));
  }
}

function compareHook(old: Operation, fresh: Operation, both: Both): Said[] {
  const source = { before: old.place, after: fresh.place };
  const payload = { direction: "response" as const, where: "payload", source };
  const none = new Map();
  const headers = (hook: Operation) => ({ headers: headersOf(hook), place: hook.place });
  return [
    ...compareLives("endpoint", old, fresh, { calendar: both.calendar, direction: "response", where: "" }),
    ...compareMedia(old.body?.content ?? none, fresh.body?.content ?? none, payload, both),
    ...compareHeaders(headers(old), headers(fresh), ({ name }) => `header ${name}`, both),
    ...compareAnswers(old, fresh, both),
  ];
}

const headersOf = ({ parameters }: Operation): ReadonlyMap<string, HeaderModel> =>
  new Map([...parameters].filter(([, { in: where }]) => where === "header"));

/** What we answer: to the statuses that both documents wait for. */
function compareAnswers(old: Operation, fresh: Operation, both: Both): Said[] {
  return [...old.responses].flatMap(([status, before]) => {
    const after = fresh.responses.get(status);
    if (!after) return [];
    const source = { before: before.place, after: after.place };
    const at = { direction: "request" as const, where: `answer ${status}`, source };
    return compareMedia(before.content, after.content, at, both);
  });
}
