import { createHash } from "node:crypto";
import type { Target } from "../../config/project.ts";

/** One of several runs that share the work: `index` counts from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** Reads `2/5`; undefined for anything else. */
export function parseShard(text: string): Shard | undefined {
  const [, first, second] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const index = Number(first);
  const count = Number(second);
  return index >= 1 && index <= count ? { index, count } : undefined;
}

/** A number that a name always has, spread evenly below 2^32. */
function hashOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0);
}

/** The shard that has the highest hash with the name: adding a shard moves as few names as can be. */
function shardOf(name: string, count: number): number {
  let best = 1;
  let highest = -1;
  for (let index = 1; index <= count; index++) {
    const hash = hashOf(`${index}\u0000${name}`);
    if (hash > highest) {
      highest = hash;
      best = index;
    }
  }
  return best;
}

/** The targets of one shard; every target is in exactly one, whatever the others are. */
export function targetsOfShard(targets: readonly Target[], { index, count }: Shard): Target[] {
  return targets.filter(({ label, environment }) => shardOf(`${label} ${environment.name}`, count) === index);
}
