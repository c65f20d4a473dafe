import { fork } from "node:child_process";
import { packageFile } from "../../base/package-root.ts";
import { type ReadersReply, type ReadersRequest, readersReply } from "./protocol.ts";

/** A type check of a very large codebase on a busy machine takes this long; a type that never ends takes longer. */
const LONGEST_MS = 120_000;

/**
 * Asks the process that loads the project's TypeScript; it gets no environment variable and ends with its answer. Never
 * rejects: a process that fails, hangs or is aborted is an answer too.
 */
export function askForReaders(request: ReadersRequest, signal?: AbortSignal): Promise<ReadersReply> {
  // Windows cannot load its own libraries without this one.
  const env = process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot };
  const child = fork(packageFile("dist", "readers.js"), [], {
    env,
    execArgv: ["--max-old-space-size=4096", "--no-warnings"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve) => {
    const finish = (reply: ReadersReply) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      child.removeAllListeners();
      child.kill("SIGKILL");
      resolve(reply);
    };
    const fail = (message: string) => finish({ ok: false, message });
    const onAbort = () => fail("it was interrupted");
    const timer = setTimeout(() => fail(`it gave no answer within ${LONGEST_MS} ms`), LONGEST_MS);
    signal?.addEventListener("abort", onAbort, { once: true });
    child.on("message", (message: unknown) => {
      const { data } = readersReply.safeParse(message);
      if (data) finish(data);
      else fail("it gave another answer");
    });
    child.on("exit", () => fail("its process ended without an answer"));
    child.on("error", (error) => fail(error.message));
    if (signal?.aborted) onAbort();
    else child.send(request, (error) => error && fail(error.message));
  });
}
