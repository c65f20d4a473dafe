import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../base/context.ts";
import { ConfigError, IncompleteError, UsageError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { redactUrl } from "../../http/redact.ts";
import { TEMPLATE_FILE, TEMPLATE_HOME } from "../../scaffold/own/template.ts";
import { LARGEST, textOf } from "./text.ts";

export interface GitSource {
  url: string;
  ref: string;
}

/** Reads `git+https://host/repo.git#v2`; undefined for what is no git URL. */
export function parseGit(source: string): GitSource | undefined {
  const [, url, ref = "HEAD"] = /^git\+([^#]*)(?:#(.*))?$/s.exec(source) ?? [];
  if (url === undefined) return undefined;
  if (/^(https|ssh|file):\/\/\S+$/.test(url) && /^[A-Za-z0-9][\w./-]*$/.test(ref)) return { url, ref };
  throw new UsageError(
    `--template '${redactUrl(source)}' is no git URL such as git+https://example.com/templates.git#v2`,
    {
      code: "scaffold/template",
    },
  );
}

/** Neither hooks nor helpers of the repository run: it is fetched into a bare one, and nothing is checked out. */
function git(
  directory: string,
  args: readonly string[],
  ctx: Pick<Context, "signal" | "env">,
): Promise<Buffer> {
  const settings = {
    cwd: directory,
    signal: ctx.signal,
    encoding: "buffer" as const,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...ctx.env, GIT_TERMINAL_PROMPT: "0" },
  };
  const safe = ["-c", "protocol.ext.allow=never", "-c", "core.hooksPath=/dev/null"];
  return new Promise((done, fail) => {
    execFile("git", [...safe, ...args], settings, (error, stdout, stderr) => {
      if (!error) return done(stdout);
      const said = stderr.toString("utf8").trim().split("\n");
      // What went wrong comes first; advice follows it.
      const why = (said.find((line) => /^(fatal|error):/.test(line)) ?? said[0]) || error.message;
      fail(new IncompleteError(`git: ${neutralize(why)}`, { code: "scaffold/template-git", cause: error }));
    });
  });
}

const ENTRY = /^(\d{6}) (\w+) ([0-9a-f]+)\s+(\d+|-)\t(.*)$/s;

/** The files of a template in a repository, and the commit that they are of. */
export async function fetchGit(
  { url, ref }: GitSource,
  ctx: Context,
): Promise<{ files: Map<string, string>; commit: string }> {
  const directory = await mkdtemp(join(tmpdir(), "integ-template-"));
  try {
    await git(directory, ["init", "-q", "--bare"], ctx);
    await git(directory, ["fetch", "-q", "--depth", "1", "--no-tags", "--", url, ref], ctx);
    const commit = (await git(directory, ["rev-parse", "FETCH_HEAD"], ctx)).toString("utf8").trim();
    const tree = await git(directory, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit], ctx);
    const files = new Map<string, string>();
    for (const line of tree.toString("utf8").split("\0")) {
      const [, mode, type, id = "", size = "", path = ""] = ENTRY.exec(line) ?? [];
      if (path !== TEMPLATE_FILE && !path.startsWith(`${TEMPLATE_HOME}/`)) continue;
      const plain = type === "blob" && (mode === "100644" || mode === "100755");
      if (!plain || Number(size) > LARGEST.bytes || files.size >= LARGEST.files) {
        const why = plain ? "it is too large" : "it is no plain file";
        throw new ConfigError(`${neutralize(path)} in the template: ${why}`, { code: "scaffold/template" });
      }
      files.set(path, textOf(await git(directory, ["cat-file", "blob", id], ctx), path));
    }
    return { files, commit };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
