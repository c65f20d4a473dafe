import * as z from "zod";

// What our code needs of PayPal's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

const EventType = z.looseObject({
  name: z.string(),
  description: z.string().optional(),
});

export const EventTypeList = z.looseObject({
  event_types: z.array(EventType),
});
export type EventTypeList = z.infer<typeof EventTypeList>;
