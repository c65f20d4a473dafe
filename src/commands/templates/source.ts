import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { Context } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { type OwnTemplate, openTemplate, TEMPLATE_FILE, TEMPLATE_HOME } from "../../scaffold/own/template.ts";
import { fetchGit, parseGit } from "./git.ts";
import { LARGEST, textOf, tooMuch } from "./text.ts";

/** A template, and what the lock keeps of it. */
export interface FoundTemplate {
  template: OwnTemplate;
  pin: { source: string; version: string; hash: string; commit?: string };
}

async function filesIn(directory: string, source: string): Promise<Map<string, string>> {
  const home = join(directory, TEMPLATE_HOME);
  const entries = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = [join(directory, TEMPLATE_FILE)];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) {
      throw new ConfigError(`${neutralize(path)} is a symbolic link, and templates have none`, {
        code: "scaffold/template",
      });
    }
    if (entry.isFile()) paths.push(path);
  }
  if (paths.length > LARGEST.files) throw tooMuch(source);
  const files = new Map<string, string>();
  for (const path of paths) {
    const about = await lstat(path).catch(() => undefined);
    if (!about?.isFile()) continue;
    if (about.size > LARGEST.bytes) throw tooMuch(source);
    files.set(relative(directory, path).split(sep).join("/"), textOf(await readFile(path), path));
  }
  return files;
}

const NPM = /^npm:((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)$/;

/**
 * Finds a template: a directory, `npm:NAME` for a package that is installed in the project, `git+URL#REF`. Nothing of it
 * is run.
 * @param cwd what a directory is relative to
 */
export async function findTemplate(
  source: string,
  { root, cwd }: { root: string; cwd: string },
  ctx: Context,
): Promise<FoundTemplate> {
  const git = parseGit(source);
  if (git) {
    const { files, commit } = await fetchGit(git, ctx);
    return pinned(source, openTemplate(source, files), commit);
  }
  const [, name] = NPM.exec(source) ?? [];
  if (source.startsWith("npm:") && name === undefined) {
    throw new UsageError(`--template '${source}' names no package`, { code: "scaffold/template" });
  }
  const directory = name === undefined ? resolve(cwd, source) : join(root, "node_modules", name);
  const found = await lstat(directory).catch(() => undefined);
  if (found === undefined) {
    throw new UsageError(`There is no template at ${neutralize(name ?? source)}`, {
      code: "scaffold/template",
      hint: name === undefined ? "integ templates new DIRECTORY makes one" : `npm install --save-dev ${name}`,
    });
  }
  // Kept relative to the root, so that the lock means the same on every machine.
  const kept = name === undefined ? `./${relative(root, directory).split(sep).join("/")}` : source;
  return pinned(kept, openTemplate(source, await filesIn(directory, source)));
}

function pinned(source: string, template: OwnTemplate, commit?: string): FoundTemplate {
  const { version, hash } = template;
  return { template, pin: { source, version, hash, ...(commit === undefined ? {} : { commit }) } };
}
