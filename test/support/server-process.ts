import { type ChildProcess, spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Somebody else's server, on 127.0.0.1. */
export interface ServerProcess {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

export interface ServerCommand {
  program: string;
  /** Built with the port to listen on. */
  args: (port: number) => readonly string[];
  cwd: string;
  env?: Record<string, string>;
  /** A path that answers, whatever the status, once the server is up; `listening`: that it accepts connections is enough. */
  ready: string | { listening: true };
  /** Default a free one. */
  port?: number;
}

const PATIENCE_MS = 90_000;

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function isUp(url: string, ready: ServerCommand["ready"]): Promise<boolean> {
  if (typeof ready === "object") return accepts(Number(new URL(url).port));
  const response = await fetch(`${url}${ready}`, { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  );
  await response?.body?.cancel();
  return response !== undefined;
}

async function answers(
  url: string,
  ready: ServerCommand["ready"],
  child: ChildProcess,
  said: () => string,
): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${said()}`);
    if (await isUp(url, ready)) return;
    await delay(50);
  }
  throw new Error(`The server never answered at ${url}:\n${said()}`);
}

/** Ends the process by its id: asks first, insists after 3 s. */
async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill(signal);
  const insist = setTimeout(() => child.kill("SIGKILL"), 3000);
  await closed;
  clearTimeout(insist);
}

/** Starts a server on 127.0.0.1 and waits until it answers. Who starts it stops it, in `onTestFinished` or `afterAll`. */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const port = command.port ?? (await freePort());
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(command.program, command.args(port), {
    cwd: command.cwd,
    env: { PATH, HOME, ...command.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const listen = (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-4000);
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url, command.ready, child, () => said);
  } catch (error) {
    await end(child);
    throw error;
  }
  return { url, port, stop: () => end(child), kill: () => end(child, "SIGKILL") };
}
