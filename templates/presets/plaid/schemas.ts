import * as z from "zod";

// What our code needs of Plaid's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

const Institution = z.looseObject({
  institution_id: z.string(),
  name: z.string(),
});

export const InstitutionList = z.looseObject({
  institutions: z.array(Institution),
  total: z.int(),
  request_id: z.string(),
});
export type InstitutionList = z.infer<typeof InstitutionList>;

export const WebhookVerificationKey = z.looseObject({
  key: z.object({
    alg: z.string(),
    crv: z.string(),
    expired_at: z.int().nullable(),
    kid: z.string(),
    kty: z.string(),
    use: z.string(),
    x: z.string(),
    y: z.string(),
  }),
});
export type WebhookVerificationKey = z.infer<typeof WebhookVerificationKey>;
