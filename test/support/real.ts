import { spawnSync } from "node:child_process";

/**
 * Whether a real part that tests need (a program of the machine, a package of the registry) is there. Its absence skips
 * the tests on a user's machine, saying so; where INTEG_REQUIRE_REAL is set (CI) it is a failure.
 */
export function isThere(what: string, found: boolean): boolean {
  if (found) return true;
  const message = `${what} is not there: its tests are skipped`;
  if (process.env.INTEG_REQUIRE_REAL) throw new Error(`${message}, which CI does not allow`);
  process.stderr.write(`${message}\n`);
  return false;
}

/** Whether `PROGRAM VERSION_FLAG` can be started. */
export function hasProgram(program: string, versionFlag = "--version"): boolean {
  const { error } = spawnSync(program, [versionFlag], { stdio: "ignore" });
  return isThere(program, error === undefined);
}
