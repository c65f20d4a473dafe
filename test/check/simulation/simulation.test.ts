import { join } from "node:path";
import { expect, test } from "vitest";
import type { Clock } from "../../../src/base/context.ts";
import { exitCodeOf } from "../../../src/base/exit-policy.ts";
import type { Finding } from "../../../src/base/finding.ts";
import { openConsumerHost } from "../../../src/check/consumer/host.ts";
import { openContractJudges } from "../../../src/check/contract/judges.ts";
import { PARTS } from "../../../src/check/parts.ts";
import { openRooms } from "../../../src/check/rooms.ts";
import { runCheck } from "../../../src/check/run.ts";
import { loadProject } from "../../../src/config/load.ts";
import { resolveTargets } from "../../../src/config/targets.ts";
import { infer } from "../../../src/contract/infer.ts";
import { writeContract } from "../../../src/contract/store.ts";
import { projectWith, quietContext, shop } from "../project.ts";
import { provider } from "./provider.ts";

const DAYS = 90;
const RUNS_A_DAY = 4;
const BREAKS_ON = 63;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

const SCHEMAS = `import * as z from "zod";
export const Thing = z.object({
  id: z.string(),
  amount: z.number(),
  currency: z.string(),
  email: z.string(),
  note: z.string().nullable(),
  nickname: z.string().optional(),
  items: z.array(z.object({ sku: z.string(), price: z.number(), discount: z.number().optional() })),
});
`;

/** Time that only waiting and the schedule move on. */
function time(): Clock & { jump(to: number): void } {
  let now = START;
  return {
    now: () => now,
    monotonic: () => now - START,
    sleep: async (ms) => {
      now += ms;
    },
    jump: (to) => {
      now = Math.max(now, to);
    },
  };
}

/** Checks four times a day for ninety days; gives the findings of each run with the day it ran on. */
async function ninetyDays(seed: number): Promise<{ day: number; findings: readonly Finding[] }[]> {
  const clock = time();
  const http = provider({ seed, clock, start: START, breaksOn: BREAKS_ON });
  const cwd = await projectWith({ ...shop("https://api.acme.test", { schemas: SCHEMAS }) });
  const shape = await infer(Array.from({ length: 40 }, () => http.answer(0)));
  await writeContract(join(cwd, "src/integrations/acme/v1/contract/get-thing.json"), {
    shape,
    request: "GET /thing",
    status: 200,
    contentType: "application/json",
    samples: 40,
    headers: [],
    title: "acme get-thing",
  });
  const project = await loadProject({ cwd, configFile: undefined });
  const targets = resolveTargets(project, [], { env: undefined });
  const host = openConsumerHost();
  const judges = openContractJudges();
  try {
    const runs = [];
    for (let run = 0; run < DAYS * RUNS_A_DAY; run++) {
      clock.jump(START + (run * DAY) / RUNS_A_DAY);
      const day = run / RUNS_A_DAY;
      const ctx = { ...quietContext(cwd), clock };
      const rooms = openRooms(project, { ctx, http, host, judges });
      const options = { parts: new Set(PARTS), samples: 5, limits: {}, everything: true, signal: ctx.signal };
      const { findings } = await runCheck(project, targets, rooms, options, clock);
      runs.push({ day, findings });
    }
    return runs;
  } finally {
    host.close();
    await judges.close();
  }
}

test.each([1, 2])(
  "ninety days of outages, deploys and experiments: the one real break within a run, and no other alarm (seed %i)",
  async (seed) => {
    const runs = await ninetyDays(seed);
    const codes = runs.map(({ findings }) => exitCodeOf([...findings], "error"));
    const before = runs.findIndex(({ day }) => day >= BREAKS_ON);
    const falseAlarms = runs
      .slice(0, before)
      .filter((_, index) => codes[index] === 1)
      .map(({ day, findings }) => ({ day, said: findings.filter(({ severity }) => severity === "error") }));
    expect(falseAlarms).toEqual([]);
    // The break is found by the first run after it, as one thing at its place, and by every run that gets an answer since.
    expect(codes[before]).toBe(1);
    for (const { findings } of runs.slice(before)) {
      const errors = findings.filter(({ severity }) => severity === "error");
      expect(errors.filter(({ path }) => path !== "$.email")).toEqual([]);
      const isDown = findings.some(({ severity }) => severity === "inconclusive");
      expect(errors.length === 1 || isDown).toBe(true);
    }
    // Outages were there, and were said to be what they are: unknown.
    expect(codes.slice(0, before).filter((code) => code === 3).length).toBeGreaterThan(10);
    expect(runs.flatMap(({ findings }) => findings).filter(({ rule }) => rule === "probe/flaky")).not.toEqual(
      [],
    );
    const warnings = runs
      .slice(0, before)
      .flatMap(({ findings }) => findings)
      .filter(({ severity }) => severity === "warning");
    expect(warnings.map(({ rule, path }) => `${rule} ${path}`)).toEqual([]);
  },
);
