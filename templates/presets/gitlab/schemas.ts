import * as z from "zod";

// What our code needs of GitLab's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const User = z.looseObject({
  id: z.int(),
  username: z.string(),
  name: z.string(),
  state: z.enum(["active", "blocked"]).or(z.string()),
});
export type User = z.infer<typeof User>;

export const Version = z.looseObject({
  version: z.string(),
  revision: z.string(),
});
export type Version = z.infer<typeof Version>;
