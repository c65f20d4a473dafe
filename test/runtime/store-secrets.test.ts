import { expect, test } from "vitest";
import { MissingSecretError, storeSecrets } from "../../src/runtime/index.ts";
import { cheapVaults } from "../secrets/cheap-vault.ts";
import { key, shopProject } from "../secrets/shop.ts";
import { integInProcess as integ } from "../support/in-process.ts";
import { failureOf, getThing, provider } from "./support.ts";

test("secrets come in the command line's order: the variable, else the environment's store, afresh after a 401", {
  timeout: 120_000,
}, async () => {
  const directory = await shopProject({ store: "vault" });
  const env = { ...process.env, ...(await cheapVaults(directory)) };
  const [old, next, own] = ["old", "next", "own"].map((name) => key("sk", "test", name)) as [
    string,
    string,
    string,
  ];
  const store = (value: string) =>
    integ(["secrets", "set", "stripe/api_key", "--env", "dev"], { cwd: directory, env, stdin: value });
  let live = old;
  const { client, seen } = provider(({ headers }) =>
    headers.authorization === `Bearer ${live}` ? {} : { status: 401 },
  );
  const options = {
    auth: { scheme: "bearer", secret: "api_key" },
    secrets: { api_key: "STRIPE_API_KEY" },
    retries: 0,
  } as const;
  const place = { integration: "stripe", environment: "dev", directory };
  const fromStore = client({ ...options, readSecret: storeSecrets({ ...place, env }) });
  expect(await failureOf(fromStore.request(getThing))).toBeInstanceOf(MissingSecretError);
  await store(old);
  await fromStore.request(getThing);
  await store(next);
  live = next;
  await fromStore.request(getThing);
  live = own;
  const variable = { ...env, STRIPE_API_KEY: own, INTEG_VAULT_PASSPHRASE: "wrong" };
  await client({ ...options, readSecret: storeSecrets({ ...place, env: variable }) }).request(getThing);
  expect(seen).toHaveLength(4);
});
