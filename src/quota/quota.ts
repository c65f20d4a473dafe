/** One limit that a response speaks of. */
export interface Quota {
  /** `requests`, `tokens`, `daily`, `burst` …: the dimension as the header names it; `default` where it names none. */
  name: string;
  limit?: number;
  remaining?: number;
  /** May exceed `limit` where the provider counts refused requests too. */
  used?: number;
  /** ISO 8601, by the server's clock corrected to ours. */
  resetAt?: string;
  windowSeconds?: number;
  /** What is counted where it is not requests: `tokens`, `points`, `content-bytes`, `concurrent-requests`. */
  unit?: string;
  /** How fast the quota refills, or how much of it a second allows. */
  ratePerSecond?: number;
  /** Names of the headers it was read from, lower case; `body` for the response's body. */
  source: string[];
}

/** A limit that the provider announces without saying how much of it is left. */
export interface Policy {
  name: string;
  limit?: number;
  windowSeconds?: number;
  unit?: string;
}

/** Everything a response says about quota. */
export interface QuotaReading {
  quotas: Quota[];
  policies: Policy[];
  /** Seconds from now after which the provider wants to be asked again. On a success too: not a sign of being blocked. */
  retryAfterSeconds?: number;
  /** Seconds until the next reset where the headers do not say of which quota. */
  resetSeconds?: number;
  /** This very request was refused for quota's sake. */
  blocked: boolean;
  /** Which limit refused it, in the provider's words. */
  reason?: string;
  /** Whom the limit that refused it concerns: `global`, `shared`, `user`. */
  scope?: string;
  /** The provider warns that little is left. */
  nearLimit?: boolean;
  /** Quotas whose numbers contradict each other (more remaining than the limit): two parties wrote the headers. */
  doubtful: string[];
  /** Headers that look like rate limits and are of no known form. */
  unrecognised: string[];
}
