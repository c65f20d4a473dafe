import * as z from "zod";

/* integ:value schemas */
/** A JSON object or list of any content: nothing has been observed yet. */
const Unseen = z.union([z.looseObject({}), z.array(z.unknown())]);

/**
 * What our code needs of `GET /things`. After `integ record __name__/get-thing`
 * replace `Unseen` by `z.looseObject({ … })` with the properties that you read,
 * and only those: `integ check` then tells which line a change breaks.
 */
export const GetThing = Unseen;
export type GetThing = z.infer<typeof GetThing>;
/* integ:end */
