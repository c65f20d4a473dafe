import { sampleOf } from "../../contract/judge/sample.ts";
import type { Sample } from "../../contract/judge.ts";
import { presumeBody } from "../../http/body.ts";
import type { Observation } from "../seen/observe.ts";
import { type Asked, askedOf } from "./asked.ts";

/** What was seen of a target, and which contract it is held against. */
export interface Question extends Asked {
  samples: readonly Sample[];
}

/**
 * Only answers of success are asked about: what an outage, a refused credential or a web page says is no drift. Their bodies are
 * as the observation has them: taken for JSON, or read.
 */
export function questionOf({ target, readings }: Observation, cwd: string): Question {
  return {
    ...askedOf(target, cwd),
    samples: readings.flatMap((reading) => {
      const sample = reading.kind === "usable" ? sampleOf(reading.exchange, presumeBody) : undefined;
      return sample ? [sample] : [];
    }),
  };
}
