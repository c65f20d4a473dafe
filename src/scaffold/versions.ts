import { ConfigError } from "../base/errors.ts";
import { type Edit, editText } from "../config/edit.ts";
import type { Integration } from "../config/project.ts";
import type { FileChange } from "./changes.ts";
import { type ModulePlace, routerOf, routerStateOf } from "./generate.ts";
import { basePath, formatLock, LOCK_FILE, type ModuleLock, parseLock, pristineOf, sha256 } from "./lock.ts";
import type { RouterState } from "./module.ts";
import { upgradeFile } from "./upgrade.ts";

export type Read = (path: string) => string | undefined;

export interface VersionsInput {
  place: ModulePlace;
  integration: Integration;
  read: Read;
}

export function moduleLock(read: Read, name: string): ModuleLock {
  const found = parseLock(read(LOCK_FILE)).modules[name];
  if (found) return found;
  throw new ConfigError(`${LOCK_FILE} does not know ${name}: it was not scaffolded`, {
    code: "scaffold/lock",
    hint: "commit integ.lock.json and .integ-base/ with the module",
  });
}

export function lockChange(read: Read, name: string, module: ModuleLock): FileChange {
  const lock = parseLock(read(LOCK_FILE));
  lock.modules[name] = module;
  return { path: LOCK_FILE, before: read(LOCK_FILE), after: formatLock(lock) };
}

export function required(read: Read, path: string): string {
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
export function routerChange(input: VersionsInput, lock: ModuleLock, state: RouterState): FileChange[] {
  const { place, read } = input;
  const path = `${place.directory}/${place.name}/index.ts`;
  const theirs = routerOf(place, lock, state);
  const base = pristineOf(lock, path, read);
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

/** The name after all that there are: `v3` beside v1 and v2. */
export function nextVersion({ versions }: Pick<Integration, "versions">): string {
  return `v${Math.max(...versions.map(({ name }) => Number(name.slice(1)))) + 1}`;
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
    ...routerChange(input, lock, { ...routerStateOf(integration), versions }),
    lockChange(read, place.name, lock),
  ];
}
