import { createHash } from "node:crypto";
import * as z from "zod";
import { ConfigError } from "../base/errors.ts";
import { compareText } from "../base/finding.ts";
import { answersSchema } from "./answers.ts";
import { LOCK_FILE } from "./lock-file.ts";

export { LOCK_FILE };

/** Pristine copies by hash: without an extension, so that no compiler, linter or test runner takes them up. */
export const BASE_DIRECTORY = ".integ-base";

const moduleLock = z.strictObject({
  /** Version of integ whose templates it was last made from. */
  integ: z.string(),
  /** Version of the module → the answers it was made with. */
  versions: z.record(z.string(), answersSchema),
  /** Path relative to the project's root → SHA-256 of the file as it was generated. */
  files: z.record(z.string(), z.string()),
});

const lockSchema = z.strictObject({ lock: z.literal(1), modules: z.record(z.string(), moduleLock) });

export type Lock = z.infer<typeof lockSchema>;
export type ModuleLock = z.infer<typeof moduleLock>;

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Where the pristine copy of a content lies, relative to the project's root. */
export function basePath(hash: string): string {
  return `${BASE_DIRECTORY}/${hash}`;
}

/** A file as it was generated; undefined where it was not, or its copy is gone. */
export function pristineOf(
  { files }: ModuleLock,
  path: string,
  read: (path: string) => string | undefined,
): string | undefined {
  const hash = files[path];
  return hash === undefined ? undefined : read(basePath(hash));
}

/** @throws ConfigError where it is not a lock of ours */
export function parseLock(text: string | undefined): Lock {
  if (text === undefined) return { lock: 1, modules: {} };
  const broken = (why: string) =>
    new ConfigError(`${LOCK_FILE} cannot be used: ${why}`, {
      code: "scaffold/lock",
      hint: `restore it: git checkout -- ${LOCK_FILE}`,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken("it is not JSON; conflict markers, perhaps");
  }
  const { data, error } = lockSchema.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  throw broken(`${issue?.path.join(".") || "it"}: ${issue?.message ?? "of an unknown form"}`);
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareText(a, b)));
}

/** One line per fact and in order, so that two branches that scaffold different modules merge. */
export function formatLock({ modules }: Lock): string {
  const entries = Object.entries(sorted(modules)).map(([name, { integ, versions, files }]) => [
    name,
    { integ, versions: sorted(versions), files: sorted(files) },
  ]);
  return `${JSON.stringify({ lock: 1, modules: Object.fromEntries(entries) }, undefined, 2)}\n`;
}
