// Inference on 20 MB of real-shaped JSON: throughput with parsing, against parsing alone, and memory.
import { interleave, median } from "./measure.mjs";

export const name = "infer";

const SAMPLES = 19_000;
/** Megabytes a second, parsing included, that the reference machine must reach; and resident memory at most. */
const GOALS = { throughput: 40, memory: 150 };

/** A payment as APIs answer with: nested, optional, nullable, of two kinds, with a map of its users' keys. */
function payment(n) {
  const id = (prefix, seed) => `${prefix}_${(seed * 2654435761).toString(36).padStart(14, "a1B2c3D4e5F6g7")}`;
  return {
    id: id("ch", n + 1),
    object: "charge",
    amount: n * 13,
    currency: ["usd", "eur", "gbp"][n % 3],
    created: 1_714_557_600 + n,
    created_at: new Date(1_714_557_600_000 + n * 1000).toISOString(),
    status: ["succeeded", "pending", "failed"][n % 3],
    customer: n % 5 ? null : id("cus", n),
    metadata: { [`order_${n}`]: String(n), [`key_${n * 7}`]: "v" },
    billing_details: { address: { city: "Rome", country: "IT", line1: null }, email: `u${n}@example.com` },
    method:
      n % 2
        ? { type: "card", card: { brand: "visa", last4: "4242" } }
        : { type: "bank", bank: { iban: `IT${n}` } },
    refunds: {
      object: "list",
      data: n % 9 ? [] : [{ id: id("re", n), amount: 1, reason: null }],
      has_more: false,
    },
    tags: ["a", "b"].slice(n % 3),
    ...(n % 10 ? {} : { invoice: id("in", n) }),
    description:
      `Order ${n} of somebody, with a few words that nobody counts on and that make the record longer. `.repeat(
        5,
      ),
  };
}

export async function run(print) {
  const { infer } = await import("../dist/index.js");
  const texts = Array.from({ length: SAMPLES }, (_, n) => JSON.stringify(payment(n)));
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  const parsed = function* () {
    for (const text of texts) yield JSON.parse(text);
  };
  const parse = () => {
    let count = 0;
    for (const value of parsed()) count += value.object.length;
    return count;
  };
  const times = await interleave({ parse, infer: () => infer(parsed()) }, { rounds: 5, warmUp: 1 });
  const [bare, whole] = [median(times.parse), median(times.infer)];
  const throughput = megabytes / (whole / 1000);
  const memory = process.memoryUsage().rss / 1e6 - megabytes;
  print(`${megabytes.toFixed(1)} MB, ${SAMPLES} records`);
  print(`parse          ${bare.toFixed(0)} ms  ${(megabytes / (bare / 1000)).toFixed(0)} MB/s`);
  print(
    `parse + infer  ${whole.toFixed(0)} ms  ${throughput.toFixed(0)} MB/s  ${(whole / bare).toFixed(1)} x parse  (goal ${GOALS.throughput} MB/s)`,
  );
  print(`memory         ${memory.toFixed(0)} MB beside the texts  (goal ${GOALS.memory} MB)`);
}
