import type { JsonObject } from "./json.ts";
import { identifier, randomFrom } from "./random.ts";

/** What the embedded API knows, in the form of its first release; the newest comes first, as in the API's lists. */
export interface Dataset {
  balance: JsonObject;
  customers: JsonObject[];
  charges: JsonObject[];
}

/** 2025-01-06T00:00:00Z in seconds: a fixed start, so that data do not depend on the day they are made. */
const EPOCH = 1_736_121_600;

const HOUR = 3600;

function pick<T>(items: readonly [T, ...T[]], random: () => number): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** A customer as Stripe documents it (API version 2024-06-20), the properties an integration meets most. */
export function createCustomer(
  fields: { email: string | null; name: string | null; description: string | null; created: number },
  random: () => number,
): JsonObject {
  return {
    id: identifier("cus", random),
    object: "customer",
    address: null,
    balance: 0,
    created: fields.created,
    currency: pick(["usd", "eur", null], random),
    default_source: null,
    delinquent: random() < 0.1,
    description: fields.description,
    email: fields.email,
    invoice_prefix: identifier("", random, 8).slice(1).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: fields.name,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
  };
}

function createCharge(customer: JsonObject, created: number, random: () => number): JsonObject {
  const amount = 500 + Math.floor(random() * 20_000);
  const status = pick(["succeeded", "succeeded", "succeeded", "succeeded", "pending", "failed"], random);
  const paid = status === "succeeded";
  return {
    id: identifier("ch", random, 24),
    object: "charge",
    amount,
    amount_captured: paid ? amount : 0,
    amount_refunded: 0,
    balance_transaction: paid ? identifier("txn", random, 24) : null,
    captured: paid,
    created,
    currency: pick(["usd", "eur"], random),
    customer: customer.id ?? null,
    description: null,
    disputed: false,
    failure_code: status === "failed" ? "card_declined" : null,
    failure_message: status === "failed" ? "Your card was declined." : null,
    invoice: null,
    livemode: false,
    metadata: {},
    outcome: { network_status: "approved_by_network", risk_level: "normal", type: "authorized" },
    paid,
    payment_intent: null,
    payment_method: identifier("pm", random, 24),
    payment_method_details: { card: { brand: "visa", country: "US", funding: "credit" }, type: "card" },
    receipt_email: null,
    refunded: false,
    status,
  };
}

function sums(charges: readonly JsonObject[], status: string): JsonObject[] {
  return ["usd", "eur"].map((currency) => {
    const amount = charges
      .filter((charge) => charge.status === status && charge.currency === currency)
      .reduce((sum, charge) => sum + Number(charge.amount), 0);
    return { amount, currency, source_types: { card: amount } };
  });
}

/**
 * Makes the data of a sandbox. The same seed gives the same data on every machine; mail addresses end in example.com.
 */
export function createDataset(seed: number, size: { customers: number; charges: number }): Dataset {
  const random = randomFrom(seed);
  const customers = Array.from({ length: size.customers }, (_, index) => {
    const number = size.customers - index;
    return createCustomer(
      {
        email: `customer-${number}@example.com`,
        name: `Example Customer ${number}`,
        description: random() < 0.5 ? "Made by the sandbox" : null,
        created: EPOCH + number * HOUR,
      },
      random,
    );
  });
  const charges = Array.from({ length: size.charges }, (_, index) => {
    const customer = customers[Math.floor(random() * customers.length)] ?? {};
    return createCharge(customer, EPOCH + (size.customers + size.charges - index) * HOUR, random);
  });
  const balance = {
    object: "balance",
    available: sums(charges, "succeeded"),
    connect_reserved: [{ amount: 0, currency: "usd" }],
    livemode: false,
    pending: sums(charges, "pending"),
  };
  return { balance, customers, charges };
}
