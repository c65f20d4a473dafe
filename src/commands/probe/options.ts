import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { ClientOptions } from "../../http/client.ts";

/** The command line of `integ probe`. */
export interface Options {
  targets: string[];
  env: string | undefined;
  samples?: number | undefined;
  cold?: number | undefined;
  duration?: number | undefined;
  concurrency?: number | undefined;
  rate?: number | undefined;
  compare?: boolean | undefined;
  baseline?: string | undefined;
  save?: string | undefined;
  pause?: number | undefined;
  timeout: number | undefined;
  deadlines?: string | undefined;
  http1?: boolean | undefined;
  ipv4?: boolean | undefined;
  ipv6?: boolean | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  ca?: string | undefined;
  reserve?: number | undefined;
  detail: boolean | undefined;
  format?: string;
  har?: string | undefined;
  watch?: boolean | undefined;
  interval?: number | undefined;
}

type Flag = keyof Options;

const flag = (name: Flag) => `--${name}`;

const usage = (message: string, hint?: string) =>
  new UsageError(message, { code: "usage/flags", ...(hint === undefined ? {} : { hint }) });

/** Nothing could come of them. */
function checkDurations(options: Options): void {
  for (const name of ["duration", "timeout", "interval"] as const) {
    if (options[name] === 0) throw usage(`${flag(name)} must be longer than nothing`);
  }
  if (options.interval !== undefined && !options.watch)
    throw usage("--interval needs --watch", "integ probe URL --watch --interval 30s");
}

/** One result, one form. */
function checkOutput({ watch, format, duration }: Options, json: boolean): void {
  if (watch && json) {
    throw usage(
      "--watch has no end, so its result is no one document",
      "run `integ probe --json` again and again, or use --watch without --json",
    );
  }
  if (format !== "prometheus") return;
  if (json) throw usage("--json and --format prometheus exclude each other");
  if (watch)
    throw usage(
      "--watch is for a person, --format prometheus is for a collector",
      "have a timer run `integ probe --format prometheus`",
    );
  if (duration !== undefined)
    throw usage("--format prometheus is not for load tests", "--json has every figure");
}

/** A load test counts by time, and paces itself by a rate. */
const INSTEAD_OF_LOAD: Partial<Record<Flag, string>> = {
  samples: "a load test asks for as long as --duration says; without it, --samples counts requests",
  cold: "a load test keeps its connections; without --duration, --cold opens one for each request",
  pause: "--rate says how often a load test asks",
};

/** Flags that mean nothing together, or nothing without another. @throws UsageError */
export function checkOptions(options: Options, json = false): void {
  checkDurations(options);
  checkOutput(options, json);
  const isSet = (name: Flag) => options[name] !== undefined && options[name] !== false;
  const alone: [Flag, Flag][] = [
    ["ipv4", "ipv6"],
    ["duration", "samples"],
    ["duration", "cold"],
    ["duration", "pause"],
    ["duration", "watch"],
    ["duration", "compare"],
    ["duration", "baseline"],
    ["duration", "save"],
    ["duration", "har"],
    ["duration", "deadlines"],
    ["duration", "detail"],
  ];
  for (const [a, b] of alone) {
    if (isSet(a) && isSet(b))
      throw usage(
        `${flag(a)} and ${flag(b)} exclude each other`,
        a === "duration" ? INSTEAD_OF_LOAD[b] : undefined,
      );
  }
  if (options.duration === undefined && options.rate !== undefined) {
    throw new UsageError("--rate needs --duration", {
      code: "usage/flags",
      hint: "integ probe URL --duration 30s --rate 10",
    });
  }
  if (isSet("cert") !== isSet("key")) {
    throw new UsageError("--cert and --key belong together", { code: "usage/flags" });
  }
}

/** What a PEM file of each flag holds, by the word in its first line. */
const PEM_OF = { cert: "CERTIFICATE", ca: "CERTIFICATE", key: "PRIVATE KEY" } as const;

async function pem(file: string, name: keyof typeof PEM_OF, { cwd }: Context): Promise<string> {
  const text = await readFile(resolve(cwd, file), "utf8").catch((error: unknown) => {
    throw new UsageError(`${flag(name)}: ${file} cannot be read`, { code: "usage/file", cause: error });
  });
  // OpenSSL takes a file without a certificate for an empty list, and says nothing.
  if (!new RegExp(`^-----BEGIN [A-Z0-9 ]*${PEM_OF[name]}-----`, "m").test(text)) {
    throw new UsageError(`${flag(name)}: ${file} holds no ${PEM_OF[name].toLowerCase()} in PEM form`, {
      code: "usage/file",
      hint: `its first line should be -----BEGIN ${PEM_OF[name]}-----`,
    });
  }
  return text;
}

/** What the flags say of connections. @throws UsageError for a file that cannot be read */
export async function clientOptions(options: Options, ctx: Context): Promise<ClientOptions> {
  const read: [keyof typeof PEM_OF, string][] = [];
  // One after the other: of several faults the same is told each time.
  for (const name of ["cert", "key", "ca"] as const) {
    const file = options[name];
    if (file !== undefined) read.push([name, await pem(file, name, ctx)]);
  }
  return {
    env: ctx.env,
    clock: ctx.clock,
    http2: options.http1 !== true,
    ...(options.ipv4 ? { family: 4 as const } : options.ipv6 ? { family: 6 as const } : {}),
    ...(read.length > 0 ? { tls: Object.fromEntries(read) } : {}),
  };
}
