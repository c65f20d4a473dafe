import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a real Secret Service needs: Debian's gnome-keyring, dbus, libglib2.0-bin, libsecret-tools. */
const PROGRAMS = ["gnome-keyring-daemon", "dbus-daemon", "gdbus", "secret-tool"];

/**
 * Whether tests can have a real Secret Service. Where INTEG_REQUIRE_REAL is set (CI), its absence is a failure; elsewhere
 * the tests that need it say so and are skipped.
 */
export function hasKeyring(): boolean {
  const absent = PROGRAMS.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
  if (absent.length === 0) return true;
  const message = `no real Secret Service here (${absent.join(", ")} not installed): its tests are skipped; apt install gnome-keyring dbus libglib2.0-bin libsecret-tools`;
  if (process.env.INTEG_REQUIRE_REAL) throw new Error(message);
  process.stderr.write(`${message}\n`);
  return false;
}

/** A bus that starts no service by itself, so that "no service" stays no service. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

export interface Bus {
  /** HOME and the bus address: what a program needs to find this bus and no other. */
  env: Record<string, string>;
  /** Starts a Secret Service; `unlocked`: with a default collection that is open, else with none at all. */
  startService(options?: { unlocked: boolean }): Promise<ChildProcess>;
  /** Locks the default collection. */
  lock(): Promise<void>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // A stopped process would not see a gentler signal.
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text.trim();
}

/**
 * A private D-Bus with nobody on it, for benchmarks and tests alike.
 * @param home an empty directory that becomes the HOME of everybody on this bus
 * @param finished takes what ends the programs again
 */
export async function startBusIn(home: string, finished: (work: () => Promise<void>) => void): Promise<Bus> {
  const runtime = join(home, "run");
  await mkdir(runtime, { mode: 0o700 });
  const configuration = join(home, "bus.conf");
  await writeFile(configuration, BUS);
  const daemon = spawn("dbus-daemon", ["--config-file", configuration, "--nofork", "--print-address"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  finished(() => end(daemon));
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: join(home, "data"),
    DBUS_SESSION_BUS_ADDRESS: await firstLine(daemon),
  };
  const call = (destination: string, path: string, method: string, ...args: string[]) =>
    run(
      "gdbus",
      ["call", "--session", "--dest", destination, "--object-path", path, "--method", method, ...args],
      { env },
    );
  return {
    env,
    startService: async ({ unlocked } = { unlocked: true }) => {
      const options = ["--foreground", "--components=secrets", ...(unlocked ? ["--unlock"] : [])];
      const service = spawn("gnome-keyring-daemon", options, { env, stdio: ["pipe", "ignore", "ignore"] });
      finished(() => end(service));
      service.stdin?.end("throw-away");
      for (;;) {
        const owner = await call(
          "org.freedesktop.DBus",
          "/",
          "org.freedesktop.DBus.NameHasOwner",
          "org.freedesktop.secrets",
        );
        if (owner.stdout.includes("true")) return service;
      }
    },
    lock: async () => {
      const collection = "/org/freedesktop/secrets/collection/login";
      await call(
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.Lock",
        `[objectpath '${collection}']`,
      );
    },
  };
}
