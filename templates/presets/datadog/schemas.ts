import * as z from "zod";

// What our code needs of Datadog's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const Validation = z.looseObject({
  valid: z.boolean(),
});
export type Validation = z.infer<typeof Validation>;
