import { lstat, readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { neutralize } from "../../base/text.ts";
import { writeFilesAtomic } from "../../base/write-files.ts";
import { TEMPLATE_FILE, TEMPLATE_HOME } from "../../scaffold/own/template.ts";
import { BUILT_IN, builtInFiles } from "../../scaffold/templates.ts";

export interface NewOptions {
  directory: string;
  dryRun: boolean | undefined;
}

const about = (name: string) => `# A template for \`integ scaffold NAME --template ${name}\`.
template: 1
name: ${JSON.stringify(name)}
# Larger with each change that modules should get: \`integ upgrade\` merges it in, and shows the notes on the way.
version: "1"
notes:
  "1": The first version.
`;

/** `integ templates new`: integ's own templates, to be changed; what stays as it is can be deleted. */
export async function run({ directory, dryRun }: NewOptions, ctx: Context): Promise<Result> {
  const home = resolve(ctx.cwd, directory);
  const there = await readdir(home).catch(async () =>
    (await lstat(home).catch(() => undefined)) ? ["a file"] : [],
  );
  if (there.length > 0) {
    throw new UsageError(`${neutralize(directory)} is there already and not empty; nothing was written`, {
      code: "scaffold/exists",
    });
  }
  const files = [
    { path: TEMPLATE_FILE, content: about(basename(home)) },
    ...builtInFiles().map((name) => ({ path: `${TEMPLATE_HOME}/${name}`, content: BUILT_IN.read(name) })),
  ];
  ctx.signal.throwIfAborted();
  if (!dryRun) {
    await writeFilesAtomic(files.map(({ path, content }) => ({ file: join(home, path), content })));
  }
  const shown = files.map(({ path }) => `${directory.replace(/\/+$/, "")}/${path}`);
  return {
    data: { dryRun: dryRun === true, files: shown },
    text: ({ style }) => shown.map((path) => `${style.green("created ")} ${neutralize(path)}`).join("\n"),
    next: dryRun
      ? ["nothing was written (--dry-run)"]
      : [`next: change what you need, delete what stays as it is, then integ templates test ${directory}`],
  };
}
