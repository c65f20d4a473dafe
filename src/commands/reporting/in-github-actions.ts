import type { Context } from "../../base/context.ts";

/** Whether the command runs in a step of GitHub Actions. */
export function inGithubActions({ env }: Pick<Context, "env">): boolean {
  return env.GITHUB_ACTIONS === "true";
}
