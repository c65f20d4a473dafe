import * as z from "zod";

// What the API's own document says of its responses. Take out what you do not read: `integ check` tells which of
// these lines a change breaks, and a line that nothing needs should break nothing.

const Card = z.looseObject({
  last4: z.string(),
});

export const Order = z.looseObject({
  id: z.string(),
  status: z.union([z.enum(["open", "paid", "refunded"]), z.string()]),
  total: z.number(),
  paidWith: z.optional(z.union([z.string(), Card])),
  replaces: z.optional(z.lazy((): z.ZodType => Order)),
});
export type Order = z.infer<typeof Order>;

export const ListOrders = z.looseObject({
  data: z.array(Order),
  next: z.nullable(z.string()),
});
export type ListOrders = z.infer<typeof ListOrders>;
