import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { infer } from "../../src/contract/infer.ts";
import { writeContract } from "../../src/contract/store.ts";
import { integInProcess } from "../support/in-process.ts";
import { projectWith, serve, shop } from "./project.ts";

const bin = fileURLToPath(new URL("../../bin/integ.cjs", import.meta.url));

/** What each endpoint answers; all were recorded with `id` and `email`. */
const WHOLE = { id: "t_1", email: "p@example.com" };
const ANSWERS: Readonly<Record<string, { status?: number; body?: string; type?: string }>> = {
  "/fine": { body: JSON.stringify(WHOLE) },
  "/broken": { body: JSON.stringify({ id: "t_1" }) },
  "/more": { body: JSON.stringify({ ...WHOLE, added: 1 }) },
  "/down": { status: 503 },
  "/throttled": { status: 429 },
  "/forbidden": { status: 403 },
  "/missing": { status: 404 },
  "/gone": { status: 410 },
  "/refused": { status: 401 },
  "/page": { body: "<html>sign in</html>", type: "text/html" },
  "/cut": { body: '{"id": "t_' },
  "/unrecorded": { body: JSON.stringify(WHOLE) },
};
const RECORDED = Object.keys(ANSWERS).filter((path) => path !== "/unrecorded");

const KEYED = `name: keyed
baseUrl: http://127.0.0.1:9
active: v1
versions: { v1: {} }
auth: { scheme: bearer, secret: api_key }
secrets: { api_key: { env: KEYED_API_KEY } }
endpoints:
  get: { request: GET /get }
`;

/** A project of all of them; `asked` resolves when `/hangs` has been asked. */
async function project(): Promise<{ cwd: string; asked: Promise<void> }> {
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const url = await serve((request, response) => {
    // `/hangs` never answers.
    const answer = ANSWERS[request.url ?? ""];
    if (!answer) return isAsked();
    // Whoever asks again need not wait.
    const headers = { "content-type": answer.type ?? "application/json", "retry-after": "0" };
    response.writeHead(answer.status ?? 200, headers);
    response.end(answer.body ?? "{}");
  });
  const names = [...Object.keys(ANSWERS), "/hangs"].map((path) => path.slice(1));
  // A process for our schemas costs half a second: only where an answer is to be refused by them.
  const consumer = (name: string) => (name === "fine" || name === "broken" ? ", consumer: Thing" : "");
  const manifest = names.map((name) => `  ${name}: { request: GET /${name}${consumer(name)} }`).join("\n");
  const cwd = await projectWith({
    ...shop(url, { manifest, config: "secrets: { store: env }\nrules: {}\n" }),
    "src/integrations/keyed/integration.yaml": KEYED,
  });
  const shape = await infer(
    Array.from({ length: 40 }, (_, i) => ({ id: `t_${i}`, email: `p${i}@example.com` })),
  );
  for (const path of RECORDED) {
    await writeContract(join(cwd, `src/integrations/acme/v1/contract${path}.json`), {
      shape,
      request: `GET ${path}`,
      status: 200,
      contentType: "application/json",
      samples: 40,
      headers: [],
      title: path,
    });
  }
  return { cwd, asked };
}

/** Rows: what is asked, and the code that it must end with. All are of one project. */
const ROWS: readonly (readonly [code: number, args: string, why: string])[] = [
  [0, "acme/fine", "nothing found"],
  [0, "acme/more", "an info"],
  [0, "acme/broken --fail-on never", "an error that is not to count"],
  [0, "acme/down --inconclusive warn", "an outage that is only to be shown"],
  [0, "acme/broken --only config,secrets", "nothing is sent, so nothing is known to be broken"],
  [1, "acme/broken", "our schema refuses the answer"],
  [1, "acme/more --fail-on info", "an info, where that is to count"],
  [1, "acme/gone", "410: the provider says that it is over"],
  [1, "acme/refused", "401: our credential"],
  [1, "acme/broken acme/down", "an error and an outage: the error wins"],
  [1, "acme/broken --inconclusive warn", "an error stays one"],
  [1, "keyed/get", "a secret that is missing is a finding here"],
  [2, "--no-such-flag", "an unknown flag"],
  [2, "nobody/at-home", "an unknown target"],
  [2, "--env nowhere", "an unknown environment"],
  [2, "--only everything", "an unknown part"],
  [2, "--shard 3/2", "a shard that is not there"],
  [2, "--samples none", "no number"],
  [2, "--reporter carrier-pigeon", "an unknown format"],
  [2, "--reporter sarif --reporter junit", "two formats on one stream"],
  [2, "--har-in nowhere.har", "a recording that is not there"],
  [2, "--baseline nowhere.json", "a baseline that is not there"],
  [2, "--changed no-such-ref", "no git, or no such ref"],
  [3, "acme/down", "503"],
  [3, "acme/throttled", "429"],
  [3, "acme/forbidden", "403"],
  [3, "acme/missing", "404"],
  [3, "acme/page", "HTML where data belongs"],
  [3, "acme/cut", "JSON that is cut"],
  [3, "acme/unrecorded", "no contract"],
  [3, "acme/hangs --timeout 300ms", "no answer in time"],
  [3, "acme/hangs --max-time 300ms", "the run's time is over"],
  [3, "acme/down --fail-on never", "what is unknown is no finding below a bar"],
];

test("check ends with each code exactly where it is documented", async () => {
  const { cwd } = await project();
  const ended = await Promise.all(
    ROWS.map(async ([code, args, why]) => {
      const run = await integInProcess(["check", ...args.split(" ")], { cwd });
      return run.code === code
        ? undefined
        : `${args} (${why}): ${run.code}, not ${code}\n${run.stderr}${run.stdout}`;
    }),
  );
  expect(ended.filter((one) => one !== undefined)).toEqual([]);
  // The same once more where the project itself is at fault, and where there is none.
  await writeFile(join(cwd, "integ.config.yaml"), "project: [shop\n");
  expect((await integInProcess(["check"], { cwd })).code).toBe(2);
  expect((await integInProcess(["check"], { cwd: await projectWith({}) })).code).toBe(2);
});

test("a bug of ours ends with 5: asked to be reported, with no word of what was typed, and no report that somebody could take for one", async () => {
  const { cwd } = await project();
  // What no input of a user can do: one of our own calls throws.
  const broken = vi.spyOn(Date.prototype, "toISOString").mockImplementation(() => {
    throw new TypeError("never to be seen in the wild");
  });
  onTestFinished(() => broken.mockRestore());
  const bare = await integInProcess(["check", "acme/fine", "--baseline", "."], { cwd });
  expect(bare.code).toBe(2);
  const text = await integInProcess(["check", "acme/fine", "--fail-on", "never"], { cwd });
  expect([text.code, text.stdout]).toEqual([5, ""]);
  expect(text.stderr).toContain("bug in integ");
  const json = await integInProcess(["check", "acme/fine", "--json"], { cwd });
  expect(json.code).toBe(5);
  expect(JSON.parse(json.stdout)).toMatchObject({ report: "integ/1", error: expect.anything() });
  expect(json.stdout).not.toContain('"findings"');
  expect(text.stderr + json.stdout).not.toContain("acme/fine");
});

test("a check that is interrupted ends with 130 and says nothing of endpoints it did not judge", async () => {
  const { cwd, asked } = await project();
  const child = spawn(process.execPath, [bin, "check", "acme/hangs", "--json"], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  await asked;
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  expect(out).not.toContain('"findings"');
});
