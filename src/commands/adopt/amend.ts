import { join, relative, sep } from "node:path";
import type { Finding } from "../../base/finding.ts";
import type { SchemaLocator } from "../../check/consumer/source/locate.ts";
import { parsePath } from "../../check/path.ts";
import { shapeAt } from "../../contract/adopt/at-path.ts";
import { type Amendment, amendmentOf, distinct, editAll, lineAfter } from "../../scaffold/adopt/amend.ts";
import { amendSamples, type ChangedPlace } from "../../scaffold/adopt/samples.ts";
import { isRefused, type LookedAt } from "./look.ts";

/** A drift, and what was made of it. */
export interface Adopted {
  finding: Finding;
  /** In a person's words; undefined where a person has to do it. */
  said?: string;
  /** The line of the schema that says it, in the new version: relative to the root. */
  at?: { file: string; line: number };
}

/** Files of the active version as the new one begins with them, and what each drift came to. */
export interface Amended {
  /** Path relative to the root → text; only those that are not as they were. */
  texts: ReadonlyMap<string, string>;
  adopted: readonly Adopted[];
}

interface Place {
  root: string;
  /** Content of a file by its path relative to the root. */
  read: (path: string) => string | undefined;
  locator: SchemaLocator;
  /** From a path of the active version to the same file of the new one; undefined for what lies elsewhere. */
  renamed: (path: string) => string | undefined;
}

interface Planned {
  finding: Finding;
  path: string;
  text: string;
  /** Where the place is written in the text. */
  start: number;
  /** Undefined where a person has to look. */
  amendment?: Amendment;
}

/** Whether our schema has to follow: it refuses the answer, or it spells out values of which there is one more. */
const isForSchema = (finding: Finding) => isRefused(finding) || finding.rule === "contract/enum-value-added";

/** Finds what our schemas say about the drift, and plans what they say instead. */
function planSchemas(looked: readonly LookedAt[], { root, read, locator, renamed }: Place): Planned[] {
  return looked.flatMap(({ target, contract, drift }) =>
    drift.flatMap((finding): Planned[] => {
      const { consumer } = target.endpoint;
      const segments = finding.path === undefined ? undefined : parsePath(finding.path);
      if (consumer === undefined || segments === undefined || contract === undefined) return [];
      const written = locator.written(join(target.version.directory, "schemas.ts"), consumer, segments);
      const path = written && relative(root, written.file).split(sep).join("/");
      const text = path === undefined || renamed(path) === undefined ? undefined : read(path);
      if (written === undefined || path === undefined || text === undefined) return [];
      const live = shapeAt(contract.shape, finding.path ?? "");
      const open = isRefused(finding) || written.members !== undefined;
      const amendment =
        isForSchema(finding) && open ? amendmentOf(finding, { ...written, text }, live) : undefined;
      const { start } = written.property?.name ?? written.value;
      return [{ finding, path, text, start, ...(amendment ? { amendment } : {}) }];
    }),
  );
}

function changedPlaces(looked: readonly LookedAt[]): ChangedPlace[] {
  return looked.flatMap(({ target, contract, drift }) =>
    drift.filter(isRefused).map(({ path = "$" }) => ({
      endpoint: target.endpoint.name,
      path,
      live: contract && shapeAt(contract.shape, path),
    })),
  );
}

/** Endpoints that share a schema have their drift in common. */
const editsOf = (planned: readonly Planned[]): Amendment[] =>
  distinct(planned.flatMap(({ amendment }) => amendment ?? []));

/**
 * Amends the schemas that would refuse what the API returns now, and the samples of the offline tests.
 * @param tests paths of the active version's tests
 */
export function amend(looked: readonly LookedAt[], tests: readonly string[], place: Place): Amended {
  const planned = planSchemas(looked, place);
  const texts = new Map<string, string>();
  const inFile = (path: string) => editsOf(planned.filter((one) => one.path === path));
  for (const { path, text, amendment } of planned) {
    if (amendment) texts.set(path, editAll(text, inFile(path)));
  }
  const places = changedPlaces(looked);
  for (const path of tests) {
    const before = place.read(path);
    const after = before === undefined ? undefined : editAll(before, amendSamples(before, places));
    if (after !== undefined && after !== before) texts.set(path, after);
  }
  const adopted = looked.flatMap(({ drift }) =>
    drift.map((finding): Adopted => {
      const own = planned.find((one) => one.finding === finding);
      if (!own) return { finding };
      const { amendment, path, text, start } = own;
      const line = lineAfter(text, inFile(path), amendment ?? { start });
      const at = { file: place.renamed(path) ?? path, line };
      return { finding, at, ...(amendment ? { said: amendment.said } : {}) };
    }),
  );
  return { texts, adopted };
}
