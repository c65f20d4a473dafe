import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { binary } from "../support/cli.ts";
import { hasKeyring, startBus } from "../support/keyring.ts";
import { expectRotated, NAME, type Shop, shop } from "./rotation-shop.ts";

/** Runs a rotation that is killed by `when`, and waits for its end. */
function killed({ cwd, env, provider }: Shop, when: (kill: () => void) => void): Promise<void> {
  const child = spawn(process.execPath, [binary, "secrets", "rotate", NAME, "--grace", "0s", "--yes"], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: "ignore",
  });
  when(() => void child.kill("SIGKILL"));
  return new Promise((resolve) => {
    child.on("exit", () => {
      provider.meddle = () => {};
      resolve();
    });
  });
}

describe("killed by SIGKILL and started again", () => {
  /** The app, here and deployed: reads the secret and uses it, all the while. */
  function app({ current, deployed, provider }: Shop): {
    stop: () => Promise<{ reads: number; failures: number }>;
  } {
    let running = true;
    const result = { reads: 0, failures: 0 };
    const loop = (async () => {
      while (running) {
        const value = await current();
        const response = await fetch(`${provider.url}/v1/balance`, {
          headers: { authorization: `Bearer ${value}`, "x-app": "1" },
        });
        await response.arrayBuffer();
        // A key may be revoked between the read and the request: then a fresh read must work.
        if (response.status !== 200 && !provider.honours(await current())) result.failures += 1;
        const copy = await deployed();
        if (!provider.honours(copy) && !provider.honours(await deployed())) result.failures += 1;
        result.reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      return result;
    })();
    return {
      stop: () => {
        running = false;
        return loop;
      },
    };
  }

  /** All moments take minutes; alternating ones take seconds, and the engine's own test dies at every operation. */
  const thorough = process.env.INTEG_THOROUGH !== undefined;
  const moments = (at: number) =>
    thorough ? (["before", "after"] as const) : ([at % 2 ? "after" : "before"] as const);

  test("before and after every request to the provider, on the vault", { timeout: 300_000 }, async () => {
    for (let at = 1; at <= 12; at++) {
      for (const moment of moments(at)) {
        const s = await shop();
        let requests = 0;
        await killed(s, (kill) => {
          s.provider.meddle = (request) => {
            if (request.moment === "before") requests += 1;
            if (requests === at && request.moment === moment) kill();
          };
        });
        const reading = app(s);
        expect(await s.cli(`secrets rotate ${NAME} --grace 0s --yes`)).toMatchObject({ code: 0 });
        const { reads, failures } = await reading.stop();
        expect([reads > 0, failures]).toEqual([true, 0]);
        await expectRotated(s);
        if (requests < at) return;
      }
    }
  });

  test.each(["before", "after"])("%s the value is pushed", { timeout: 120_000 }, async (moment) => {
    const s = await shop();
    await writeFile(join(s.cwd, `kill-${moment}`), "");
    const reading = app(s);
    await killed(s, () => {});
    expect(s.provider.keys.size).toBe(3);
    expect(await s.cli(`secrets rotate ${NAME} --end-grace --yes`)).toMatchObject({ code: 0 });
    expect((await reading.stop()).failures).toBe(0);
    await expectRotated(s);
  });

  test("at any time, on the vault", { timeout: 300_000 }, async () => {
    const runs = thorough ? 24 : 4;
    for (let run = 0; run < runs; run++) {
      const s = await shop();
      const reading = app(s);
      await killed(s, (kill) => void setTimeout(kill, 250 + (run * 480) / runs));
      expect(await s.cli(`secrets rotate ${NAME} --grace 0s --yes`)).toMatchObject({ code: 0 });
      expect((await reading.stop()).failures).toBe(0);
      await expectRotated(s);
    }
  });

  test.skipIf(!hasKeyring())(
    "at requests to the provider, on a real keyring",
    { timeout: 300_000 },
    async () => {
      const bus = await startBus();
      await bus.startService();
      for (const [at, moment] of [
        [3, "after"],
        [8, "before"],
      ] as const) {
        const s = await shop(undefined, { ...bus.env });
        let requests = 0;
        await killed(s, (kill) => {
          s.provider.meddle = (request) => {
            if (request.moment === "before") requests += 1;
            if (requests === at && request.moment === moment) kill();
          };
        });
        expect(await s.cli(`secrets rotate ${NAME} --grace 0s --yes`)).toMatchObject({ code: 0 });
        await expectRotated(s);
      }
    },
  );
});
