import type { Environment } from "../config/project.ts";

/** Whether an environment is a real one: protected, or named like production. */
export function isLive({ name, protected: guarded }: Environment): boolean {
  return guarded || /^(prod|live)/i.test(name);
}

/**
 * What holds in each of the project's environments, from what a preset knows of test beds and of the real thing.
 * Environments of a kind that the preset says nothing about are left out.
 */
export function byEnvironment<T>(
  value: { test?: T | undefined; live: T },
  environments: readonly Environment[],
): Record<string, T> {
  const entries = environments.flatMap((environment): [string, T][] => {
    const own = isLive(environment) ? value.live : value.test;
    return own === undefined ? [] : [[environment.name, own]];
  });
  return Object.fromEntries(entries);
}
