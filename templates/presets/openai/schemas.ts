import * as z from "zod";

// What our code needs of OpenAI's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

const Model = z.looseObject({
  id: z.string(),
  object: z.literal("model"),
  /** Seconds since the epoch. */
  created: z.int(),
  owned_by: z.string(),
});

export const ModelList = z.looseObject({
  object: z.literal("list"),
  data: z.array(Model),
});
export type ModelList = z.infer<typeof ModelList>;
