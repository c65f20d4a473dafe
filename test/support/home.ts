import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** The home directory of every program that a test file starts: its own, so that no vault of a person is touched. */
export const home = realpathSync(mkdtempSync(join(tmpdir(), "integ-home-")));

afterAll(() => rmSync(home, { recursive: true, force: true }));
