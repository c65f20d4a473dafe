import * as z from "zod";

// What our code needs of Anthropic's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

const Model = z.looseObject({
  id: z.string(),
  type: z.literal("model"),
  display_name: z.string(),
  created_at: z.string(),
});

export const ModelList = z.looseObject({
  data: z.array(Model),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});
export type ModelList = z.infer<typeof ModelList>;
