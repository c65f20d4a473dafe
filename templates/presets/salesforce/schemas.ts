import * as z from "zod";

// What our code needs of Salesforce's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const VersionList = z.array(
  z.looseObject({
    label: z.string(),
    url: z.string(),
    version: z.string(),
  }),
);
export type VersionList = z.infer<typeof VersionList>;

export const Limits = z.looseObject({
  DailyApiRequests: z.looseObject({
    Max: z.int(),
    Remaining: z.int(),
  }),
});
export type Limits = z.infer<typeof Limits>;
