import * as z from "zod";

// What our code needs of Zendesk's responses, and nothing else: name what you read,
// drop what you do not. `integ check` tells which of these lines a change breaks.

const User = z.looseObject({
  id: z.int(),
  name: z.string(),
  email: z.string().nullable(),
  role: z.enum(["end-user", "agent", "admin"]).or(z.string()),
});

export const UserList = z.looseObject({
  users: z.array(User),
});
export type UserList = z.infer<typeof UserList>;
