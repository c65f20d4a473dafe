import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFilesAtomic } from "../../src/base/write-files.ts";
import { temporaryDirectory } from "../support/cli.ts";

test("writes all files, makes their directories, keeps permission bits, leaves nothing else", async () => {
  const root = await temporaryDirectory();
  await writeFile(join(root, "old.sh"), "old");
  await chmod(join(root, "old.sh"), 0o750);
  await writeFilesAtomic([
    { file: join(root, "old.sh"), content: "new" },
    { file: join(root, "a/b/c.txt"), content: "c" },
  ]);
  expect(await readFile(join(root, "old.sh"), "utf8")).toBe("new");
  expect((await stat(join(root, "old.sh"))).mode & 0o777).toBe(0o750);
  expect((await readdir(root, { recursive: true })).sort()).toEqual(["a", "a/b", "a/b/c.txt", "old.sh"]);
});

test("where the last file cannot be written, the first ones are as they were", async () => {
  const root = await temporaryDirectory();
  await writeFile(join(root, "kept.txt"), "before");
  await mkdir(join(root, "taken/inside"), { recursive: true });
  const writing = writeFilesAtomic([
    { file: join(root, "kept.txt"), content: "after" },
    { file: join(root, "new/file.txt"), content: "x" },
    { file: join(root, "taken"), content: "a directory stands here" },
  ]);
  await expect(writing).rejects.toMatchObject({ code: "files/write", exitCode: 3 });
  expect(await readFile(join(root, "kept.txt"), "utf8")).toBe("before");
  expect((await readdir(root, { recursive: true })).sort()).toEqual(["kept.txt", "taken", "taken/inside"]);
});
