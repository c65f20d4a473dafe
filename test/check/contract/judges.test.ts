import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openContractJudges } from "../../../src/check/contract/judges.ts";
import type { Question } from "../../../src/check/contract/question.ts";
import { infer } from "../../../src/contract/infer.ts";
import { writeContract } from "../../../src/contract/store.ts";
import { readBody } from "../../../src/http/body.ts";

let directory: string;
const file = (name: string) => join(directory, `${name}.json`);
const headers = { "content-type": "application/json" };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "integ-judges-"));
  const shape = await infer(Array.from({ length: 30 }, (_, id) => ({ id, name: "a", at: "2026-01-01" })));
  const contract = { shape, request: "GET /things", status: 200, contentType: headers["content-type"] };
  await writeContract(file("things"), { ...contract, samples: 30, headers: [], title: "" });
  writeFileSync(file("broken"), "{");
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function question(name: string, text: string, more: Partial<Question> = {}): Question {
  return {
    file: file(name),
    cwd: directory,
    request: "GET /things",
    subject: {
      integration: { name: "shop" },
      version: { name: "v1" },
      environment: { name: "dev" },
      endpoint: { name },
    },
    label: `shop@v1/${name}`,
    samples: [
      { status: 200, headers, body: readBody({ headers, body: Buffer.from(text) }), redirect: "none" },
    ],
    ...more,
  };
}

/** One of each kind of answer: drift, an integer that JavaScript cannot hold, text that is no JSON, contracts that are not there. */
const questions = () => [
  question("things", '{"id":1,"name":"a","at":"2026-01-01"}'),
  question("things", '{"id":12345678901234567891,"name":null,"extra":[1]}'),
  question("things", '{"id":'),
  question("things", "<!doctype html><p>Sorry"),
  question("things", "[]", { request: "GET /other" }),
  question("broken", "{}"),
  question("absent", "{}"),
];

async function judged(options: { expected?: number; few?: number; cores: number }) {
  const judges = openContractJudges(options);
  const findings = await Promise.all(questions().map((one) => judges.judge(one)));
  await judges.close();
  return findings;
}

describe("judging contracts beside the exchange", () => {
  test("a thread finds what the process itself finds, to the byte", async () => {
    const own = await judged({ cores: 1 });
    expect(own.map((found) => found.length > 0)).toEqual([false, true, true, true, true, true, true]);
    const beside = await judged({ few: 0, cores: 2 });
    expect(JSON.stringify(beside)).toBe(JSON.stringify(own));
    const fromTheStart = await judged({ expected: 100, cores: 2 });
    expect(JSON.stringify(fromTheStart)).toBe(JSON.stringify(own));
  });

  test("a thread that was started for many questions ends where none comes", async () => {
    const judges = openContractJudges({ expected: 100, cores: 2 });
    await judges.close();
  });

  test("what a thread has not answered when it ends is judged all the same", async () => {
    const judges = openContractJudges({ few: 0, cores: 2 });
    const [, drifted] = questions();
    if (!drifted) throw new Error("there is no such question");
    const pending = Array.from({ length: 5 }, () => judges.judge(drifted));
    await judges.close();
    const found = await Promise.all(pending);
    expect(found.map(({ length }) => length)).toEqual(Array.from({ length: 5 }, () => found[0]?.length));
    expect(found[0]?.length).toBeGreaterThan(1);
  });
});
