import { describe, expect, test } from "vitest";
import { plainStyle } from "../../../src/base/style.ts";
import { run as usage } from "../../../src/commands/usage/run.ts";
import { infer } from "../../../src/contract/infer.ts";
import { formatContract } from "../../../src/contract/store.ts";
import { checkIn, projectWith, quietContext, serveJson, shop } from "../project.ts";

const SCHEMAS = `import * as z from "zod";
export const Thing = z.object({
  id: z.string(),
  email: z.string(),
  nick: z.string().optional(),
  idle: z.string().optional(),
  needed: z.string(),
});
export type Thing = z.infer<typeof Thing>;
`;
const CODE = `import type { Thing } from "./integrations/acme/v1/schemas.ts";
export const mail = ({ email, nick }: Thing) => \`\${email} \${nick}\`;
export const log = (thing: Thing) => JSON.stringify(thing.id);
`;
/** As the test of a scaffolded module does: it takes the whole response. */
const TEST = `import type { Thing } from "./integrations/acme/v1/schemas.ts";
declare function expect(value: unknown): { toEqual(other: unknown): void };
export const same = (thing: Thing) => expect(thing).toEqual({ idle: thing.idle });
`;
const TSCONFIG =
  '{ "compilerOptions": { "module": "nodenext", "strict": true, "noEmit": true, "types": [], "allowImportingTsExtensions": true }, "include": ["src"] }';

const whole = (i: number) => ({
  id: `t_${i}`,
  email: `p${i}@example.com`,
  nick: "n",
  idle: "i",
  needed: "x",
});

async function project(baseUrl: string) {
  const samples = Array.from({ length: 40 }, (_, i) => whole(i));
  const contract = {
    shape: await infer(samples),
    request: "GET /thing",
    status: 200,
    contentType: "application/json",
    samples: samples.length,
    headers: [],
    title: "",
  };
  return projectWith({
    ...shop(baseUrl, { schemas: SCHEMAS }),
    "tsconfig.json": TSCONFIG,
    "src/mail.ts": CODE,
    "src/mail.test.ts": TEST,
    "src/integrations/acme/v1/contract/get-thing.json": formatContract(contract),
  });
}

describe("a change and the code that reads it", () => {
  test("removed and read is an error with the lines; removed and read by nobody is an info", async () => {
    const { id } = whole(1);
    const cwd = await project(await serveJson(() => ({ body: { id } })));
    const { report, stdout } = await checkIn(cwd, { samples: 10 });
    const byPath = new Map(
      report.findings.map((one: { path?: string; rule: string }) => [`${one.rule} ${one.path}`, one]),
    );
    const at = (line: number) => [expect.objectContaining({ file: "src/mail.ts", line })];
    // Refused by our schema: an error whoever reads it.
    expect(byPath.get("contract/property-removed $.email")).toMatchObject({
      severity: "error",
      location: { file: "src/integrations/acme/v1/schemas.ts", line: 4 },
      evidence: { readBy: at(2) },
    });
    expect(byPath.get("contract/property-removed $.needed")).toMatchObject({
      severity: "error",
      evidence: { readBy: [] },
    });
    // Accepted by our schema: it depends on who reads it.
    expect(byPath.get("contract/property-removed $.nick")).toMatchObject({
      severity: "error",
      evidence: { readBy: at(2) },
    });
    expect(byPath.get("contract/property-removed $.idle")).toMatchObject({
      severity: "info",
      evidence: { readBy: [] },
    });
    expect(stdout).toContain("read at src/mail.ts:2");
    expect(stdout).toContain("no code reads it by name");
  });

  test("integ usage lists for every field who reads it", async () => {
    const cwd = await project("http://127.0.0.1:9");
    const { data, text } = await usage({ targets: [], env: undefined, unused: false }, quietContext(cwd));
    expect(data).toMatchObject({
      endpoints: [
        {
          fields: [
            { path: "$.email", readBy: ["src/mail.ts:2"], passedOnAt: [] },
            { path: "$.id", readBy: ["src/mail.ts:3"] },
            { path: "$.idle", readBy: [] },
            { path: "$.needed", readBy: [] },
            { path: "$.nick", readBy: ["src/mail.ts:2"] },
          ],
        },
      ],
    });
    const shown = text?.({ style: plainStyle, columns: 160 }) ?? "";
    expect(shown).toMatch(/\$\.email .*src\/mail\.ts:2/);
    expect(shown).toMatch(/\$\.idle .*nobody/);
    const idle = await usage({ targets: [], env: undefined, unused: true }, quietContext(cwd));
    expect(idle.text?.({ style: plainStyle, columns: 160 })).not.toContain("$.email");
  });
});
