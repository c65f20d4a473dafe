import { UsageError } from "../base/errors.ts";
import type { Edit } from "../config/edit.ts";
import type { Answers } from "./answers.ts";
import type { FileChange } from "./changes.ts";
import { routerStateOf } from "./generate.ts";
import { basePath, pristineOf, sha256 } from "./lock.ts";
import { endpointEntry } from "./manifest.ts";
import { pascalCase } from "./names.ts";
import type { ModuleSpec } from "./spec.ts";
import { type UpgradeState, upgradeFile } from "./upgrade.ts";
import {
  lockChange,
  manifestChange,
  moduleLock,
  type Read,
  required,
  routerChange,
  type VersionsInput,
} from "./versions.ts";

/** One version's code as another's: its class, and its name in quotes. */
function renamed(text: string, name: string, from: string, to: string): string {
  const own = pascalCase(name);
  return text
    .replaceAll(new RegExp(`\\b${own}${from.toUpperCase()}\\b`, "g"), own + to.toUpperCase())
    .replaceAll(new RegExp(`(["'])${from}\\1`, "g"), `$1${to}$1`);
}

/** What the version is made from, where that is more than the code of another. */
export interface Made {
  spec: ModuleSpec;
  answers: Answers;
  /** Path relative to the project's root → what templates give. */
  files: ReadonlyMap<string, string>;
}

export interface NewVersion {
  from: string;
  to: string;
  /** Paths of the files of `from` that the version begins with, relative to the project's root. */
  sources: readonly string[];
  made?: Made;
}

/** A file of the new version, and how it came about. */
export interface NewFile extends FileChange {
  state: UpgradeState;
}

interface Side {
  path: string;
  target: string;
  base: string | undefined;
  ours: string;
}

function baseChange(read: Read, text: string): FileChange {
  const path = basePath(sha256(text));
  return { path, before: read(path), after: text };
}

/** A file as the older version has it: copied, or merged with what templates make of it now. */
function carryOver({ path, target, base, ours }: Side, made: Made | undefined, read: Read): NewFile[] {
  const theirs = made?.files.get(target);
  const before = read(target);
  if (theirs === undefined) {
    // It was generated and is not any more, and nobody edited it.
    if (made && base === ours) return [];
    return [{ path: target, before, after: ours, state: "kept-yours" }];
  }
  const { after, state } = upgradeFile({ path, base, ours, theirs });
  return [{ path: target, before, after, state }];
}

function entryEdits({ integration }: VersionsInput, { from, to, made }: NewVersion): Edit[] {
  const older = integration.versions.find(({ name }) => name === from);
  const headers = made?.spec.headers ?? older?.headers ?? {};
  const known = new Set(integration.endpoints.map(({ name }) => name));
  const fresh = made?.spec.operations.filter(({ name, unlisted }) => !unlisted && !known.has(name)) ?? [];
  return [
    { path: ["versions", to], value: Object.keys(headers).length > 0 ? { headers } : {} },
    ...fresh.map((operation) => ({ path: ["endpoints", operation.name], value: endpointEntry(operation) })),
  ];
}

/**
 * Plans a version beside the others: from the code of one of them, edits included, or from a newer document or template,
 * into which the edits are merged. Its contract is not copied: what the new version returns is to be observed.
 */
export function planNewVersion(
  input: VersionsInput,
  version: NewVersion,
): { files: NewFile[]; changes: FileChange[] } {
  const { from, to, sources, made } = version;
  const { place, integration, read } = input;
  const names = integration.versions.map(({ name }) => name);
  if (names.includes(to)) {
    throw new UsageError(`${place.name}@${to} is there already; nothing was written`, {
      code: "scaffold/exists",
    });
  }
  const lock = moduleLock(read, place.name);
  const answers = made?.answers ?? lock.versions[from];
  if (answers) lock.versions[to] = answers;
  const home = `${place.directory}/${place.name}`;
  const sides = sources.map((path): Side => {
    const pristine = pristineOf(lock, path, read);
    return {
      path,
      target: `${home}/${to}/${path.slice(`${home}/${from}/`.length)}`,
      ours: renamed(required(read, path), place.name, from, to),
      base: pristine === undefined ? undefined : renamed(pristine, place.name, from, to),
    };
  });
  const carried = sides.flatMap((side) => carryOver(side, made, read));
  const targets = new Set(sides.map(({ target }) => target));
  const created = [...(made?.files ?? [])].flatMap(([path, text]): NewFile[] =>
    targets.has(path) ? [] : [{ path, before: read(path), after: text, state: "created" }],
  );
  const pristine = made
    ? [...made.files]
    : sides.flatMap(({ target, base }): [string, string][] => (base === undefined ? [] : [[target, base]]));
  for (const [target, text] of pristine) lock.files[target] = sha256(text);
  const files = [...carried, ...created];
  return {
    files,
    changes: [
      ...files,
      ...pristine.map(([, text]) => baseChange(read, text)),
      manifestChange(input, entryEdits(input, version)),
      ...routerChange(input, lock, { ...routerStateOf(integration), versions: [...names, to] }),
      lockChange(read, place.name, lock),
    ],
  };
}
