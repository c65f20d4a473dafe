import { type KnownValue, KnownValues } from "./known.ts";
import { type KeyPattern, KeyPatterns } from "./patterns.ts";

/** What is looked for, as plain data: it can be handed to another thread. */
export interface Sought {
  patterns: readonly KeyPattern[];
  /** Values in use. They stay in this process. */
  known: readonly KnownValue[];
}

/** The same, ready for looking. */
export interface Detectors {
  known: KnownValues;
  patterns: KeyPatterns;
}

export const detectorsOf = ({ patterns, known }: Sought): Detectors => ({
  patterns: new KeyPatterns(patterns),
  known: new KnownValues(known),
});
