import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { Collector } from "../../src/contract/infer.ts";
import { writeContract } from "../../src/contract/store.ts";
import { repositoryFile } from "../support/markdown.ts";
import { checkIn, projectWith, serve } from "./project.ts";

const answer = z.object({
  method: z.string(),
  url: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.unknown()),
  body: z.unknown(),
});
const pairs = z.array(z.object({ old: answer, new: answer }));
type Pair = z.infer<typeof pairs>[number];

const recorded = repositoryFile("../shared/data/live");
const files = existsSync(recorded) ? readdirSync(recorded).sort() : [];

/** What two versions of a server might have answered: nothing changed, a page around a list, a property less and one more. */
const OWN: Pair[] = (() => {
  const things = [{ id: "t_1", name: "one" }];
  const of = (path: string, body: unknown, status = 200) => ({
    method: "GET",
    url: `http://127.0.0.1:9${path}`,
    status,
    headers: { "content-type": "application/json" },
    body,
  });
  const account = { id: "a_1", owner: { name: "Ann", email: "a@example.com" } };
  return [
    { old: of("/same", account), new: of("/same", { ...account, id: "a_2" }) },
    { old: of("/things", things), new: of("/things", { items: things, next: null }) },
    {
      old: of("/account", account),
      new: of("/account", { id: "a_1", owner: { name: "Ann" }, plan: "free" }),
    },
    { old: of("/gone", account), new: of("/gone", { message: "not found" }, 404) },
  ];
})();

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const key = (name: string) => (/^[A-Za-z_][\w]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);

/** Addresses and ids of devices are data in the place of names: that one of them goes is no change of the API. */
const isName = (text: string) => /^[A-Za-z_][\w.-]{0,39}$/.test(text);

/** Paths of properties that the old body has and the new one has not, where both have the object around. */
function removed(old: unknown, next: unknown, path = "$"): string[] {
  if (!isObject(old) || !isObject(next)) return [];
  const named = Object.entries(old).filter(([name]) => isName(name));
  return named.flatMap(([name, value]) =>
    Object.hasOwn(next, name) ? removed(value, next[name], path + key(name)) : [path + key(name)],
  );
}

/** Whether a body still has what a path without wildcards names. */
function has(body: unknown, path: string): boolean {
  const names = [...path.matchAll(/\.([A-Za-z_]\w*)|\["((?:[^"\\]|\\.)*)"\]/g)].map(
    ([, plain, quoted]) => plain ?? JSON.parse(`"${quoted}"`),
  );
  let at: unknown = body;
  for (const name of names) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return false;
    at = at[name];
  }
  return true;
}

const SAMPLES = 30;

/** Checks a server of the new version by contracts of the old one; endpoint `e3` is the fourth usable pair. */
async function checkPairs(all: readonly Pair[], samples = 1) {
  const usable = all.filter(({ old }) => old.method === "GET" && old.status === 200 && isJson(old.body));
  const url = await serve((request, response) => {
    const pair = usable[Number(/^\/e(\d+)/.exec(request.url ?? "")?.[1])];
    response.writeHead(pair?.new.status ?? 500, { "content-type": "application/json" });
    response.end(JSON.stringify(pair?.new.body));
  });
  const lines = usable.map((_, at) => `  e${at}: { request: GET /e${at} }`);
  const cwd = await projectWith({
    "integ.config.yaml": "project: pairs\nsecrets: { store: env }\n",
    "src/integrations/server/integration.yaml": `name: server\nbaseUrl: ${url}\nactive: v1\nversions: { v1: {} }\nendpoints:\n${lines.join("\n")}\n`,
    "src/integrations/server/v1/client.ts": "export {};\n",
  });
  for (const [at, { old }] of usable.entries()) {
    const collector = new Collector();
    for (let i = 0; i < SAMPLES; i++) collector.add(old.body);
    await writeContract(join(cwd, `src/integrations/server/v1/contract/e${at}.json`), {
      shape: collector.shape(),
      request: `GET /e${at}`,
      status: 200,
      contentType: "application/json",
      samples: SAMPLES,
      headers: [],
      title: "",
    });
  }
  return { usable, checked: await checkIn(cwd, { only: "contract,probe", samples }) };
}

const isJson = (body: unknown) => isObject(body) || Array.isArray(body);

interface Seen {
  rule: string;
  severity: string;
  endpoint: string;
  path?: string;
}

/** What of a pair the check got wrong, one line each. */
function wrong({ old, new: next }: Pair, endpoint: string, findings: readonly Seen[]): string[] {
  const here = findings.filter((one) => one.endpoint === endpoint);
  const drift = here.filter(({ rule }) => rule.startsWith("contract/"));
  const what = `${endpoint} ${old.url}`;
  if (next.status !== 200) {
    // Another status says nothing of the body's contract.
    return drift.length === 0 && here.some(({ severity }) => severity === "inconclusive")
      ? []
      : [`${what}: ${next.status} is judged as ${JSON.stringify(here)}`];
  }
  if (JSON.stringify(old.body) === JSON.stringify(next.body)) {
    return drift.map(({ rule, path }) => `${what}: nothing changed, and ${rule} at ${path}`);
  }
  const told = drift.flatMap(({ path }) => path ?? []);
  const silent = removed(old.body, next.body)
    .filter(
      (path) =>
        !told.some((other) => path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`)),
    )
    .map((path) => `${what}: ${path} is gone, and nobody says so`);
  const phantoms = drift
    .filter(
      ({ rule, path = "" }) =>
        rule === "contract/property-removed" && !path.includes("[*]") && has(next.body, path),
    )
    .map(({ path }) => `${what}: ${path} is said to be gone, and is there`);
  return [...silent, ...phantoms];
}

const wrongOf = ({ usable, checked }: Awaited<ReturnType<typeof checkPairs>>) =>
  usable.flatMap((pair, at) => wrong(pair, `e${at}`, checked.report.findings));

test("two versions of a server: what is gone is an error, what came is not, 404 is inconclusive", async () => {
  const result = await checkPairs(OWN, 10);
  expect(wrongOf(result)).toEqual([]);
  const found = result.checked.report.findings.map(({ rule, severity, endpoint, path }: Seen) =>
    `${severity} ${rule} ${endpoint} ${path ?? ""}`.trim(),
  );
  expect(result.checked.code).toBe(1);
  expect(found).toEqual([
    "error contract/envelope-changed e1 $",
    "error contract/property-removed e2 $.owner.email",
    "inconclusive probe/not-found e3",
    "info contract/property-added e2 $.plan",
  ]);
});

describe.skipIf(files.length === 0)("answers recorded of two versions of real servers", () => {
  test.each(files)("%s", async (file) => {
    const all = pairs.parse(JSON.parse(gunzipSync(readFileSync(join(recorded, file))).toString("utf8")));
    const result = await checkPairs(all);
    expect(result.usable.length).toBeGreaterThan(0);
    expect(wrongOf(result)).toEqual([]);
  });
});
