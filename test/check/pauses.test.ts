import { expect, test } from "vitest";
import type { Clock } from "../../src/base/context.ts";
import { CHECK_DEFAULTS } from "../../src/commands/check/options.ts";
import { run } from "../../src/commands/check/run.ts";
import { systemClock } from "../../src/host/clock.ts";
import { projectWith, quietContext, serve, shop } from "./project.ts";

/** Checks the one endpoint of a provider that always answers so. @returns how often it was asked, and the milliseconds waited for in between */
async function patience(status: number, headers: Record<string, string>, body = "{}") {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked++;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  const pauses: number[] = [];
  let waited = 0;
  /** Nobody waits, and the time has passed all the same. */
  const clock: Clock = {
    now: () => systemClock.now() + waited,
    monotonic: () => systemClock.monotonic() + waited,
    sleep: async (ms) => {
      pauses.push(ms);
      waited += ms;
    },
  };
  const ctx = { ...quietContext(await projectWith(shop(url))), clock };
  await run({ ...CHECK_DEFAULTS, only: "contract" }, ctx);
  return { asked, pauses };
}

test.each([
  ["a provider that is down", 503, {}, "{}", [300, 1500]],
  ["one that says when to come back", 503, { "retry-after": "2" }, "{}", [2000, 2000]],
  ["one that is spent and says when to come back", 429, { "retry-after": "1" }, "{}", [1000, 1000]],
  ["an answer that is no JSON", 200, {}, '{"id":', [300, 1500]],
  ["a web page in place of an answer", 200, { "content-type": "text/html" }, "<html>", [300, 1500]],
])(
  "%s is asked again twice, after the pause that it asks for, or a short and a longer one",
  async (_name, status, headers, body, pauses) => {
    expect(await patience(status, headers as Record<string, string>, body)).toEqual({ asked: 3, pauses });
  },
);

test.each([
  ["asks for a minute", 503, { "retry-after": "60" }],
  ["is spent and does not say until when", 429, {}],
  ["refuses the credential", 401, {}],
  ["knows no such address", 404, {}],
])("a provider that %s is not asked again", async (_name, status, headers) => {
  expect((await patience(status, headers as Record<string, string>)).asked).toBe(1);
});
