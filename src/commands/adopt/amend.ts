import { join, relative, sep } from "node:path";
import type { Finding } from "../../base/finding.ts";
import type { SchemaLocator } from "../../check/consumer/source/locate.ts";
import { parsePath } from "../../check/path.ts";
import { shapeAt } from "../../contract/adopt/at-path.ts";
import { type Amendment, amendmentOf, editAll, lineAfter } from "../../scaffold/adopt/amend.ts";
import { amendSamples, type ChangedPlace } from "../../scaffold/adopt/samples.ts";
import { isRefused, type LookedAt } from "./look.ts";

/** A drift, and what was made of it. */
export interface Adopted {
  finding: Finding;
  /** In a person's words; undefined where a person has to do it. */
  said?: string;
  /** Where to look, in the new version: relative to the root. */
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
  amendment: Amendment;
}

/** Plans what our schemas say instead of what they would refuse. */
function planSchemas(looked: readonly LookedAt[], { root, read, locator, renamed }: Place): Planned[] {
  return looked.flatMap(({ target, contract, drift }) =>
    drift.filter(isRefused).flatMap((finding): Planned[] => {
      const { consumer } = target.endpoint;
      const segments = parsePath(finding.path ?? "");
      if (consumer === undefined || segments === undefined || contract === undefined) return [];
      const written = locator.written(join(target.version.directory, "schemas.ts"), consumer, segments);
      const path = written && relative(root, written.file).split(sep).join("/");
      const text = path === undefined || renamed(path) === undefined ? undefined : read(path);
      if (written === undefined || path === undefined || text === undefined) return [];
      const live = shapeAt(contract.shape, finding.path ?? "");
      const amendment = amendmentOf(finding, { ...written, text }, live);
      return amendment ? [{ finding, path, text, amendment }] : [];
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

/** One edit for each place: endpoints that share a schema have their drift in common. */
function editsOf(planned: readonly Planned[]): Amendment[] {
  return [...new Map(planned.map(({ amendment }) => [amendment.start, amendment])).values()];
}

/**
 * Amends the schemas that would refuse what the API returns now, and the samples of the offline tests.
 * @param tests paths of the active version's tests
 */
export function amend(looked: readonly LookedAt[], tests: readonly string[], place: Place): Amended {
  const planned = planSchemas(looked, place);
  const texts = new Map<string, string>();
  const inFile = (path: string) => editsOf(planned.filter((one) => one.path === path));
  for (const { path, text } of planned) texts.set(path, editAll(text, inFile(path)));
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
      const line = lineAfter(own.text, inFile(own.path), own.amendment);
      return { finding, said: own.amendment.said, at: { file: place.renamed(own.path) ?? own.path, line } };
    }),
  );
  return { texts, adopted };
}
