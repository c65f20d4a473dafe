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
      found.push(statusChange("removed", status, { before: old.place, after: after.place }));
      continue;
    }
    taken.add(match);
    found.push(...compareResponse(status, old, fresh, both));
  }
  for (const [status, fresh] of after.responses) {
    if (taken.has(status)) continue;
    found.push(statusChange("added", status, { before: before.place, after: fresh.place }));
  }
  return found;
}

/** `200` is documented by `2XX` as well. */
function rangeOf(status: string, responses: ReadonlyMap<string, ResponseModel>): string | undefined {
  const range = `${status[0]}XX`;
  return responses.has(range) ? range : undefined;
}

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
    ...compareHeaders(old, fresh, both),
  ];
}

function compareHeaders(old: ResponseModel, fresh: ResponseModel, both: Both): Said[] {
  const found: Said[] = [];
  const where = (header: HeaderModel) => `response ${fresh.status} header ${header.name}`;
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
