import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The home directory of every program that a test file starts: its own, so that no vault of a person is touched. */
export let home: string;

/** A new home for the test file that begins. */
export function moveHome(): void {
  home = realpathSync(mkdtempSync(join(tmpdir(), "integ-home-")));
}

/** Takes the home away when its test file is over. */
export function leaveHome(): void {
  rmSync(home, { recursive: true, force: true });
}
