import type { Integration, Project, SecretPolicy, StoreKind } from "../../src/config/project.ts";

/** Defaults of a secret's policy. */
export function policy(name: string, more: Partial<SecretPolicy> = {}): SecretPolicy {
  return { name, env: name.toUpperCase(), pattern: {}, rotation: { driver: "manual" }, ...more };
}

export function integration(name: string, secrets: readonly SecretPolicy[]): Integration {
  return {
    name,
    purpose: "Test",
    owner: "Test",
    directory: `/shop/src/integrations/${name}`,
    manifestFile: `/shop/src/integrations/${name}/integration.yaml`,
    baseUrl: { "*": "https://api.example" },
    auth: { scheme: "none" },
    secrets,
    active: "v1",
    versions: [{ name: "v1", headers: {}, directory: `/shop/src/integrations/${name}/v1` }],
    endpoints: [],
  };
}

export function project(
  root: string,
  integrations: readonly Integration[],
  store: StoreKind = "vault",
): Project {
  const environments = ["dev", "prod"].map((name) => ({ name, protected: false, store }));
  return {
    root,
    configFile: `${root}/integ.config.yaml`,
    config: {
      project: "shop",
      integrations: "src/integrations",
      environments,
      defaultEnvironment: "dev",
      secrets: {
        hashicorpVault: { mount: "secret", path: "integ" },
        awsSecretsManager: { path: "integ" },
        push: [],
      },
      notify: { severity: "warning" },
      issues: { labels: [], severity: "error" },
      quota: { reserve: 0.2 },
      rules: {},
      waivers: [],
    },
    integrations,
  };
}
