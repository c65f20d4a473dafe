import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { parseShard, type Shard } from "../../check/choice/shard.ts";
import { PARTS, type Part } from "../../check/parts.ts";

export interface CheckCommandOptions {
  targets: readonly string[];
  env: string | undefined;
  samples: number;
  only: string | undefined;
  timeout: number | undefined;
  maxTime: number | undefined;
  reporter: readonly string[];
  annotations: string;
  baseline: string | undefined;
  inconclusive: string;
  failOn: string;
  harOut: string | undefined;
  harIn: string | undefined;
  shard: string | undefined;
  changed: string | undefined;
  redis: string | undefined;
  notify: readonly string[];
  openIssues: boolean | undefined;
  prComment: boolean | undefined;
}

/** What the options are where nothing is said. */
export const CHECK_DEFAULTS: CheckCommandOptions = {
  targets: [],
  env: undefined,
  samples: 1,
  only: undefined,
  timeout: undefined,
  maxTime: undefined,
  reporter: [],
  annotations: "auto",
  baseline: undefined,
  inconclusive: "fail",
  failOn: "error",
  harOut: undefined,
  harIn: undefined,
  shard: undefined,
  changed: undefined,
  redis: undefined,
  notify: [],
  openIssues: undefined,
  prComment: undefined,
};

const isPart = (text: string): text is Part => PARTS.some((part) => part === text);

/** The parts that `--only` names. @throws UsageError with the closest name */
export function partsOf(only: string | undefined): Set<Part> {
  if (only === undefined) return new Set(PARTS);
  const names = only
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !isPart(name));
  if (unknown !== undefined || names.length === 0) {
    throw new UsageError(`--only: there is no part \`${unknown ?? only}\``, {
      code: "usage/part",
      hint: didYouMean(unknown ?? "", PARTS, "parts"),
    });
  }
  return new Set(names.filter(isPart));
}

/** @throws UsageError where `--shard` is not `2/5` */
export function shardOf(text: string | undefined): Shard | undefined {
  const shard = text === undefined ? undefined : parseShard(text);
  if (text !== undefined && !shard) {
    throw new UsageError(`--shard ${text} is not a part of a whole`, {
      code: "usage/shard",
      hint: "write 2/5 for the second of five",
    });
  }
  return shard;
}
