import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Issue {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  state_reason: string | null;
  labels: { name: string }[];
  /** One with a user is somebody else's, and not to be changed. */
  comments: { id: number; body: string; user?: { login: string } }[];
  pull_request?: object;
}

/** A server that answers as GitHub's API of issues does, on 127.0.0.1. */
export interface GithubIssues {
  url: string;
  token: string;
  issues: Issue[];
  /** Method and path of every request that changed something. */
  writes: string[];
  /** Statuses of the next answers, in place of doing what was asked. */
  failures: number[];
  /** So many of the next entries are made, and the connection breaks before the answer. */
  unheard: number;
  /** As for a token that may not push. */
  dropsLabels: boolean;
  close(): Promise<void>;
}

/** A failure that is GitHub's secondary rate limit: 403, with the time after which to ask again. */
export const SLOW_DOWN = 403;

/** At most so many entries on a page here, whatever `per_page` asks: so that a few make several pages. */
const PAGE = 3;

/**
 * Written from docs.github.com/en/rest/issues (issues, comments) and .../using-pagination-in-the-rest-api: lists with `Link`,
 * filters by label and state, 201 for what is new, line ends of bodies as a browser sends them.
 */
export async function startGithubIssues(): Promise<GithubIssues> {
  let lastId = 0;
  const server: GithubIssues = {
    url: "",
    token: ["token", "of", "a", "test"].join("-"),
    issues: [],
    writes: [],
    failures: [],
    unheard: 0,
    dropsLabels: false,
    close: async () => {},
  };
  const find = (number: string | undefined) => server.issues.find((one) => String(one.number) === number);
  const http = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? "/", server.url);
    const reply = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      if (status === 201 && server.unheard > 0) {
        server.unheard--;
        return request.socket.destroy();
      }
      response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${server.token}`)
      return reply(401, { message: "Bad credentials" });
    if (!request.headers["user-agent"]) return reply(403, { message: "Administrative rules" });
    const failure = server.failures.shift();
    if (failure !== undefined) {
      const later = failure === SLOW_DOWN ? { "retry-after": "0" } : undefined;
      return reply(failure, { message: "not now" }, later);
    }
    const [, path = ""] = /^\/repos\/acme\/shop(\/.*)$/.exec(url.pathname) ?? [];
    const body: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
    if (request.method !== "GET") server.writes.push(`${request.method} ${path}`);

    const page = (entries: readonly unknown[]) => {
      const at = Number(url.searchParams.get("page") ?? "1");
      const more = entries.length > at * PAGE;
      url.searchParams.set("page", String(at + 1));
      const link = more ? { link: `<${url.href}>; rel="next", <${url.href}>; rel="last"` } : {};
      reply(200, entries.slice((at - 1) * PAGE, at * PAGE), link as Record<string, string>);
    };
    const [, number, comments] = /^\/issues\/(\d+)(\/comments)?$/.exec(path) ?? [];
    const [, commentId] = /^\/issues\/comments\/(\d+)$/.exec(path) ?? [];
    const route = `${request.method} ${path.replace(/\d+/, "N")}`;
    switch (route) {
      case "GET /issues": {
        const label = url.searchParams.get("labels");
        const state = url.searchParams.get("state") ?? "open";
        return page(
          server.issues.filter(
            (one) =>
              (label === null || one.labels.some(({ name }) => name === label)) &&
              (state === "all" || one.state === state),
          ),
        );
      }
      case "POST /issues": {
        const issue: Issue = {
          number: ++lastId,
          title: String(body.title),
          body: String(body.body).replaceAll("\n", "\r\n"),
          state: "open",
          state_reason: null,
          labels: (Array.isArray(body.labels) && !server.dropsLabels ? body.labels : []).map((name) => ({
            name: String(name),
          })),
          comments: [],
        };
        server.issues.push(issue);
        return reply(201, issue);
      }
      case "PATCH /issues/N": {
        const issue = find(number);
        if (!issue) return reply(404, { message: "Not Found" });
        Object.assign(issue, body);
        if (body.state === "open") issue.state_reason = "reopened";
        return reply(200, issue);
      }
      case "GET /issues/N/comments":
        return comments ? page(find(number)?.comments ?? []) : reply(404, { message: "Not Found" });
      case "POST /issues/N/comments": {
        const comment = { id: ++lastId, body: String(body.body).replaceAll("\n", "\r\n") };
        find(number)?.comments.push(comment);
        return reply(201, comment);
      }
      case "PATCH /issues/comments/N": {
        const comment = server.issues
          .flatMap((one) => one.comments)
          .find(({ id }) => String(id) === commentId);
        if (!comment) return reply(404, { message: "Not Found" });
        if (comment.user) return reply(403, { message: "Resource not accessible by integration" });
        comment.body = String(body.body);
        return reply(200, comment);
      }
      default:
        return reply(404, { message: "Not Found" });
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server.close = () => {
    http.closeAllConnections();
    return new Promise((resolve) => void http.close(() => resolve()));
  };
  return server;
}
