import * as z from "zod";

// What our code needs of Slack's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

/** Slack answers 200 to failures too: `ok` is false then, and `error` says why. */
export const AuthTest = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  team_id: z.string().optional(),
  user_id: z.string().optional(),
});
export type AuthTest = z.infer<typeof AuthTest>;
