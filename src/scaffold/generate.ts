import { isDeepStrictEqual } from "node:util";
import { ConfigError } from "../base/errors.ts";
import type { Auth, Environment, Integration, Price } from "../config/project.ts";
import type { Answers } from "./answers.ts";
import { LOCK_FILE, type ModuleLock } from "./lock.ts";
import { emitManifest } from "./manifest.ts";
import { type ManifestEdits, manifestEdits } from "./manifest-edits.ts";
import { type RouterState, routerFile, versionFiles } from "./module.ts";
import { pascalCase } from "./names.ts";
import type { ApiSource } from "./openapi/source.ts";
import type { OwnTemplate } from "./own/template.ts";
import { pathToRoot } from "./plan.ts";
import { requirePreset } from "./preset.ts";
import { resolveSpec } from "./resolve.ts";
import type { ModuleSpec, SecretSpec } from "./spec.ts";

/** What the manifest says of requests by now. People edit it; the clients of all versions follow. */
export interface RequestFacts extends ManifestEdits {
  auth: Auth;
  secrets: readonly SecretSpec[];
  /** Endpoint → what one request costs; `*` for every other. */
  prices: Readonly<Record<string, Price>>;
}

/** Where a module lies and what it may ask its project. */
export interface ModulePlace {
  name: string;
  /** Directory of the integrations, relative to the project's root. */
  directory: string;
  environments: readonly Environment[];
  facts: RequestFacts;
}

/** @param pristine the manifest as it was generated */
export function requestFacts(integration: Integration, pristine: string | undefined): RequestFacts {
  const { auth, secrets, price, endpoints } = integration;
  const each = endpoints.flatMap((endpoint): [string, Price][] =>
    endpoint.price === undefined ? [] : [[endpoint.name, endpoint.price]],
  );
  return {
    ...manifestEdits(integration, pristine),
    auth,
    secrets: secrets.map(({ name, env }) => ({ name, env })),
    prices: { ...(price === undefined ? {} : { "*": price }), ...Object.fromEntries(each) },
  };
}

/** A version's own specification, with what the manifest says of requests. */
function asTheManifestSays(spec: ModuleSpec, { auth, secrets, prices, headers }: RequestFacts): ModuleSpec {
  const own = new Set(["*", ...spec.operations.map(({ name }) => name)]);
  const priced = Object.entries(prices).filter(([name]) => own.has(name));
  return {
    ...spec,
    auth,
    secrets,
    headers: headers[spec.version] ?? spec.headers,
    prices: Object.fromEntries(priced),
  };
}

/** What a version is made from besides its answers and its preset. */
export interface Source {
  /** What its OpenAPI document or recorded traffic says. */
  api?: ApiSource;
  /** A template of somebody's own. */
  own?: OwnTemplate;
  /** What the lock keeps of it. */
  pin?: Answers["template"];
}

/** Version → what it is made from. */
export type Sources = ReadonlyMap<string, Source>;

/** The specification of a version, from the answers in the lock and today's preset. */
export function specOf(place: ModulePlace, lock: ModuleLock, version: string, sources: Sources): ModuleSpec {
  const answers = lock.versions[version];
  if (!answers) {
    throw new ConfigError(`${LOCK_FILE} does not know ${place.name}@${version}`, { code: "scaffold/lock" });
  }
  const preset = answers.preset === undefined ? undefined : requirePreset(answers.preset);
  const api = sources.get(version)?.api;
  if ((answers.from !== undefined || answers.seen !== undefined) && api === undefined) {
    const source = answers.from ?? `the pristine copy of ${version}/schemas.ts`;
    throw new ConfigError(`${source} is needed to generate ${place.name}@${version} again`, {
      code: "scaffold/document",
    });
  }
  return resolveSpec(answers, { preset, api }, { ...place, version });
}

/** How the manifest says that versions share the traffic. */
export function routerStateOf({ versions, active, canary }: Integration): RouterState {
  return {
    versions: versions.map(({ name }) => name),
    active,
    ...(canary ? { canary: { version: canary.version, percent: canary.share * 100 } } : {}),
  };
}

/**
 * The files of one version, by path relative to the project's root.
 * @param original where the module's first version was made to ask: what a person wrote in its place holds for all
 * versions that ask there
 */
export function generateVersion(
  place: ModulePlace,
  lock: ModuleLock,
  version: string,
  sources: Sources,
  original?: ModuleSpec["baseUrl"],
): Map<string, string> {
  const made = asTheManifestSays(specOf(place, lock, version, sources), place.facts);
  const { baseUrl = made.baseUrl } = place.facts;
  const spec = isDeepStrictEqual(made.baseUrl, original) ? { ...made, baseUrl } : made;
  const files = versionFiles(spec, sources.get(version)?.own?.set);
  return new Map(files.map(({ path, content }) => [`${place.directory}/${place.name}/${path}`, content]));
}

/**
 * Everything that today's templates give for a module with all its versions, by path relative to the project's root.
 * The manifest is that of the version it was generated with: what versions added or took since is a change of the user's, and merged as such. What
 * it says of requests goes into the clients.
 */
export function generateModule(
  place: ModulePlace,
  lock: ModuleLock,
  router: RouterState,
  sources: Sources,
): Map<string, string> {
  const home = `${place.directory}/${place.name}`;
  const versions = Object.keys(lock.versions).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const files = new Map<string, string>();
  const [first] = versions;
  if (first === undefined) return files;
  const original = specOf(place, lock, first, sources);
  const { generatedWith: version = original.version } = place.facts;
  files.set(`${home}/integration.yaml`, emitManifest({ ...original, version }, pathToRoot(place.directory)));
  for (const version of versions) {
    for (const [path, content] of generateVersion(place, lock, version, sources, original.baseUrl)) {
      files.set(path, content);
    }
  }
  files.set(`${home}/index.ts`, routerFile(original, router));
  return files;
}

/** Today's router of a module; needs neither preset nor document. */
export function routerOf(place: ModulePlace, lock: ModuleLock, router: RouterState): string {
  const answers = Object.values(lock.versions)[0];
  const preset = answers?.preset === undefined ? undefined : requirePreset(answers.preset);
  return routerFile(
    {
      name: place.name,
      displayName: preset?.displayName ?? pascalCase(place.name),
      importExtension: answers?.importExtension ?? ".js",
    },
    router,
  );
}
