import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileFailure } from "../../src/base/file-failure.ts";
import { writeFileAtomic } from "../../src/base/files.ts";
import { plainStyle } from "../../src/base/style.ts";
import { describeFailure } from "../../src/host/failure.ts";
import { temporaryDirectory } from "../support/cli.ts";

test("a refusal of the file system is no bug: code 3, the file and the reason", async () => {
  const directory = await temporaryDirectory();
  const blocked = join(directory, "contract");
  await writeFile(blocked, "a file where a directory should be");
  const refused = await writeFileAtomic(join(blocked, "get-balance.json"), "{}").catch((error) => error);
  const failure = describeFailure(refused, { style: plainStyle, verbose: false });
  expect(failure.exitCode).toBe(3);
  expect(failure.text).toContain(`Cannot access ${blocked}`);
  expect(failure.text).toContain("a part of the path is a file, not a directory");
  expect(failure.text).not.toContain("bug");
});

test("a name that is too long is refused, and no bug", async () => {
  const file = join(await temporaryDirectory(), `${"a".repeat(300)}.json`);
  const refused = await writeFileAtomic(file, "{}").catch((error) => error);
  expect(fileFailure(refused)?.message).toBe(`Cannot access ${file}: the name is too long`);
});

test.runIf(process.platform === "linux")("a directory that takes no files is no bug", async () => {
  const refused = await writeFileAtomic("/proc/report.json", "{}").catch((error) => error);
  expect(fileFailure(refused)?.message).toBe(
    "Cannot access /proc/report.json: its directory takes no files, or is gone",
  );
});

test("a file of ours that is not there when it is read stays a bug", async () => {
  const missing = await readFile(join(await temporaryDirectory(), "chunk.cjs")).catch((error) => error);
  expect(fileFailure(missing)).toBeUndefined();
});

test("the temporary neighbour is not named, but the file that was to be written", async () => {
  const directory = await temporaryDirectory();
  const error = Object.assign(new Error("EACCES: permission denied"), {
    code: "EACCES",
    syscall: "open",
    path: join(directory, ".get-balance.json.0123456789ab.tmp"),
  });
  expect(fileFailure(error)?.message).toBe(
    `Cannot access ${join(directory, "get-balance.json")}: permission denied`,
  );
});

test("anything else stays what it is", () => {
  expect(fileFailure(new TypeError("x is undefined"))).toBeUndefined();
  expect(fileFailure("text")).toBeUndefined();
});
