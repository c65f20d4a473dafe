import type { Json } from "../../../src/contract/shape.ts";
import type { Random } from "./random.ts";

type Fields = { [key: string]: Json };

/** What is there with a probability. */
export const maybe = (r: Random, probability: number, fields: () => Fields): Fields =>
  r.chance(probability) ? fields() : {};

export const nullable = (r: Random, probability: number, value: () => Json): Json =>
  r.chance(probability) ? null : value();

/** Names that users invent: hardly one comes twice. */
function metadata(r: Random): Fields {
  return Object.fromEntries(
    r.list(0, 3, () => [`${r.pick(["order", "tier", "ref"])}_${r.text(4)}`, r.text(8)]),
  );
}

function paymentMethod(r: Random): Fields {
  const type = r.skewed(["card", "us_bank_account", "klarna"]);
  const details: Readonly<Record<string, () => Fields>> = {
    card: () => ({
      brand: r.pick(["visa", "mastercard", "amex"]),
      exp_month: r.int(1, 12),
      exp_year: r.int(2024, 2032),
      last4: r.text(4, "0123456789"),
      three_d_secure: nullable(r, 0.7, () => ({ result: "authenticated", version: "2.2.0" })),
    }),
    us_bank_account: () => ({
      bank_name: r.pick(["First", "Second"]),
      routing_number: r.text(9, "0123456789"),
    }),
    klarna: () => ({ preferred_locale: "de-AT", payment_method_category: "pay_later" }),
  };
  return { type, [type]: details[type]?.() ?? {} };
}

function charge(r: Random, plan: { connected: boolean }): Fields {
  const created = r.epoch();
  const captured = r.chance(0.9);
  const failed = r.chance(0.06);
  return {
    id: `ch_${r.text(24)}`,
    object: "charge",
    amount: r.int(50, 99_000),
    amount_captured: captured ? r.int(50, 99_000) : 0,
    amount_refunded: r.chance(0.9) ? 0 : r.int(50, 99_000),
    ...maybe(r, plan.connected ? 1 : 0, () => ({ application_fee_amount: r.int(5, 500) })),
    balance_transaction: nullable(r, 0.1, () => `txn_${r.text(24)}`),
    billing_details: {
      email: nullable(r, 0.3, () => r.email()),
      name: nullable(r, 0.2, () => r.person()),
      phone: nullable(r, 0.9, () => `+43${r.text(9, "0123456789")}`),
    },
    captured,
    created,
    currency: r.skewed(["usd", "eur", "gbp", "chf"]),
    // A reference that some accounts have expanded.
    customer: nullable(r, 0.2, () => `cus_${r.text(14)}`),
    description: nullable(r, 0.4, () => r.words(2, 6)),
    failure_code: failed ? r.pick(["card_declined", "expired_card", "insufficient_funds"]) : null,
    livemode: false,
    metadata: metadata(r),
    payment_method_details: paymentMethod(r),
    receipt_url: nullable(r, 0.05, () => `https://pay.example.com/receipts/${r.text(30)}`),
    refunds: { object: "list", data: [], has_more: false, url: `/v1/charges/ch_${r.text(24)}/refunds` },
    ...maybe(r, 0.03, () => ({ transfer_group: `group_${r.int(1, 99)}` })),
    status: failed ? "failed" : captured ? "succeeded" : "pending",
  };
}

export function payments(r: Random): Json {
  const plan = { connected: r.chance(0.2) };
  return {
    object: "list",
    data: r.list(0, 12, () => charge(r, plan)),
    has_more: r.chance(0.5),
    url: "/v1/charges",
  };
}

