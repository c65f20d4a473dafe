import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { repositoryFile } from "../support/markdown.ts";

const room = repositoryFile("src/runtime");
const guide = readFileSync(join(room, "README.md"), "utf8");
const folders = readdirSync(room, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const files = readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) =>
  file.replaceAll("\\", "/"),
);

test("the guide through the runtime leads through every folder of it", () => {
  const left = folders.filter(({ name }) => !guide.includes(`\`${name}/`));
  expect(left.map(({ name }) => name)).toEqual([]);
});

test("the guide through the runtime names no file that is gone", () => {
  const named = [...guide.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => String(file));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !files.some((one) => one === file || one.endsWith(`/${file}`)))).toEqual([]);
  const links = [...guide.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) =>
    join(dirname(room), "runtime", String(target)),
  );
  expect(links.filter((target) => !existsSync(target))).toEqual([]);
});
