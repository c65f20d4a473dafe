import { readFile } from "node:fs/promises";
import * as z from "zod";
import { MARKER } from "../../report/reporters/markdown.ts";
import type { GithubApi } from "./api.ts";

const commentSchema = z.object({ id: z.number(), body: z.string().nullish() });
const eventSchema = z.object({ pull_request: z.object({ number: z.number() }) });

type Env = Readonly<Record<string, string | undefined>>;

async function fromEvent(file: string | undefined): Promise<number | undefined> {
  if (!file) return undefined;
  try {
    return eventSchema.parse(JSON.parse(await readFile(file, "utf8"))).pull_request.number;
  } catch {
    // Another event: no pull request in it.
    return undefined;
  }
}

/** The pull request that a workflow runs for; undefined where it runs for none. */
export async function pullRequestOf(env: Env): Promise<number | undefined> {
  const [, number] = /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? "") ?? [];
  return number === undefined ? fromEvent(env.GITHUB_EVENT_PATH) : Number(number);
}

/**
 * Puts a report where the discussion is: one comment, found by its marker and replaced. Where there is nothing to say and
 * nothing was said, nothing is.
 * @param body Markdown whose first line is the marker
 * @throws IncompleteError
 */
export async function keepComment(
  api: GithubApi,
  { pullRequest, body, quiet }: { pullRequest: number; body: string; quiet: boolean },
): Promise<"posted" | "replaced" | "unchanged"> {
  const listed = await api.list(`/issues/${pullRequest}/comments?per_page=100`);
  const known = listed
    .flatMap((one) => commentSchema.safeParse(one).data ?? [])
    .find((comment) => comment.body?.startsWith(MARKER));
  if (!known) {
    if (quiet) return "unchanged";
    await api.call("POST", `/issues/${pullRequest}/comments`, { body });
    return "posted";
  }
  if (known.body?.replaceAll("\r\n", "\n").trim() === body.trim()) return "unchanged";
  await api.call("PATCH", `/issues/comments/${known.id}`, { body });
  return "replaced";
}