/** One object, not a list: a completion of a language model. */
export function chat(r: Random): Json {
  const prompt = r.int(5, 900);
  const completion = r.int(1, 700);
  const calls = r.chance(0.2);
  const message: Fields = {
    role: "assistant",
    content: calls ? null : r.words(5, 40),
    ...(calls
      ? {
          tool_calls: r.list(1, 2, () => ({
            id: `call_${r.text(24)}`,
            type: "function",
            function: { name: "search", arguments: "{}" },
          })),
        }
      : {}),
    refusal: null,
  };
  return {
    id: `chatcmpl-${r.text(29)}`,
    object: "chat.completion",
    created: r.epoch(),
    model: r.pick(["small-2024-07-18", "large-2024-08-06"]),
    choices: [
      {
        index: 0,
        message,
        logprobs: null,
        finish_reason: calls ? "tool_calls" : r.skewed(["stop", "length"]),
      },
    ],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      ...maybe(r, 0.5, () => ({ completion_tokens_details: { reasoning_tokens: 0 } })),
    },
    system_fingerprint: nullable(r, 0.3, () => `fp_${r.hex(10)}`),
  };
}

export function tracks(r: Random): Json {
  const artist = (): Fields => ({
    external_urls: { music: `https://music.example.com/artist/${r.text(22)}` },
    id: r.text(22),
    name: r.person(),
    type: "artist",
    uri: `music:artist:${r.text(22)}`,
  });
  // A date of a day, a month or a year: three looks of one property.
  const precision = r.skewed(["day", "year", "month"]);
  const date = r.dateTime().slice(0, { day: 10, month: 7, year: 4 }[precision]);
  return {
    album: {
      album_type: r.skewed(["album", "single", "compilation"]),
      artists: r.list(1, 3, artist),
      available_markets: r.list(0, 12, () => r.pick(["AT", "DE", "FR", "US", "GB", "JP", "BR"])),
      id: r.text(22),
      images: r.list(0, 3, () => ({
        height: nullable(r, 0.05, () => 640),
        url: `https://i.example.com/${r.hex(40)}`,
        width: 640,
      })),
      name: r.words(1, 4),
      release_date: date,
      release_date_precision: precision,
      total_tracks: r.int(1, 40),
    },
    artists: r.list(1, 4, artist),
    disc_number: 1,
    duration_ms: r.int(60_000, 600_000),
    explicit: r.chance(0.2),
    external_ids: { isrc: r.text(12, "ABCDEFGHIJ0123456789") },
    id: r.text(22),
    ...maybe(r, 0.04, () => ({ linked_from: { id: r.text(22), type: "track" } })),
    ...maybe(r, 0.02, () => ({ restrictions: { reason: "market" } })),
    name: r.words(1, 5),
    popularity: r.int(0, 100),
    preview_url: nullable(r, 0.5, () => `https://p.example.com/mp3/${r.hex(40)}`),
  };
}

/** Events whose content depends on their type. */
export function events(r: Random): Json {
  const objects: Readonly<Record<string, () => Fields>> = {
    "invoice.paid": () => ({
      object: "invoice",
      id: `in_${r.text(24)}`,
      total: r.int(100, 90_000),
      lines: r.list(1, 3, () => ({ amount: r.int(1, 900) })),
      metadata: metadata(r),
    }),
    "customer.created": () => ({
      object: "customer",
      id: `cus_${r.text(14)}`,
      email: nullable(r, 0.1, () => r.email()),
      metadata: metadata(r),
    }),
    "payout.failed": () => ({
      object: "payout",
      id: `po_${r.text(24)}`,
      arrival_date: r.epoch(),
      failure_message: r.words(3, 6),
    }),
  };
  const event = (): Fields => {
    const type = r.skewed(Object.keys(objects));
    return {
      id: `evt_${r.text(24)}`,
      object: "event",
      created: r.epoch(),
      data: { object: objects[type]?.() ?? {} },
      pending_webhooks: r.int(0, 2),
      request: nullable(r, 0.4, () => ({
        id: `req_${r.text(14)}`,
        idempotency_key: nullable(r, 0.5, () => r.uuid()),
      })),
      type,
    };
  };
  return { object: "list", data: r.list(1, 10, event), has_more: r.chance(0.5), url: "/v1/events" };
}
