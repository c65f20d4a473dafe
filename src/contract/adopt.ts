import type { Finding } from "../base/finding.ts";
import {
  addMember,
  addProperty,
  allowFractions,
  allowNull,
  type Change,
  changeItems,
  changeKeys,
  changeMembers,
  changeProperty,
  type Live,
  makeOptional,
  removeProperty,
  replace,
  widen,
} from "./adopt/change.ts";
import { parsePath, type Step } from "./adopt/parse-path.ts";
import { Collector } from "./infer.ts";
import { redirectsOf } from "./judge/redirect.ts";
import { mediaTypeOf, nameOf, type Sample } from "./judge/response.ts";
import { isNever, NEVER, type Shape } from "./shape.ts";
import type { StoredContract } from "./store.ts";

/** What accepting a finding does to the node at its path; rules of properties work at the node around it. */
const AT_NODE: Readonly<Record<string, Change>> = {
  "contract/became-nullable": allowNull,
  "contract/type-changed": replace,
  "contract/envelope-changed": replace,
  "contract/type-added": widen,
  "contract/type-learned": widen,
  "contract/integer-became-number": allowFractions,
  "contract/variant-added": widen,
  "contract/format-changed": widen,
  "contract/scale-changed": replace,
  "contract/key-format-changed": changeKeys,
};

const ENUM_VALUE = "contract/enum-value-added";

const UNSAFE = "contract/unsafe-integer";
const addNew = (name: string): readonly Change[] => [addProperty(name)];

const AROUND: Readonly<Record<string, (name: string, finding: Finding) => readonly Change[]>> = {
  "contract/property-removed": (name) => [removeProperty(name)],
  "contract/optional-property-removed": (name) => [removeProperty(name)],
  "contract/property-became-optional": (name) => [makeOptional(name)],
  "contract/property-added": addNew,
  "contract/property-renamed": (name, { after }) => [removeProperty(name), addProperty(String(after))],
};

const ABOUT_ANSWER: ReadonlySet<string> = new Set([
  "contract/status-changed",
  "contract/content-type-changed",
  "contract/header-removed",
  "contract/body-missing",
  "contract/redirect-added",
  "contract/redirect-removed",
]);

/** A contract has one status, one media type and a body or none: it can take these over where every answer agrees. */
const ONE_OF: ReadonlySet<string> = new Set([
  "contract/status-changed",
  "contract/content-type-changed",
  "contract/body-missing",
]);

/** Whether a finding is something that a contract can take over. */
export function isAcceptable({ rule, severity, evidence }: Finding): boolean {
  return (
    severity !== "inconclusive" &&
    !(ONE_OF.has(rule) && evidence?.["x"] !== 0) &&
    (rule === ENUM_VALUE || rule === UNSAFE || rule in AT_NODE || rule in AROUND || ABOUT_ANSWER.has(rule))
  );
}

/**
 * A contract that says what the live answers say, in what the given findings are about, and nothing else: judged anew
 * against the same answers, these findings are gone and all others are as before.
 */
export function adopt(
  contract: StoredContract,
  samples: readonly Sample[],
  findings: readonly Finding[],
): StoredContract {
  const collector = new Collector();
  for (const { body } of samples) if (body.kind === "json") collector.add(body.value);
  const live = collector.shape(contract.shape);
  const adopted = findings.reduce((shape, finding) => adoptShape(shape, live, finding), contract.shape);
  return findings.reduce((next, finding) => adoptAnswer(next, samples, finding), {
    ...contract,
    shape: adopted,
  });
}

function adoptShape(shape: Shape, live: Shape, finding: Finding): Shape {
  const steps = finding.path === undefined ? undefined : parsePath(finding.path);
  if (steps === undefined) return shape;
  const atNode = nodeChange(finding);
  if (atNode !== undefined) return changeAt(shape, live, steps, atNode);
  const last = steps.at(-1);
  const around = finding.rule === UNSAFE ? addNew : AROUND[finding.rule];
  if (around === undefined || last?.kind !== "property") return shape;
  const changes = around(last.name, finding);
  return changes.reduce((node, change) => changeAt(node, live, steps.slice(0, -1), change), shape);
}

function nodeChange({ rule, before, after }: Finding): Change | undefined {
  if (rule === ENUM_VALUE) return addMember(after);
  if (rule !== UNSAFE) return AT_NODE[rule];
  // Without a before the property itself is new; where it was null, that stays.
  return before === undefined ? undefined : before === "null" ? widen : replace;
}

function changeAt(node: Shape, live: Live, steps: readonly Step[], change: Change): Shape {
  const [step, ...rest] = steps;
  if (step === undefined) return change(node, live);
  if (step.kind === "item") {
    const items = live?.arrays[0]?.items;
    return changeItems(node, (inner) => changeAt(inner, items, rest, change));
  }
  if (step.kind === "member") {
    const members = live?.objects[0]?.additional;
    return changeMembers(node, (inner) => changeAt(inner, members, rest, change));
  }
  return changeProperty(node, step.name, (inner, variant) =>
    changeAt(inner, liveProperty(live, step.name, variant), rest, change),
  );
}

function liveProperty(live: Live, name: string, variant: string | undefined): Live {
  const facet =
    live?.objects.find((one) => one.variant === variant && one.properties.has(name)) ??
    live?.objects.find((one) => one.properties.has(name));
  return facet?.properties.get(name)?.shape;
}

function adoptAnswer(contract: StoredContract, samples: readonly Sample[], finding: Finding): StoredContract {
  const [sample] = samples;
  if (sample === undefined) return contract;
  switch (finding.rule) {
    case "contract/status-changed":
      return withBodies({ ...contract, status: Number(finding.after) }, samples);
    case "contract/content-type-changed": {
      const types = samples.map(({ headers }) => mediaTypeOf(headers));
      const contentType = types.find((type) => type === finding.after) ?? types[0];
      return withBodies({ ...contract, contentType }, samples);
    }
    case "contract/body-missing":
      return withBodies(contract, samples);
    case "contract/redirect-added":
    case "contract/redirect-removed":
      return { ...contract, redirects: redirectsOf(samples) };
    case "contract/header-removed":
      return { ...contract, headers: contract.headers.filter((name) => name !== finding.before) };
    default:
      return contract;
  }
}

/** A contract whose answers have no JSON has a media type or nothing, and no schema; one whose answers have it now has theirs. */
function withBodies(contract: StoredContract, samples: readonly Sample[]): StoredContract {
  const own = samples.filter(({ status = contract.status }) => status === contract.status);
  const bodies = own.flatMap(({ body }) => (body.kind === "json" ? [body.value] : []));
  const [first] = own;
  if (first === undefined) return contract;
  if (bodies.length === 0) {
    const contentType = first.body.kind === "empty" ? undefined : nameOf(first);
    return { ...contract, contentType, shape: NEVER };
  }
  if (!isNever(contract.shape)) return contract;
  const collector = new Collector();
  for (const body of bodies) collector.add(body);
  return { ...contract, contentType: mediaTypeOf(first.headers), shape: collector.shape() };
}
