import * as z from "zod";

// What our code needs of Intercom's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const Admin = z.looseObject({
  type: z.literal("admin"),
  id: z.string(),
  email: z.string(),
});
export type Admin = z.infer<typeof Admin>;
