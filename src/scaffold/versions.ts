import { ConfigError, UsageError } from "../base/errors.ts";
import { type Edit, editText } from "../config/edit.ts";
import type { Integration } from "../config/project.ts";
import type { FileChange } from "./changes.ts";
import { type ModulePlace, routerOf } from "./generate.ts";
import { basePath, formatLock, LOCK_FILE, type ModuleLock, parseLock, sha256 } from "./lock.ts";
import type { RouterState } from "./module.ts";
import { pascalCase } from "./names.ts";
import { upgradeFile } from "./upgrade.ts";

type Read = (path: string) => string | undefined;

export interface VersionsInput {
  place: ModulePlace;
  integration: Integration;
  read: Read;
}

function moduleLock(read: Read, name: string): ModuleLock {
  const found = parseLock(read(LOCK_FILE)).modules[name];
  if (found) return found;
  throw new ConfigError(`${LOCK_FILE} does not know ${name}: it was not scaffolded`, {
    code: "scaffold/lock",
    hint: "commit integ.lock.json and .integ-base/ with the module",
  });
}

function lockChange(read: Read, name: string, module: ModuleLock): FileChange {
  const lock = parseLock(read(LOCK_FILE));
  lock.modules[name] = module;
  return { path: LOCK_FILE, before: read(LOCK_FILE), after: formatLock(lock) };
}

function required(read: Read, path: string): string {
  const text = read(path);
  if (text !== undefined) return text;
  throw new ConfigError(`${path} is missing`, { code: "scaffold/missing-file" });
}

/** The manifest with edits, comments kept. */
export function manifestChange(input: VersionsInput, edits: readonly Edit[]): FileChange {
  const path = `${input.place.directory}/${input.place.name}/integration.yaml`;
  const before = required(input.read, path);
  return { path, before, after: editText(before, edits) };
}

/**
 * The router in its new state, merged with what a person made of it.
 * @throws ConfigError where both changed the same lines: a router must never hold conflict markers
 */
function routerChange(input: VersionsInput, lock: ModuleLock, state: RouterState): FileChange[] {
  const { place, read } = input;
  const path = `${place.directory}/${place.name}/index.ts`;
  const theirs = routerOf(place, lock, state);
  const base = read(basePath(lock.files[path] ?? ""));
  const { before, after, state: outcome } = upgradeFile({ path, base, ours: read(path), theirs });
  if (outcome === "conflict" || outcome === "kept-yours") {
    throw new ConfigError(`${path} was edited where its versions stand; nothing was written`, {
      code: "scaffold/router-conflict",
      hint: "bring `active`, `versions` and `canary` there back to the form that integ writes, and run it again",
    });
  }
  lock.files[path] = sha256(theirs);
  return [
    { path, before, after },
    { path: basePath(sha256(theirs)), before: read(basePath(sha256(theirs))), after: theirs },
  ];
}

/** Changes the router's state and the manifest together. */
export function planRouter(input: VersionsInput, state: RouterState, edits: readonly Edit[]): FileChange[] {
  const lock = moduleLock(input.read, input.place.name);
  return [
    manifestChange(input, edits),
    ...routerChange(input, lock, state),
    lockChange(input.read, input.place.name, lock),
  ];
}

/** One version's code as another's: its class, and its name in quotes. */
function renamed(text: string, name: string, from: string, to: string): string {
  const own = pascalCase(name);
  return text
    .replaceAll(new RegExp(`\\b${own}${from.toUpperCase()}\\b`, "g"), own + to.toUpperCase())
    .replaceAll(new RegExp(`(["'])${from}\\1`, "g"), `$1${to}$1`);
}

/** The name after all that there are: `v3` beside v1 and v2. */
export function nextVersion({ versions }: Pick<Integration, "versions">): string {
  return `v${Math.max(...versions.map(({ name }) => Number(name.slice(1)))) + 1}`;
}

/**
 * Plans a version beside the others, from the code of one of them, edits included. Its contract is not copied: what the
 * new version returns is to be observed.
 * @param sources paths of the files of `from` that the version begins with, relative to the project's root
 */
export function planNewVersion(
  input: VersionsInput,
  { from, to, sources }: { from: string; to: string; sources: readonly string[] },
): FileChange[] {
  const { place, integration, read } = input;
  const names = integration.versions.map(({ name }) => name);
  if (names.includes(to)) {
    throw new UsageError(`${place.name}@${to} is there already; nothing was written`, {
      code: "scaffold/exists",
    });
  }
  const lock = moduleLock(read, place.name);
  const answers = lock.versions[from];
  if (answers) lock.versions[to] = answers;
  const home = `${place.directory}/${place.name}`;
  const copies = sources.flatMap((path): FileChange[] => {
    const target = `${home}/${to}/${path.slice(`${home}/${from}/`.length)}`;
    const after = renamed(required(read, path), place.name, from, to);
    const pristine = read(basePath(lock.files[path] ?? ""));
    if (pristine === undefined) return [{ path: target, before: read(target), after }];
    const base = renamed(pristine, place.name, from, to);
    lock.files[target] = sha256(base);
    return [
      { path: target, before: read(target), after },
      { path: basePath(sha256(base)), before: read(basePath(sha256(base))), after: base },
    ];
  });
  const { headers } = integration.versions.find(({ name }) => name === from) ?? { headers: {} };
  const state = { versions: [...names, to], active: integration.active };
  const entry = Object.keys(headers).length > 0 ? { headers } : {};
  return [
    ...copies,
    manifestChange(input, [{ path: ["versions", to], value: entry }]),
    ...routerChange(input, lock, state),
    lockChange(read, place.name, lock),
  ];
}

/**
 * Plans the end of a version: out of the router and the manifest, its files gone.
 * @param files of the version, relative to the project's root
 */
export function planRetire(input: VersionsInput, version: string, files: readonly string[]): FileChange[] {
  const { place, integration, read } = input;
  const lock = moduleLock(read, place.name);
  delete lock.versions[version];
  for (const path of files) delete lock.files[path];
  const versions = integration.versions.map(({ name }) => name).filter((name) => name !== version);
  return [
    ...files.map((path) => ({ path, before: read(path), after: undefined })),
    manifestChange(input, [{ path: ["versions", version], value: undefined }]),
    ...routerChange(input, lock, { versions, active: integration.active }),
    lockChange(read, place.name, lock),
  ];
}
