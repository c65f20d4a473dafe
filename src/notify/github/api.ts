import * as z from "zod";
import { IncompleteError, UsageError } from "../../base/errors.ts";
import { neutralize } from "../../base/text.ts";
import { notTold, type Reply, type SendDeps, send, UNSURE } from "../channels/channel.ts";

export interface GithubOptions {
  /** `owner/name`. */
  repository: string;
  /** Of the API; GitHub Enterprise has its own. */
  address: string;
  token: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Which repository, where, and who we are there: from the configuration, else as GitHub Actions says.
 * @throws UsageError where nobody says
 */
export function githubOptions(
  given: { repository?: string; address?: string },
  env: Env,
  flag: string,
): GithubOptions {
  const repository = given.repository ?? env.GITHUB_REPOSITORY;
  const token = env.GITHUB_TOKEN || env.GH_TOKEN;
  if (!repository || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new UsageError(`${flag}: nobody says which repository`, {
      code: "usage/repository",
      hint: "set `issues.repository: owner/name` in integ.config.yaml, or GITHUB_REPOSITORY",
    });
  }
  if (!token) {
    throw new UsageError(`${flag}: GITHUB_TOKEN is not set`, {
      code: "usage/github-token",
      hint: "in a workflow `env: GITHUB_TOKEN` is `github.token`, with `issues: write` or `pull-requests: write`",
    });
  }
  const address = (given.address ?? (env.GITHUB_API_URL || "https://api.github.com")).replace(/\/+$/, "");
  return { repository, address, token };
}

const messageSchema = z.object({ message: z.string() });
const NEXT = /<([^>]+)>;\s*rel="next"/;
/** A hundred entries each. */
const MOST_PAGES = 50;
/** How often an entry is asked for of which nobody knows whether it was made. */
const ATTEMPTS = 3;
/** Milliseconds before it is looked for. */
const LOOK_MS = 500;

const RIGHTS =
  "check the repository's name and the token's rights: `issues: write` or `pull-requests: write`; for a pull request from a fork a token may only read";

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of GitHub's REST API that issues and comments need, in one repository (docs.github.com/en/rest/issues). */
export class GithubApi {
  readonly #options: GithubOptions;
  readonly #deps: SendDeps;

  constructor(options: GithubOptions, deps: SendDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /**
   * @param path below the repository: `/issues`
   * @throws IncompleteError for any answer but a success
   */
  async call(method: "POST" | "PATCH", path: string, body: unknown): Promise<unknown> {
    return parse((await this.#request(method, this.#url(path), body)).text);
  }

  /** Changes an entry. False where we may not, or it is gone. @throws IncompleteError for any other failure */
  async change(path: string, body: unknown): Promise<boolean> {
    const reply = await this.#send("PATCH", this.#url(path), body);
    if (reply.status === 403 || reply.status === 404) return false;
    this.#accept(reply);
    return true;
  }

  /**
   * Makes an entry of a list. Where it is not known whether it was made, it is looked for before it is asked for again.
   * @param list path of the list in which it would be
   * @param isIt tells it among the others
   * @throws IncompleteError
   */
  async create(
    path: string,
    body: unknown,
    { list, isIt }: { list: string; isIt(entry: unknown): boolean },
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return parse((await this.#request("POST", this.#url(path), body, true)).text);
      } catch (error) {
        const unsure = error instanceof IncompleteError && error.code === UNSURE;
        if (!unsure || attempt === ATTEMPTS) throw error;
      }
      await this.#deps.clock.sleep(LOOK_MS, this.#deps.signal);
      const made = (await this.list(list)).find(isIt);
      if (made !== undefined) return made;
    }
  }

  /** Every entry of a list, page by page. @throws IncompleteError, also where that is not all of them */
  async list(path: string): Promise<unknown[]> {
    const entries: unknown[] = [];
    let url: string | undefined = this.#url(path);
    for (let page = 0; url !== undefined && page < MOST_PAGES; page++) {
      const reply: Reply = await this.#request("GET", url);
      const answer = parse(reply.text);
      if (!Array.isArray(answer)) throw notTold("GitHub", "its answer is no list");
      entries.push(...answer);
      const next: string | undefined = NEXT.exec(reply.headers.link ?? "")?.[1];
      // The token goes to the API only, wherever an answer points.
      if (next !== undefined && !next.startsWith(`${this.#options.address}/`))
        throw notTold(
          "GitHub",
          "its list goes on at another address",
          "set `issues.address` to that of its API",
        );
      url = next;
    }
    // What is not seen would be made a second time, and again by each run.
    if (url !== undefined)
      throw notTold(
        "GitHub",
        `it lists more than ${entries.length} entries`,
        "give `issues.labels` a label of its own first",
      );
    return entries;
  }

  #url(path: string): string {
    return `${this.#options.address}/repos/${this.#options.repository}${path}`;
  }

  async #request(method: string, url: string, body?: unknown, once = false): Promise<Reply> {
    const reply = await this.#send(method, url, body, once);
    this.#accept(reply, once);
    return reply;
  }

  #send(method: string, url: string, body?: unknown, once = false): Promise<Reply> {
    return send(
      "GitHub",
      {
        method,
        url,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${this.#options.token}`,
          "user-agent": "integ",
          "x-github-api-version": "2022-11-28",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        credentials: { headers: ["authorization"], query: [] },
      },
      this.#deps,
      { once },
    );
  }

  #accept(reply: Reply, once = false): void {
    if (reply.status >= 200 && reply.status < 300) return;
    const said = messageSchema.safeParse(parse(reply.text)).data?.message ?? "";
    const why = `it answered ${reply.status}${said && `: ${neutralize(said.slice(0, 200))}`}`;
    const mayNot = [401, 403, 404].includes(reply.status);
    throw notTold(
      "GitHub",
      why,
      mayNot ? RIGHTS : undefined,
      once && reply.status >= 500 ? UNSURE : undefined,
    );
  }
}
