import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Clock, Context } from "../../src/base/context.ts";
import { exitCodeOf } from "../../src/base/exit-policy.ts";
import { buildReport } from "../../src/base/report.ts";
import { plainStyle } from "../../src/base/style.ts";
import { CHECK_DEFAULTS, type CheckCommandOptions } from "../../src/commands/check/options.ts";
import { run as runCheckCommand } from "../../src/commands/check/run.ts";
import { systemClock } from "../../src/host/clock.ts";
import { temporaryDirectory } from "../support/cli.ts";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Writes files below a fresh directory that has our node_modules; gives its path. */
export async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryDirectory();
  await symlink(modules, join(root, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

/** Serves on a free port of loopback until the test ends. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

/** Answers every request with the JSON that `of` gives for its path. */
export function serveJson(
  of: (path: string) => { status?: number; body: unknown; headers?: Record<string, string> },
) {
  return serve((request, response) => {
    const { status = 200, body, headers } = of(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  });
}

/** Where a test's own `rules` do not say otherwise, an endpoint without a contract is no matter. */
const UNRECORDED = "rules: { contract/not-recorded: off }\n";

/** A project `shop` with the integration `acme`: one endpoint, one consumer schema, nothing recorded. */
export function shop(baseUrl: string, extra: { config?: string; manifest?: string; schemas?: string } = {}) {
  const { config = "" } = extra;
  return {
    "package.json": '{"name":"shop","type":"module"}',
    "integ.config.yaml": `project: shop\n${config}${/^rules:/m.test(config) ? "" : UNRECORDED}`,
    "src/integrations/acme/integration.yaml": [
      "name: acme",
      `baseUrl: ${baseUrl}`,
      "active: v1",
      "versions: { v1: {} }",
      "endpoints:",
      "  get-thing: { request: GET /thing, consumer: Thing }",
      extra.manifest ?? "",
    ].join("\n"),
    "src/integrations/acme/v1/schemas.ts":
      extra.schemas ??
      'import * as z from "zod";\n\nexport const Thing = z.object({\n  id: z.string(),\n  email: z.string(),\n});\n',
  };
}

/** Nobody waits before an endpoint is asked again: what a check finds does not depend on how long that was. */
const hurriedClock: Clock = { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(1, signal) };

const SILENT = { write: () => {}, isTTY: false, columns: 80, color: false };

/** The context of a command in this process: no terminal, nobody to ask; what it writes to stderr is kept. */
export function quietContext(cwd: string, env: Record<string, string> = {}): Context & { said: string[] } {
  const said: string[] = [];
  const stderr = { ...SILENT, write: (text: string) => void said.push(text) };
  return {
    said,
    env,
    cwd,
    clock: hurriedClock,
    signal: new AbortController().signal,
    configFile: undefined,
    yes: false,
    json: false,
    io: {
      stdout: SILENT,
      stderr,
      stdinIsTTY: false,
      readStdin: async () => "",
      streamStdin: async function* () {},
      prompt: undefined,
      note: (text) => void said.push(text),
      debug: () => {},
    },
  };
}

/** What a check ends with: its exit code as `main` gives it, the JSON report, the text on stdout and stderr. */
export interface Checked {
  code: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into the report as a reader of its JSON would
  report: any;
  stdout: string;
  stderr: string;
}

/** Runs `integ check` in this process. Rejects where the command would end with code 2 and more. */
export async function checkIn(
  cwd: string,
  options: Partial<CheckCommandOptions> = {},
  env: Record<string, string> = {},
): Promise<Checked> {
  const ctx = quietContext(cwd, env);
  const result = await runCheckCommand({ ...CHECK_DEFAULTS, ...options }, ctx);
  const findings = result.findings ?? [];
  const report = buildReport({ command: "check", startedAt: 0, durationMs: 0, findings, data: result.data });
  const failOn = (["error", "warning", "info", "never"] as const).find((name) => name === options.failOn);
  return {
    code: result.exitCode ?? exitCodeOf(findings, failOn ?? "error"),
    report: JSON.parse(JSON.stringify(report)),
    stdout: result.text?.({ style: plainStyle, columns: 100 }) ?? "",
    stderr: ctx.said.join(""),
  };
}
