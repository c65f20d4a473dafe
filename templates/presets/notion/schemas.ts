import * as z from "zod";

// What our code needs of Notion's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

const User = z.looseObject({
  object: z.literal("user"),
  id: z.string(),
  name: z.string().nullish(),
});

export const UserList = z.looseObject({
  object: z.literal("list"),
  results: z.array(User),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
});
export type UserList = z.infer<typeof UserList>;
