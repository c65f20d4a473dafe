import * as z from "zod";

// What our code needs of Jira's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const Myself = z.looseObject({
  accountId: z.string(),
  displayName: z.string(),
  active: z.boolean(),
});
export type Myself = z.infer<typeof Myself>;
