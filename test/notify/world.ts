import { onTestFinished } from "vitest";
import type { CheckCommandOptions } from "../../src/commands/check/options.ts";
import { checkIn, projectWith, serve, shop } from "../check/project.ts";
import { type GithubIssues, startGithubIssues } from "./github-server.ts";

/** What the provider does: as always, no longer there (an error), or it holds everybody back (which says nothing). */
export type Mood = "fine" | "broken" | "down";

const STATUS: Readonly<Record<Mood, number>> = { fine: 200, broken: 410, down: 429 };

/** A project with one endpoint, and a provider whose mood the test sets. No schema of ours: what is told is none of its matters. */
export async function moodyProject(config: string, name = "shop") {
  let mood: Mood = "fine";
  const url = await serve((_request, response) => {
    response.writeHead(STATUS[mood], { "content-type": "application/json" }).end("{}");
  });
  const files = shop(url, { config });
  const manifest = "src/integrations/acme/integration.yaml";
  const cwd = await projectWith({
    ...files,
    "integ.config.yaml": files["integ.config.yaml"].replace("shop", name),
    [manifest]: files[manifest].replace(", consumer: Thing", ""),
  });
  return {
    cwd,
    check: (next: Mood, options: Partial<CheckCommandOptions>, env: Record<string, string>) => {
      mood = next;
      return checkIn(cwd, options, env);
    },
  };
}

/** A GitHub that goes away with the test, and what a workflow knows of it. */
export async function github(): Promise<{ server: GithubIssues; env: Record<string, string> }> {
  const server = await startGithubIssues();
  onTestFinished(() => server.close());
  const env = { GITHUB_API_URL: server.url, GITHUB_REPOSITORY: "acme/shop", GITHUB_TOKEN: server.token };
  return { server, env };
}
