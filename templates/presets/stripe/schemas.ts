import * as z from "zod";

// What our code needs of Stripe's responses, and nothing else: name what you read, drop what you do not. Objects are
// loose and enums open, so that what Stripe adds does no harm; `integ check` tells which line a change breaks.

const Money = z.looseObject({
  /** In the currency's smallest unit: cents for USD. */
  amount: z.int(),
  currency: z.string(),
});

export const Balance = z.looseObject({
  object: z.literal("balance"),
  available: z.array(Money),
  pending: z.array(Money),
  livemode: z.boolean(),
});
export type Balance = z.infer<typeof Balance>;

export const Customer = z.looseObject({
  id: z.string(),
  object: z.literal("customer"),
  /** Seconds since the epoch. */
  created: z.int(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  livemode: z.boolean(),
  metadata: z.record(z.string(), z.string()),
});
export type Customer = z.infer<typeof Customer>;

export const Charge = z.looseObject({
  id: z.string(),
  object: z.literal("charge"),
  /** In the currency's smallest unit: cents for USD. */
  amount: z.int(),
  currency: z.string(),
  /** Seconds since the epoch. */
  created: z.int(),
  customer: z.string().nullable(),
  status: z.enum(["succeeded", "pending", "failed"]).or(z.string()),
  paid: z.boolean(),
  refunded: z.boolean(),
});
export type Charge = z.infer<typeof Charge>;

export const CustomerList = z.looseObject({
  object: z.literal("list"),
  data: z.array(Customer),
  has_more: z.boolean(),
});
export type CustomerList = z.infer<typeof CustomerList>;

export const ChargeList = z.looseObject({
  object: z.literal("list"),
  data: z.array(Charge),
  has_more: z.boolean(),
});
export type ChargeList = z.infer<typeof ChargeList>;
