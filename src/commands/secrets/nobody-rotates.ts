import type { Context } from "../../base/context.ts";
import { rotationLockFile } from "../../secrets/location.ts";
import { withLock } from "../../secrets/lock.ts";
import { refused } from "../../secrets/states.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Works on secrets of an environment while no other process rotates them.
 * @throws SecretError `refused` at once, where one does
 */
export async function whileNobodyRotates<T>(
  { project, environment }: Workplace,
  work: () => Promise<T>,
  ctx: Context,
): Promise<T> {
  const lock = rotationLockFile(project.config.project, environment.name, ctx.env);
  const busy = (holder: string) =>
    refused(
      `Process ${holder} is rotating secrets of ${environment.name}`,
      "wait for its end, then run the command again",
    );
  return withLock(lock, ctx.clock, work, { patienceMs: 0, busy });
}
