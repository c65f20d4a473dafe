import { readFile, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { CONFIG_FILE, findConfigFile, isFile, upward } from "../../config/find.ts";

/** Where `integ init` writes. All absolute. */
export interface Place {
  /** Directory of integ.config.yaml. */
  root: string;
  configFile: string;
  /** Whether the configuration is there already. */
  configured: boolean;
  /** Top of the git repository, where CI workflows lie; the root where there is none. */
  repository: string;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function nearest(directories: readonly string[], name: string): Promise<string | undefined> {
  for (const directory of directories) if (await exists(join(directory, name))) return directory;
  return undefined;
}

/**
 * The project that the user stands in: the one that is configured already, else the package, else the git repository,
 * else the directory itself.
 * @param named what `--config` or INTEG_CONFIG say
 */
export async function findPlace(cwd: string, named: string | undefined): Promise<Place> {
  const found = named === undefined ? findConfigFile(cwd) : resolve(cwd, named);
  const above = upward(resolve(cwd));
  const git = await nearest(above, ".git");
  // A package.json above the repository belongs to something else, such as the user's home directory.
  const inside = git === undefined ? [resolve(cwd)] : above.slice(0, above.indexOf(git) + 1);
  const root = found ? dirname(found) : ((await nearest(inside, "package.json")) ?? git ?? resolve(cwd));
  const configFile = found ?? join(root, CONFIG_FILE);
  const repository = git !== undefined && `${root}${sep}`.startsWith(`${git}${sep}`) ? git : root;
  return { root, configFile, configured: isFile(configFile), repository };
}

/** `packages/shop`, with forward slashes; `.` for the repository's top. */
export function directoryInRepository({ root, repository }: Place): string {
  return relative(repository, root).split(sep).join("/") || ".";
}

/** Which CI the repository seems to use, by its files and its remotes; GitHub where nothing tells. */
export async function guessCi(repository: string): Promise<"github" | "gitlab"> {
  if (await exists(join(repository, ".github"))) return "github";
  if (await exists(join(repository, ".gitlab-ci.yml"))) return "gitlab";
  const remotes = await readFile(join(repository, ".git", "config"), "utf8").catch(() => "");
  return /^\s*url\s*=.*gitlab/m.test(remotes) ? "gitlab" : "github";
}

const INSTALL: readonly (readonly [lockFile: string, command: string])[] = [
  ["pnpm-lock.yaml", "corepack enable && pnpm install --frozen-lockfile"],
  ["yarn.lock", "corepack enable && yarn install --immutable"],
  ["package-lock.json", "npm ci"],
  ["npm-shrinkwrap.json", "npm ci"],
];

/** How CI installs the project's packages: by the lock file that is there, nearest first. */
export async function installCommand({ root, repository }: Place): Promise<string> {
  for (const directory of [root, repository])
    for (const [lockFile, command] of INSTALL) if (await exists(join(directory, lockFile))) return command;
  return "npm install";
}
