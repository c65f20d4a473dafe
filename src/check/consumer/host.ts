import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Description, ParseOutcome, Request, Response } from "./protocol.ts";

/** Why the consumer's module gave no answer. */
export interface ConsumerFailure {
  failed: string;
  /** The line of the module on which it threw, where it did. */
  line?: number | undefined;
}

/** The process that holds the user's schema modules. Ask it in any order; it is started when first asked. */
export interface ConsumerHost {
  /** Turns the named exports of a module into JSON Schema. */
  describe(file: string, names: readonly string[]): Promise<Map<string, Description> | ConsumerFailure>;
  /** Parses samples with an export, in order. */
  parse(file: string, name: string, values: readonly unknown[]): Promise<ParseOutcome[] | ConsumerFailure>;
  close(): void;
}

/** `dist/consumer.js` of the package that this file is in, whether it runs bundled or from its source. */
function childEntry(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package.json"))) directory = dirname(directory);
  return join(directory, "dist", "consumer.js");
}

/** Node's permission model: no writing, no programs, no native code (and no network where Node can forbid it). */
function permissionFlag(): string {
  return process.allowedNodeEnvironmentFlags.has("--permission")
    ? "--permission"
    : "--experimental-permission";
}

function start(): ChildProcess {
  // Windows cannot load its own libraries without this one.
  const env = process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot };
  const child = fork(childEntry(), [], {
    env,
    execArgv: [permissionFlag(), "--allow-fs-read=*", "--max-old-space-size=512", "--no-warnings"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // Neither the process nor its channel keeps the parent alive: whoever waits for an answer does.
  child.unref();
  child.channel?.unref();
  return child;
}

/** The process is no more. A module that was asked before may have ended it. */
interface Ended extends ConsumerFailure {
  ended: true;
}

/** The schema library is loaded where there are schemas to ask. */
async function exchange(
  child: ChildProcess,
  request: Request,
  timeoutMs: number,
): Promise<Response | ConsumerFailure | Ended> {
  const { response } = await import("./protocol.ts");
  return new Promise((resolve) => {
    const finish = (result: Response | ConsumerFailure | Ended) => {
      clearTimeout(timer);
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      resolve(result);
    };
    const onMessage = (message: unknown) => {
      const parsed = response.safeParse(message);
      if (parsed.success && parsed.data.id === request.id) finish(parsed.data);
    };
    const onExit = () => finish({ failed: "its process ended without an answer", ended: true });
    const onError = (error: Error) =>
      finish({ failed: `its process could not be used: ${error.message}`, ended: true });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      finish({ failed: `it gave no answer within ${timeoutMs / 1000} s` });
    }, timeoutMs);
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
    child.send(request, (error) => {
      if (error) onError(error);
    });
  });
}

/**
 * Opens a host for consumer modules. Requests are answered one after the other; one that takes longer than `timeoutMs`
 * (default 30 s, for a busy machine; an endless loop on import, a refinement that waits) ends the process, and the next request starts a
 * fresh one. A request whose process ends under it is put once more, to a process that only its own module was loaded in: so a bad
 * module never spoils the judgement of another.
 */
export function openConsumerHost({ timeoutMs = 30_000 } = {}): ConsumerHost {
  let child: ChildProcess | undefined;
  let nextId = 1;
  let queue: Promise<unknown> = Promise.resolve();
  const usable = () => child?.connected === true && !child.killed;
  const ask = (request: Request): Promise<Response | ConsumerFailure> => {
    const turn = queue.then(async () => {
      const before = usable() ? child : undefined;
      child = before ?? start();
      const reply = await exchange(child, request, timeoutMs);
      if (!("ended" in reply) || !before) return reply;
      before.kill("SIGKILL");
      child = start();
      return exchange(child, request, timeoutMs);
    });
    queue = turn;
    return turn;
  };
  const failure = (reply: Response | ConsumerFailure): ConsumerFailure => {
    if ("failed" in reply) return { failed: reply.failed };
    return "message" in reply
      ? { failed: reply.message, line: reply.line }
      : { failed: "it gave another answer" };
  };
  return {
    describe: async (file, names) => {
      const reply = await ask({ id: nextId++, ask: "describe", file, names });
      return "answer" in reply && reply.answer === "describe"
        ? new Map(Object.entries(reply.schemas))
        : failure(reply);
    },
    parse: async (file, name, values) => {
      const reply = await ask({ id: nextId++, ask: "parse", file, name, values });
      return "answer" in reply && reply.answer === "parse" ? reply.outcomes : failure(reply);
    },
    close: () => {
      child?.kill("SIGKILL");
      child = undefined;
    },
  };
}
