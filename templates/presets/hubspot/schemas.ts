import * as z from "zod";

// What our code needs of HubSpot's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const Account = z.looseObject({
  portalId: z.int(),
  timeZone: z.string(),
  companyCurrency: z.string(),
});
export type Account = z.infer<typeof Account>;
