/** One limit that a response's headers speak of. */
export interface Quota {
  /** `requests`, `tokens`, `daily`, `burst` …: the dimension as the header names it. */
  name: string;
  limit?: number;
  remaining?: number;
  used?: number;
  /** ISO 8601, by the server's clock corrected to ours. */
  resetAt?: string;
  windowSeconds?: number;
  /** Names of the headers it was read from, lower case. */
  source: string[];
}
