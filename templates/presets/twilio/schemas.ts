import * as z from "zod";

// What our code needs of Twilio's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const Balance = z.looseObject({
  account_sid: z.string(),
  /** A decimal number as text. */
  balance: z.string(),
  currency: z.string(),
});
export type Balance = z.infer<typeof Balance>;
