import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { repositoryFile } from "../support/markdown.ts";

/** Megabytes that the body has when it is decompressed. */
const LARGE = 500;

test.each(["fetch", "undici"])(
  "a small body that is very large when it is decompressed is given up at the limit, and never held whole: over %s",
  (kind) => {
    const told = execFileSync(process.execPath, [
      repositoryFile("test/runtime/bombed.mjs"),
      kind,
      String(LARGE),
    ]);
    const { sent, error, grownBy } = JSON.parse(String(told));
    expect(sent).toBeLessThan(LARGE * 2000);
    expect(error).toContain("the body is larger than 1000000 bytes");
    // What zlib and the streams keep on the way, and a heap that grows as it likes.
    expect(grownBy).toBeLessThan(LARGE / 3);
  },
);
