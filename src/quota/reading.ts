import type { Drafts } from "./draft.ts";
import type { Policy } from "./quota.ts";

/** One response while it is read. */
export interface Reading {
  drafts: Drafts;
  policies: Policy[];
  names: Map<string, string>;
  serverNow: number;
  unrecognised: string[];
  reason?: string;
  scope?: string;
  nearLimit?: boolean;
  retryAfterSeconds?: number;
}
