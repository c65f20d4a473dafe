import * as z from "zod";

// What our code needs of GitHub's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const User = z.looseObject({
  id: z.int(),
  login: z.string(),
  type: z.string(),
  html_url: z.string(),
  name: z.string().nullable(),
});
export type User = z.infer<typeof User>;

const Limit = z.looseObject({
  limit: z.int(),
  remaining: z.int(),
  /** Seconds since the epoch. */
  reset: z.int(),
});

export const RateLimit = z.looseObject({
  resources: z.looseObject({ core: Limit, search: Limit }),
});
export type RateLimit = z.infer<typeof RateLimit>;
