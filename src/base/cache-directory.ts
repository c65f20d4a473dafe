import { isAbsolute, join } from "node:path";

export type Env = Readonly<Record<string, string | undefined>>;

/** integ's part of the user's cache: `$XDG_CACHE_HOME`, `%LOCALAPPDATA%` on Windows, else `~/.cache`. */
export function cacheDirectory(env: Env, platform: NodeJS.Platform): string | undefined {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local, HOME: home } = env;
  if (xdg && isAbsolute(xdg)) return join(xdg, "integ");
  if (platform === "win32") return local && join(local, "integ", "cache");
  return home && join(home, ".cache", "integ");
}

/**
 * Where compiled code is kept on a Node that keeps none itself (before 22.1), told by the variables of those that do:
 * `off` by `NODE_DISABLE_COMPILE_CACHE`, elsewhere by `NODE_COMPILE_CACHE`.
 */
export function compiledDirectory(env: Env, platform: NodeJS.Platform): string | "off" | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE) return "off";
  if (env.NODE_COMPILE_CACHE) return join(env.NODE_COMPILE_CACHE, "integ");
  const cache = cacheDirectory(env, platform);
  return cache && join(cache, "compiled");
}
