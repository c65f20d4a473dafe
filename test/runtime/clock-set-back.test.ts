import { expect, test } from "vitest";
import { type Auth, type ClientOptions, IntegrationError, Limiter } from "../../src/runtime/index.ts";
import { failureOf, getThing, provider, type Reaction } from "./support.ts";

const HOUR = 3_600_000;
const auth: Auth = {
  scheme: "oauth2-client-credentials",
  tokenUrl: "https://api.example.com/token",
  clientId: "me",
  clientSecret: "ACME_SECRET",
};
const limited: Reaction = { status: 429, headers: { "retry-after": "20" } };
const spent: Reaction = {
  headers: { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "20" },
};

test.each<[string, Reaction, () => Partial<ClientOptions>]>([
  ["an open circuit", { status: 500 }, () => ({ breaker: { minimumCalls: 1, openMs: 20_000 } })],
  ["a 429", limited, () => ({})],
  ["a spent quota", spent, () => ({})],
  ["a rate that is used up", {}, () => ({ limiter: new Limiter({ rate: { requests: 1, perMs: 20_000 } }) })],
  ["a token endpoint that fails", limited, () => ({ auth, env: { ACME_SECRET: "s" } })],
])(
  "a clock that is set back makes no hour of the seconds that %s holds calls back",
  async (_what, trouble, options) => {
    let back = 0;
    const { client, time } = provider(({ url }) => {
      if (back === 0) return trouble;
      return url.endsWith("/token") ? { json: { access_token: "t" } } : {};
    });
    const clock = { ...time.clock, now: () => time.clock.now() - back };
    const acme = client({ clock, retries: 0, deadlineMs: 1000, ...options() });
    await time.run(acme.request(getThing).catch(() => {}));
    expect(await failureOf(time.run(acme.request(getThing)))).toBeInstanceOf(IntegrationError);
    back = HOUR;
    await time.run(acme.request(getThing).catch(() => {}));
    await time.pass(20_000);
    expect(await time.run(acme.request(getThing))).toBeDefined();
  },
);
