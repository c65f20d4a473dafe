import type { HeaderModel, Operation, ResponseModel } from "./api.ts";
import { type Said, said } from "./changes.ts";
import { compareMedia } from "./compare-media.ts";
import type { Both } from "./reading.ts";

const DIRECTION = "response" as const;

const isSuccess = (status: string): boolean => /^[123]/.test(status);

/** The responses of an operation that both documents have. */
export function compareResponses(before: Operation, after: Operation, both: Both): Said[] {
  const found: Said[] = [];
  const taken = new Set<string>();
  for (const [status, old] of before.responses) {
    const match = after.responses.has(status) ? status : rangeOf(status, after.responses);
    const fresh = match === undefined ? undefined : after.responses.get(match);
    if (match === undefined || !fresh) {
      if (isSpelledOut(status, before, after)) continue;
      found.push(statusChange("removed", status, { before: old.place, after: after.place }));
      continue;
    }
    taken.add(match);
    found.push(...compareResponse(match, old, fresh, both));
  }
  for (const [status, fresh] of after.responses) {
    if (taken.has(status)) continue;
    const range = before.responses.get(rangeOf(status, before.responses) ?? "");
    if (range) found.push(...compareResponse(status, range, fresh, both));
    else found.push(statusChange("added", status, { before: before.place, after: fresh.place }));
  }
  return found;
}

/** `200` is documented by `2XX` as well. */
function rangeOf(status: string, responses: ReadonlyMap<string, ResponseModel>): string | undefined {
  const range = `${status[0]}XX`;
  return responses.has(range) ? range : undefined;
}

/** `2XX` in the place of which single statuses stand now: these are compared with it. */
const isSpelledOut = (status: string, before: Operation, after: Operation): boolean =>
  status.endsWith("XX") &&
  [...after.responses.keys()].some((key) => key[0] === status[0] && !before.responses.has(key));

function statusChange(what: "added" | "removed", status: string, source: Said["source"]): Said {
  const kind = isSuccess(status) ? "success" : "error";
  const breaks = what === "removed" && kind === "success";
  return said({
    rule: `contract/${kind}-status-${what}`,
    direction: DIRECTION,
    where: `response ${status}`,
    // Who waits for a status that is gone waits for ever; one that is new is read as something else.
    effect: "changed",
    breaks,
    source,
    ...(what === "added" ? { after: status } : { before: status }),
  });
}

function compareResponse(status: string, old: ResponseModel, fresh: ResponseModel, both: Both): Said[] {
  const where = `response ${status}`;
  const source = { before: old.place, after: fresh.place };
  return [
    ...compareMedia(old.content, fresh.content, { direction: DIRECTION, where, source }, both),
    ...compareHeaders(old, fresh, (header) => `response ${fresh.status} header ${header.name}`, both),
  ];
}

type Headed = Pick<ResponseModel, "headers" | "place">;

/** The headers of what is read: of a response, or of a request that a webhook sends. */
export function compareHeaders(
  old: Headed,
  fresh: Headed,
  where: (header: HeaderModel) => string,
  both: Both,
): Said[] {
  const found: Said[] = [];
  for (const [key, before] of old.headers) {
    const after = fresh.headers.get(key);
    if (after) found.push(...compareHeader(before, after, where(after), both));
    else {
      const rule = before.required ? "contract/required-header-removed" : "contract/optional-header-removed";
      const source = { before: before.place, after: fresh.place };
      found.push(
        said({ rule, direction: DIRECTION, where: where(before), effect: "changed", breaks: true, source }),
      );
    }
  }
  for (const [key, after] of fresh.headers) {
    if (old.headers.has(key)) continue;
    const source = { before: old.place, after: after.place };
    found.push(said({ rule: "contract/header-added", direction: DIRECTION, where: where(after), source }));
  }
  return found;
}

function compareHeader(before: HeaderModel, after: HeaderModel, where: string, both: Both): Said[] {
  if (both.wants(DIRECTION)) both.schemas(DIRECTION, where, before.schema, after.schema);
  if (before.required === after.required) return [];
  const rule = after.required ? "contract/header-became-required" : "contract/header-became-optional";
  const source = { before: before.place, after: after.place };
  const breaks = before.required;
  return [
    said({ rule, direction: DIRECTION, where, effect: breaks ? "widened" : "narrowed", breaks, source }),
  ];
}
