import * as z from "zod";

// What our code needs of Shopify's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

export const AccessScopes = z.looseObject({
  access_scopes: z.array(z.looseObject({ handle: z.string() })),
});
export type AccessScopes = z.infer<typeof AccessScopes>;

/** GraphQL answers 200 to failures too: `errors` says why then. */
export const ShopReply = z.looseObject({
  data: z.looseObject({ shop: z.looseObject({ name: z.string() }) }).nullish(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});
export type ShopReply = z.infer<typeof ShopReply>;
