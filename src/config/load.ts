import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { ConfigError, type Problem } from "../base/errors.ts";
import { compareText } from "../base/finding.ts";
import { plural } from "../base/text.ts";
import { buildConfig, buildIntegration } from "./build.ts";
import { MANIFEST_FILE, manifestDirectories, requireConfigFile } from "./find.ts";
import { packageName } from "./package-name.ts";
import type { Integration, Project } from "./project.ts";
import {
  configReferences,
  environmentNames,
  type KnownIntegration,
  knownIntegration,
  manifestReferences,
} from "./references.ts";
import { type ConfigDocument, configSchema } from "./schema/config.ts";
import { manifestSchema } from "./schema/manifest.ts";
import { parseSource, type Source } from "./source.ts";
import { validate } from "./validate.ts";

export { findConfigFile } from "./find.ts";

/** As much YAML as a manifest of many endpoints has; below, a second parser would cost more than it saves. */
const LONG_FILE = 2000;

async function parsed(name: string, text: string): Promise<Source> {
  if (text.length < LONG_FILE) return parseSource(name, text);
  const { quickSource } = await import("./quick-source.ts");
  return quickSource(name, text);
}

/** Gives a file's text. @throws as `readFile` does */
export type ReadText = (file: string) => Promise<string>;

const fromDisk: ReadText = (file) => readFile(file, "utf8");

/** Reads a file of the user's; a directory in its place or a missing permission is a problem of the configuration. */
async function readSource(file: string, cwd: string, read: ReadText): Promise<Source> {
  const name = relative(cwd, file) || file;
  try {
    return await parsed(name, await read(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot read ${name}: ${reason}`, { code: "config/unreadable", cause: error });
  }
}

interface LoadedManifest {
  known: KnownIntegration;
  problems: Problem[];
  integration?: Integration;
}

async function loadManifest(
  directory: string,
  cwd: string,
  environments: readonly string[] | undefined,
  read: ReadText,
): Promise<LoadedManifest> {
  const manifestFile = join(directory, MANIFEST_FILE);
  const source = await readSource(manifestFile, cwd, read);
  const { data, problems } = validate(source, manifestSchema);
  const directoryName = basename(directory);
  if (source.value !== undefined)
    problems.push(...manifestReferences(source, { directoryName, environments }));
  const known = knownIntegration(directoryName, source.value);
  return data && problems.length === 0
    ? { known, problems, integration: buildIntegration(data, source, { directory, manifestFile }) }
    : { known, problems };
}

function compareProblems(a: Problem, b: Problem): number {
  return (
    compareText(a.location?.file, b.location?.file) ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    (a.location?.column ?? 0) - (b.location?.column ?? 0)
  );
}

function invalid(problems: readonly Problem[]): ConfigError {
  const files = [...new Set(problems.map(({ location }) => location?.file ?? ""))];
  const where = files.length === 1 ? files[0] : plural(files.length, "file");
  return new ConfigError(`${plural(problems.length, "problem")} in ${where}`, {
    code: "config/invalid",
    problems: [...problems].sort(compareProblems),
  });
}

function integrationsDirectory(document: ConfigDocument | undefined): string {
  return document?.integrations ?? "src/integrations";
}

/**
 * Reads integ.config.yaml and the manifests of all integrations.
 * @param configFile what `--config` or INTEG_CONFIG say; without it the file is searched upward from `cwd`
 * @param read through which every file is read
 * @throws ConfigError with every problem of every file, or `config/not-found`
 */
export async function loadProject(options: {
  cwd: string;
  configFile?: string | undefined;
  read?: ReadText;
}): Promise<Project> {
  const { cwd, read = fromDisk } = options;
  const configFile = requireConfigFile(cwd, options.configFile);
  const root = dirname(configFile);
  const source = await readSource(configFile, cwd, read);
  const { data, problems } = validate(source, configSchema);
  // Manifests are judged even where the configuration is wrong, so that nobody mends errors one file at a time.
  const environments = source.value === undefined ? undefined : environmentNames(source.value);
  const directories = manifestDirectories(join(root, integrationsDirectory(data)));
  const manifests = await Promise.all(directories.map((path) => loadManifest(path, cwd, environments, read)));
  if (source.value !== undefined)
    problems.push(
      ...configReferences(
        source,
        manifests.map(({ known }) => known),
      ),
    );
  problems.push(...manifests.flatMap((manifest) => manifest.problems));
  if (!data || problems.length > 0) throw invalid(problems);
  const project = data.project ?? (await packageName(root, read));
  return {
    root,
    configFile,
    config: buildConfig(data, source, { project }),
    integrations: manifests.flatMap(({ integration }) => (integration ? [integration] : [])),
  };
}
