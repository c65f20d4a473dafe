import * as z from "zod";

// What our code needs of Mailgun's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

const Domain = z.looseObject({
  name: z.string(),
  state: z.enum(["active", "unverified", "disabled"]).or(z.string()),
});

export const DomainList = z.looseObject({
  items: z.array(Domain),
  total_count: z.int(),
});
export type DomainList = z.infer<typeof DomainList>;
