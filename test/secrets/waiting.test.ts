import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { abandonedCalls } from "../../src/base/abandoned.ts";
import { finish } from "../../src/host/finish.ts";
import { keychainError } from "../../src/secrets/stores/keychain-errors.ts";
import { waitFor } from "../../src/secrets/stores/waiting.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => {});

function ending() {
  const calls: string[] = [];
  return {
    calls,
    host: {
      pid: 1,
      exitCode: undefined as number | undefined,
      execve: (_: string, args: string[]) => void calls.push(args.join(" ")),
      kill: () => void calls.push("killed"),
    },
  };
}

describe("waiting for the keychain", () => {
  test("gives the answer, says nothing, and leaves the process to its natural end", async () => {
    const onWait = vi.fn();
    expect(await waitFor(Promise.resolve("secret"), { timeoutMs: 5000, onWait })).toBe("secret");
    vi.advanceTimersByTime(10_000);
    expect(onWait).not.toHaveBeenCalled();
    const { host, calls } = ending();
    finish(host, 4);
    vi.advanceTimersByTime(1000);
    expect([host.exitCode, calls]).toEqual([4, []]);
  });

  test("says what it waits for, then gives up; a call left behind does not keep the process", async () => {
    const onWait = vi.fn();
    const answer = waitFor(never, { timeoutMs: 5000, onWait }).catch((error: unknown) => error);
    vi.advanceTimersByTime(3000);
    expect(onWait).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(2000);
    const error = await answer;
    expect(keychainError(error, "keychain entry", "shop/dev")).toMatchObject({
      code: "secret/locked",
      hint: expect.stringMatching(/dialog may be waiting/),
    });
    expect(abandonedCalls.any()).toBe(true);
    const { host, calls } = ending();
    finish(host, 4);
    vi.advanceTimersByTime(1000);
    expect([host.exitCode, calls[0]]).toEqual([4, "sh -c exit 4"]);
  });

  test("Ctrl-C ends the wait at once", async () => {
    const controller = new AbortController();
    const answer = waitFor(never, { timeoutMs: 120_000, signal: controller.signal });
    controller.abort(new Error("interrupted"));
    await expect(answer).rejects.toThrow("interrupted");
  });
});

describe("what other platforms' keychains say is sorted too", () => {
  test.each([
    ["darwin", "User interaction is not allowed. (-25308)", "secret/locked"],
    ["darwin", "The user name or passphrase you entered is not correct. (-25293)", "secret/locked"],
    ["linux", "Secret Service: no result found", "secret/unavailable"],
    ["linux", "Entry is matched by 2 credentials: a, b", "secret/ambiguous"],
    ["win32", "Something never seen before", "secret/unavailable"],
  ] as const)("%s: %s", (platform, message, code) => {
    expect(keychainError(new Error(message), "keychain entry", "shop/dev", platform)).toMatchObject({ code });
  });
});
