import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { binary } from "./cli.ts";
import { home } from "./home.ts";

const run = promisify(execFile);

export interface TerminalOptions {
  cwd: string;
  /** Added to PATH and a home of the test's own; nothing else of our environment is passed on. */
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
}

/** A program in a real terminal that nobody else sees. */
export interface Terminal {
  /** Presses keys by tmux's names: `Enter`, `C-c`, `Down`, `Space`. */
  press(...keys: string[]): Promise<void>;
  /** Types text as it is. */
  type(text: string): Promise<void>;
  /** What is on the screen and above it, without colour. */
  screen(): Promise<string>;
  /** Waits until the screen has the text; fails with the screen when it does not come in a minute. */
  waitFor(text: string | RegExp): Promise<string>;
  /** Waits for the program's end and gives its exit code. */
  exitCode(): Promise<number>;
  /** Closes the terminal under the program. */
  hangUp(): Promise<void>;
  /** Every byte the program wrote, escape sequences included. */
  transcript(): Promise<string>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 40;

/** Writes the exit code down: tmux does not always learn it. The trap keeps the shell alive through a Ctrl-C. */
const REPORTING = 'trap : INT; "$@"; echo $? > "$0"';

async function until<T>(attempt: () => Promise<T | undefined>, failure: () => Promise<string>): Promise<T> {
  for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
    const result = await attempt();
    if (result !== undefined) return result;
    await delay(POLL_MS);
  }
  throw new Error(await failure());
}

/**
 * Starts the built CLI in a tmux server of its own (private socket, no configuration of the user's), which goes away
 * with the test.
 */
export async function terminal(args: readonly string[], options: TerminalOptions): Promise<Terminal> {
  const { cwd, env = {}, columns = 100, rows = 40 } = options;
  const room = await mkdtemp(join(tmpdir(), "integ-tmux-"));
  const config = join(room, "tmux.conf");
  const log = join(room, "log");
  const status = join(room, "status");
  // The pane stays after the program's end, so that its last words can be read.
  await writeFile(config, "set -g remain-on-exit on\nset -g history-limit 5000\nset -sg escape-time 0\n");
  const { PATH = "" } = process.env;
  const socket = `integ-${randomBytes(6).toString("hex")}`;
  const tmux = async (...words: string[]) => {
    const { stdout } = await run("tmux", ["-L", socket, "-f", config, ...words], {
      env: { PATH, HOME: room, TERM: "xterm-256color", TMUX_TMPDIR: room, LANG: "C.UTF-8" },
    });
    return stdout;
  };
  onTestFinished(async () => {
    await tmux("kill-server").catch(() => {});
    await rm(room, { recursive: true, force: true });
  });
  const variables = Object.entries({ PATH, HOME: home, TERM: "xterm-256color", LANG: "C.UTF-8", ...env });
  const program = ["env", "-i", ...variables.map(([name, value]) => `${name}=${value}`)];
  await tmux(
    ...["new-session", "-d", "-x", String(columns), "-y", String(rows), "-c", cwd],
    ...["--", "sh", "-c", REPORTING, status, ...program, process.execPath, binary, ...args],
    ...[";", "pipe-pane", "-o", `cat > '${log}'`],
  );

  const screen = async () => (await tmux("capture-pane", "-p", "-J", "-S", "-")).trimEnd();
  const shown = (text: string, pattern: string | RegExp) =>
    typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
  return {
    press: async (...keys) => void (await tmux("send-keys", ...keys)),
    type: async (text) => void (await tmux("send-keys", "-l", text)),
    screen,
    waitFor: (pattern) =>
      until(
        async () => {
          const text = await screen();
          return shown(text, pattern) ? text : undefined;
        },
        async () => `The screen never showed ${pattern}; it shows:\n${await screen()}`,
      ),
    exitCode: () =>
      until(
        async () => {
          const text = await readFile(status, "utf8").catch(() => "");
          return text.endsWith("\n") ? Number(text) : undefined;
        },
        async () => `The program did not end; the screen shows:\n${await screen()}`,
      ),
    hangUp: async () => void (await tmux("kill-server")),
    // An empty one would pass every test of what must not stand in it.
    transcript: () =>
      until(
        async () => (await readFile(log, "utf8").catch(() => "")) || undefined,
        async () => `The transcript stayed empty; the screen shows:\n${await screen()}`,
      ),
  };
}
