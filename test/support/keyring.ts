import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Run, type RunOptions, run, temporaryDirectory } from "./cli.ts";

/** What a real Secret Service needs; all of it in Debian's gnome-keyring, dbus and libglib2.0-bin. */
const PROGRAMS = ["gnome-keyring-daemon", "dbus-run-session", "gdbus"];

function missingPrograms(): string[] {
  return PROGRAMS.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
}

/**
 * Whether tests can have a real Secret Service. Where INTEG_REQUIRE_REAL is set (CI), its absence is a failure; elsewhere
 * the tests that need it say so and are skipped.
 */
export function hasKeyring(): boolean {
  const absent = missingPrograms();
  if (absent.length === 0) return true;
  const message = `no real Secret Service: ${absent.join(", ")} not installed (apt install gnome-keyring dbus libglib2.0-bin)`;
  if (process.env.INTEG_REQUIRE_REAL) throw new Error(message);
  process.stderr.write(`${message}; tests on it are skipped\n`);
  return false;
}

/** Starts the daemon unlocked, then the program; everything ends with the program. */
const SESSION = `printf %s throw-away | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
exec "$@"`;

/** A bus on which nobody answers for the Secret Service, nor can be started to. */
const EMPTY_BUS = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

export interface Keyring {
  /** Runs a program within a fresh session of its own bus and daemon; the keyring's files persist between runs. */
  run(
    program: string,
    args: readonly string[],
    options?: RunOptions & { service?: "none" | "empty" },
  ): Promise<Run>;
  /** HOME of everything that runs within. */
  home: string;
}

/** A private, throw-away, unlocked keyring on a bus of its own. It goes away with the test. */
export async function keyring(): Promise<Keyring> {
  const home = await temporaryDirectory();
  const runtime = join(home, "run");
  await mkdir(runtime, { mode: 0o700 });
  await chmod(runtime, 0o700);
  const emptyBus = join(home, "empty-bus.conf");
  await writeFile(emptyBus, EMPTY_BUS);
  return {
    home,
    run: (program, args, { service, env, ...options } = {}) => {
      const bus = service === "none" ? ["--config-file", emptyBus] : [];
      const start = service === undefined ? SESSION : 'exec "$@"';
      const argv = [...bus, "--", "bash", "-c", start, "session", program, ...args];
      return run("dbus-run-session", argv, {
        ...options,
        env: { HOME: home, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: join(home, "data"), ...env },
      });
    },
  };
}
