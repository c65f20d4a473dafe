import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { UsageError } from "../../base/errors.ts";

/** git, as the user has it; told apart from a failure: that there is none, and that this is no repository. */
export class Git {
  readonly #cwd: string;
  readonly #signal: AbortSignal;

  constructor(cwd: string, signal: AbortSignal) {
    this.#cwd = cwd;
    this.#signal = signal;
  }

  #start(args: readonly string[]): ChildProcess {
    return spawn("git", args, { cwd: this.#cwd, stdio: ["pipe", "pipe", "pipe"], signal: this.#signal });
  }

  /** What a command prints. @throws UsageError where git refuses, in its own words */
  async output(args: readonly string[]): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(args)) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  }

  /** Names that a command prints with NUL between them. */
  async names(args: readonly string[]): Promise<string[]> {
    return (await this.output(args)).split("\0").filter((name) => name !== "");
  }

  /** What a command prints, as it comes. @param input lines for its standard input, as they come */
  async *stream(args: readonly string[], input?: AsyncIterable<string>): AsyncGenerator<Buffer> {
    const child = this.#start(args);
    const failed = once(child, "error").then(([error]) => error);
    const ended = once(child, "close").catch(() => []);
    // A child that ends before it has read everything is told by its exit code.
    child.stdin?.on("error", () => {});
    let words = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      words += chunk.toString("utf8");
    });
    const feeding = feed(child, input).catch((error: unknown) => {
      child.stdin?.destroy();
      return error;
    });
    for await (const chunk of child.stdout ?? []) yield chunk;
    const outcome = await Promise.race([failed, ended]);
    this.#signal.throwIfAborted();
    if (outcome instanceof Error) throw refused(outcome.message);
    const unfed = await feeding;
    if (unfed !== undefined) throw unfed;
    if (child.exitCode !== 0) throw refused(/^(?:fatal|error): (.*)$/m.exec(words)?.[1] ?? words.trim());
  }

  /** Whether this is a directory of a repository that git can read. */
  async isRepository(): Promise<boolean> {
    try {
      return (await this.output(["rev-parse", "--is-inside-work-tree"])).trim() === "true";
    } catch (error) {
      if (error instanceof UsageError) return false;
      throw error;
    }
  }
}

async function feed(child: ChildProcess, input: AsyncIterable<string> | undefined): Promise<void> {
  for await (const line of input ?? []) {
    if (child.stdin?.destroyed) return;
    if (child.stdin?.write(line) === false) {
      await Promise.race([once(child.stdin, "drain"), once(child, "close")]);
    }
  }
  child.stdin?.end();
}

const refused = (why: string) => new UsageError(`git: ${why}`, { code: "scan/git" });
