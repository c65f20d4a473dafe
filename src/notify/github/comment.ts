import { readFile } from "node:fs/promises";
import * as z from "zod";
import { markerOf } from "../../report/reporters/markdown.ts";
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
 * Puts a report where the discussion is: one comment of a subject, found by its marker and replaced. Where there is nothing to
 * say and nothing was said, nothing is. Anybody may write a comment with the marker: one that is not ours to change is passed over.
 * @param subject of the report, in the marker that is the first line of `body`
 * @throws IncompleteError
 */
export async function keepComment(
  api: GithubApi,
  {
    pullRequest,
    subject,
    body,
    quiet,
  }: { pullRequest: number; subject: string; body: string; quiet: boolean },
): Promise<"posted" | "replaced" | "unchanged"> {
  const path = `/issues/${pullRequest}/comments`;
  const list = `${path}?per_page=100`;
  const marker = markerOf(subject);
  const marked = (one: unknown) => {
    const { data } = commentSchema.safeParse(one);
    return data?.body?.startsWith(marker) ? data : undefined;
  };
  const same = (comment: { body?: string | null | undefined }) =>
    comment.body?.replaceAll("\r\n", "\n").trim() === body.trim();
  const known = (await api.list(list)).flatMap((one) => marked(one) ?? []);
  for (const comment of known) {
    if (same(comment)) return "unchanged";
    if (await api.change(`/issues/comments/${comment.id}`, { body })) return "replaced";
  }
  if (quiet) return "unchanged";
  const isIt = (one: unknown) => {
    const comment = marked(one);
    return comment !== undefined && same(comment);
  };
  await api.create(path, { body }, { list, isIt });
  return "posted";
}
