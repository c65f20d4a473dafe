import { UsageError } from "../base/errors.ts";
import { listOf } from "../base/text.ts";
import { CATALOG_FILE } from "../config/catalog.ts";
import type { Answers } from "./answers.ts";
import { catalogRow, updateCatalog } from "./catalog.ts";
import type { FileChange } from "./changes.ts";
import { endingLike, unix } from "./line-ends.ts";
import { basePath, formatLock, LOCK_FILE, parseLock, sha256 } from "./lock.ts";
import { moduleFiles } from "./module.ts";
import { camelCase } from "./names.ts";
import { updateRegistry } from "./registry.ts";
import type { ModuleSpec } from "./spec.ts";
import type { TemplateSet } from "./templates.ts";

/** What a plan rests on. */
export interface ScaffoldInput {
  spec: ModuleSpec;
  answers: Answers;
  /** Directory of the integrations, relative to the project's root: `src/integrations`. */
  directory: string;
  /** Names of the integrations that are there. */
  existing: readonly string[];
  /** Names of the project's environments, in its order. */
  environments: readonly string[];
  /** Version of integ. */
  integ: string;
  /** ISO date. */
  today: string;
  /** Contracts that are known already: path relative to the module's directory → text. Recorded later, they are not merged. */
  contracts?: ReadonlyMap<string, string>;
  /** Templates of somebody's own. */
  templates?: TemplateSet;
  /** Content of a file of the project, `undefined` where there is none. */
  read: (path: string) => string | undefined;
}

/** From a module's directory to the project's root. */
export function pathToRoot(directory: string): string {
  return "../".repeat(directory.split("/").filter((part) => part !== "" && part !== ".").length + 1);
}

function refuseEdited(name: string, files: readonly FileChange[]): void {
  const edited = files.filter(({ before, after }) => before !== undefined && before !== after);
  if (edited.length === 0) return;
  const paths = edited.map(({ path }) => path);
  const shown = paths.length > 4 ? [...paths.slice(0, 4), `${paths.length - 4} more`] : paths;
  throw new UsageError(
    `${listOf(shown, "and")} ${paths.length === 1 ? "is" : "are"} there already; nothing was written`,
    {
      code: "scaffold/exists",
      hint: `integ upgrade ${name} brings new templates in and keeps your edits; or move the files away`,
    },
  );
}

/** `a-1` and `a1` are two directories, but one export. */
function refuseSameExport(name: string, existing: readonly string[]): void {
  const twin = existing.find((other) => other !== name && camelCase(other) === camelCase(name));
  if (twin === undefined) return;
  throw new UsageError(`'${name}' and '${twin}' would both be exported as \`${camelCase(name)}\``, {
    code: "scaffold/name",
    hint: "choose another name",
  });
}

/**
 * Plans a new module: its files, the registry, the catalog, the lock with its pristine copies. Pure: reads through
 * `read`, writes nothing.
 * @throws UsageError where a file of the module is there already with another content, naming it
 */
export function planScaffold(input: ScaffoldInput): FileChange[] {
  const { spec, answers, directory, read } = input;
  refuseSameExport(spec.name, input.existing);
  const home = `${directory}/${spec.name}`;
  const change = (path: string, after: string): FileChange => {
    const before = read(path);
    return { path, before, after: endingLike(before, after) };
  };
  const own = moduleFiles(spec, pathToRoot(directory), input.templates).map(({ path, content }) =>
    change(`${home}/${path}`, content),
  );
  const contracts = [...(input.contracts ?? [])].map(([path, text]) => change(`${home}/${path}`, text));
  refuseEdited(spec.name, [...own, ...contracts]);
  const lock = parseLock(read(LOCK_FILE));
  // The same again: nothing is touched, so that the date in the catalog stays that of the last change.
  const known = lock.modules[spec.name];
  if (known && own.every(({ before, after }) => before === after)) return own;
  const hashes = own.map(({ path, after = "" }): [string, string] => [path, sha256(unix(after))]);
  lock.modules[spec.name] = {
    integ: input.integ,
    versions: { [spec.version]: answers },
    files: Object.fromEntries(hashes),
  };
  const registry = `${directory}/index.ts`;
  const names = [...input.existing, spec.name];
  const row = catalogRow(
    {
      ...spec,
      active: spec.version,
      versions: [{ name: spec.version }],
      baseUrl: typeof spec.baseUrl === "string" ? { "*": spec.baseUrl } : spec.baseUrl,
      rotates: spec.secrets.some(({ rotateEvery }) => rotateEvery !== undefined),
    },
    input.environments,
  );
  return [
    ...own,
    ...contracts,
    change(registry, updateRegistry(read(registry), names, answers.importExtension)),
    change(CATALOG_FILE, updateCatalog(read(CATALOG_FILE), row, { directory, today: input.today })),
    change(LOCK_FILE, formatLock(lock)),
    ...own.map(({ after = "" }) => change(basePath(sha256(unix(after))), unix(after))),
  ];
}
