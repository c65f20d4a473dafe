import { parse } from "yaml";
import * as z from "zod";
import { ConfigError } from "../../base/errors.ts";
import { compareText } from "../../base/finding.ts";
import { neutralize } from "../../base/text.ts";
import { line } from "../../config/schema/values.ts";
import { sha256 } from "../lock.ts";
import { BUILT_IN, builtInFiles, type TemplateSet } from "../templates.ts";

/** What a template says of itself: `template.yaml` in its root. */
export const TEMPLATE_FILE = "template.yaml";
/** Where the templates of a version's files lie: everything else in its root is the template's own affair. */
export const TEMPLATE_HOME = "v1";

const about = z.strictObject({
  template: z.literal(1),
  name: line,
  /** `2`, `1.4`, `1.4.0`: larger with each change that modules should get. */
  version: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d+(\.\d+){0,2}$/)),
  /** Version → what whoever comes from an older one has to know or do. */
  notes: z.record(z.string(), z.string()).optional(),
});

/** A template of somebody's own, ready to be filled. */
export interface OwnTemplate {
  name: string;
  version: string;
  notes: Readonly<Record<string, string>>;
  /** SHA-256 over all that is filled. */
  hash: string;
  set: TemplateSet;
}

/** Plain names only: no way up, nothing hidden, nothing that a shell or another system reads differently. */
const PLAIN_PATH = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/;

function refuse(name: string, why: string): ConfigError {
  return new ConfigError(`The template ${neutralize(name)} cannot be used: ${why}`, {
    code: "scaffold/template",
  });
}

function checkPaths(name: string, paths: readonly string[]): void {
  const folded = new Map<string, string>();
  for (const path of paths) {
    if (!PLAIN_PATH.test(path)) throw refuse(name, `${neutralize(path)} is no plain name for a file`);
    if (/^contract\//i.test(path)) throw refuse(name, `${path}: contracts are recorded, not generated`);
    const twin = folded.get(path.toLowerCase());
    if (twin !== undefined) throw refuse(name, `${twin} and ${path} are one file on some systems`);
    folded.set(path.toLowerCase(), path);
  }
}

/**
 * Opens a template from its files. It stands on integ's own: what it does not bring is filled from these.
 * @param source as a person names it, for errors
 * @param files path from its root, forward slashes → text
 * @throws ConfigError where it is none, or names a file that does not belong into a version's directory
 */
export function openTemplate(source: string, files: ReadonlyMap<string, string>): OwnTemplate {
  const text = files.get(TEMPLATE_FILE);
  if (text === undefined) throw refuse(source, `it has no ${TEMPLATE_FILE}`);
  let said: unknown;
  try {
    said = parse(text);
  } catch (error) {
    throw refuse(source, `${TEMPLATE_FILE}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { data, error } = about.safeParse(said);
  if (!data) {
    const [issue] = error.issues;
    throw refuse(
      source,
      `${TEMPLATE_FILE}: ${[issue?.path.join("."), issue?.message].filter(Boolean).join(": ")}`,
    );
  }
  const own = new Map(
    [...files]
      .filter(([path]) => path.startsWith(`${TEMPLATE_HOME}/`))
      .map(([path, content]): [string, string] => [path.slice(TEMPLATE_HOME.length + 1), content])
      .sort(([a], [b]) => compareText(a, b)),
  );
  checkPaths(source, [...own.keys()]);
  const known = new Set(builtInFiles());
  return {
    name: data.name,
    version: data.version,
    notes: data.notes ?? {},
    hash: sha256(JSON.stringify([...own])),
    set: {
      read: (path) => own.get(path) ?? BUILT_IN.read(path),
      further: [...own.keys()].filter((path) => !known.has(path)),
    },
  };
}

const numbersOf = (version: string) => version.split(".").map(Number);

/** Negative where `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The notes for whoever comes from an older version, oldest first. */
export function notesSince(
  { notes, version }: OwnTemplate,
  before: string,
): { version: string; note: string }[] {
  return Object.entries(notes)
    .filter(([at]) => compareVersions(at, before) > 0 && compareVersions(at, version) <= 0)
    .sort(([a], [b]) => compareVersions(a, b))
    .map(([at, note]) => ({ version: at, note: note.trim() }));
}
