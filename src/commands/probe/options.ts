import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { ClientOptions } from "../../http/client.ts";

/** The command line of `integ probe`. */
export interface Options {
  targets: string[];
  env: string | undefined;
  samples: number;
  cold: number;
  duration?: number | undefined;
  concurrency?: number | undefined;
  rate?: number | undefined;
  compare?: boolean | undefined;
  baseline?: string | undefined;
  save?: string | undefined;
  pause: number;
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

/** Flags that mean nothing together, or nothing without another. @throws UsageError */
export function checkOptions(options: Options): void {
  const isSet = (name: Flag) => options[name] !== undefined && options[name] !== false;
  const alone: [Flag, Flag][] = [
    ["ipv4", "ipv6"],
    ["duration", "watch"],
    ["duration", "compare"],
    ["duration", "baseline"],
    ["duration", "save"],
    ["duration", "har"],
    ["duration", "deadlines"],
  ];
  for (const [a, b] of alone) {
    if (isSet(a) && isSet(b))
      throw new UsageError(`${flag(a)} and ${flag(b)} exclude each other`, { code: "usage/flags" });
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
  if (options.duration !== undefined && options.format === "prometheus") {
    throw new UsageError("--format prometheus is not for load tests", {
      code: "usage/flags",
      hint: "--json has every figure",
    });
  }
}

async function pem(file: string, name: Flag, { cwd }: Context): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`${flag(name)}: ${file} cannot be read`, { code: "usage/file", cause: error });
  }
}

/** What the flags say of connections. @throws UsageError for a file that cannot be read */
export async function clientOptions(options: Options, ctx: Context): Promise<ClientOptions> {
  const files = (["cert", "key", "ca"] as const).filter((name) => options[name] !== undefined);
  const read = await Promise.all(
    files.map(async (name) => [name, await pem(options[name] ?? "", name, ctx)] as const),
  );
  return {
    env: ctx.env,
    clock: ctx.clock,
    http2: options.http1 !== true,
    ...(options.ipv4 ? { family: 4 as const } : options.ipv6 ? { family: 6 as const } : {}),
    ...(read.length > 0 ? { tls: Object.fromEntries(read) } : {}),
  };
}
