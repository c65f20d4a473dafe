import * as z from "zod";

// What our code needs of Cloudflare's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const TokenVerification = z.looseObject({
  success: z.boolean(),
  result: z.looseObject({
    id: z.string(),
    status: z.enum(["active", "disabled", "expired"]).or(z.string()),
  }),
});
export type TokenVerification = z.infer<typeof TokenVerification>;
