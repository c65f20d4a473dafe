import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { Project } from "../config/project.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A name as one path segment: what a file system may mistake for more is percent-encoded. */
function segment(name: string): string {
  return encodeURIComponent(name)
    .replaceAll("*", "%2A")
    .replace(/^\.+$/, (dots) => dots.replaceAll(".", "%2E"));
}

/**
 * Directory of what integ keeps for a project on this machine, outside the repository, so that deleting or cloning the
 * repository neither loses nor copies a secret: `$XDG_DATA_HOME/integ/<project>`, `%LOCALAPPDATA%` on Windows,
 * else `~/.local/share/integ/<project>`.
 */
export function dataDirectory(project: string, env: Env, platform = process.platform): string {
  const xdg = env.XDG_DATA_HOME;
  const home = env.HOME || homedir();
  const base =
    xdg && isAbsolute(xdg)
      ? xdg
      : platform === "win32" && env.LOCALAPPDATA
        ? env.LOCALAPPDATA
        : join(home, ".local", "share");
  return join(base, "integ", segment(project));
}

/** File of an environment's vault: `secrets.vaultFile` of the configuration, `{environment}` replaced, or the default. */
export function vaultFile(project: Project, environment: string, env: Env): string {
  const configured = project.config.secrets.vaultFile;
  if (configured === undefined) {
    return join(dataDirectory(project.config.project, env), `${segment(environment)}.vault`);
  }
  return resolve(project.root, configured.replaceAll("{environment}", segment(environment)));
}

/** Path at which a service keeps an environment's secrets: names may hold what such paths may not. */
export function remotePath(template: string, project: string, environment: string): string {
  const clean = (name: string) => name.replace(/[^\w.@+=/-]+/g, "-").replace(/^\/+|\/+$/g, "");
  return template.replaceAll("{project}", clean(project)).replaceAll("{environment}", clean(environment));
}

/** Lock file of whoever rotates an environment's secrets. */
export function rotationLockFile(project: string, environment: string, env: Env): string {
  return join(dataDirectory(project, env), `${segment(environment)}.rotation.lock`);
}

/** Lock file that serialises writers of an environment's keychain entry. */
export function keychainLockFile(project: string, environment: string, env: Env): string {
  return join(dataDirectory(project, env), `${segment(environment)}.keychain.lock`);
}
