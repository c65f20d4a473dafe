import * as z from "zod";

// What our code needs of SendGrid's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

/** What the key may do. */
export const Scopes = z.looseObject({
  scopes: z.array(z.string()),
});
export type Scopes = z.infer<typeof Scopes>;
