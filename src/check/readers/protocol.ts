import * as z from "zod";
import type { Chain } from "./search.ts";

/** What is asked of the process that loads the project's TypeScript. */
export interface ReadersRequest {
  /** The directory whose TypeScript is used. */
  root: string;
  /** The directory below which names tell what is a test. */
  base: string;
  /** Paths of tsconfig.json files. */
  configs: readonly string[];
  chains: readonly Chain[];
  /** Everything that may run in production, whether a tsconfig.json has it or not. */
  sources: readonly string[];
}

const places = z.array(z.object({ file: z.string(), line: z.int(), column: z.int() }));

export const readersSchema = z.object({
  reads: places,
  passes: places,
  unseen: z.literal(true).optional(),
});

/** What comes back: checked, because the project's code shares that process. */
export const readersReply = z.union([
  z.object({ ok: z.literal(true), readers: z.array(z.tuple([z.string(), readersSchema])) }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);

export type ReadersReply = z.infer<typeof readersReply>;
export type FoundEntry = z.infer<typeof readersSchema>;
