// What the API's own document says of request bodies. Types only: nothing
// checks them at run time, and nothing of them is in the built app.

interface Card {
  last4: string;
}

interface Line {
  sku: string;
  parts?: readonly Refund[];
}

export interface Refund {
  amount: number;
  to: "balance" | Card;
  reason?: "damaged" | "late" | "unwanted" | "withdrawn" | null;
  lines?: readonly Line[];
}
