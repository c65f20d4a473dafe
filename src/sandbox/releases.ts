import type { Json, JsonObject } from "./json.ts";
import { isJsonObject } from "./json.ts";

export const RELEASES = ["v1", "v2"] as const;

/** A generation of the provider's responses. The address stays the same: that is what makes drift hurt. */
export type Release = (typeof RELEASES)[number];

export type Kind = "balance" | "customer" | "charge";

/** What v2 changes, in the words of a provider's changelog; shown by the sandbox and its admin address. */
export const CHANGES_OF_V2: readonly string[] = [
  "customer.email is gone; it moved to customer.contact.email",
  "charge.amount and balance amounts are decimal strings in the currency's main unit",
  "charge.status has a new value, under_review",
  "customer.locale and balance.instant_available are new",
];

/** Cents to `"25.00"`: exact, without floating point. */
function decimal(amount: Json | undefined): Json {
  if (typeof amount !== "number") return amount ?? null;
  const cents = Math.abs(amount);
  return `${amount < 0 ? "-" : ""}${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

function withDecimalAmount(entry: Json): Json {
  return isJsonObject(entry) ? { ...entry, amount: decimal(entry.amount) } : entry;
}

function customerOfV2({ email, ...rest }: JsonObject): JsonObject {
  return { ...rest, contact: { email: email ?? null }, locale: "en" };
}

function chargeOfV2(charge: JsonObject): JsonObject {
  // Which charges are under review follows from the charge itself, so that two pages of one list agree.
  const reviewed = charge.status === "succeeded" && Number(charge.amount) % 2 === 0;
  return {
    ...charge,
    amount: decimal(charge.amount),
    status: reviewed ? "under_review" : (charge.status ?? null),
  };
}

function balanceOfV2(balance: JsonObject): JsonObject {
  const amounts = (name: string) =>
    Array.isArray(balance[name]) ? balance[name].map(withDecimalAmount) : null;
  return {
    ...balance,
    available: amounts("available"),
    pending: amounts("pending"),
    instant_available: amounts("available"),
  };
}

/** An object of the data as the given release shows it. */
export function present(release: Release, kind: Kind, object: JsonObject): JsonObject {
  if (release === "v1") return object;
  switch (kind) {
    case "balance":
      return balanceOfV2(object);
    case "customer":
      return customerOfV2(object);
    case "charge":
      return chargeOfV2(object);
  }
}
