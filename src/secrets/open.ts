import type { Context } from "../base/context.ts";
import type { Environment, Project, StoreKind } from "../config/project.ts";
import { keychainLockFile, remotePath, vaultFile } from "./location.ts";
import type { SecretStore } from "./store.ts";
import type { PassphraseSource } from "./stores/passphrase.ts";

/** What this room needs of a command's context. */
export interface SecretDeps {
  readonly env: Context["env"];
  readonly clock: Context["clock"];
  readonly io: Pick<Context["io"], "prompt"> & Partial<Pick<Context["io"], "note">>;
  readonly signal?: AbortSignal;
  /** One source for several stores of a run, so that a person is asked once. */
  readonly passphrase?: PassphraseSource;
}

/**
 * Opens the store that the configuration chose for an environment; never another one. Loads the code of that store alone, and
 * touches nothing yet.
 */
export async function openStore(
  project: Project,
  environment: Environment,
  deps: SecretDeps,
  kind: StoreKind = environment.store,
): Promise<SecretStore> {
  const name = project.config.project;
  switch (kind) {
    case "keychain": {
      const { keychainStore } = await import("./stores/keychain.ts");
      return keychainStore({
        project: name,
        environment: environment.name,
        lockFile: keychainLockFile(name, environment.name, deps.env),
        clock: deps.clock,
        attended: deps.io.prompt !== undefined,
        onWait: () => deps.io.note?.("waiting for the keychain: a dialog may be open (Ctrl-C gives up)"),
        ...(deps.signal ? { signal: deps.signal } : {}),
      });
    }
    case "vault": {
      const { passphraseSource } = await import("./stores/passphrase.ts");
      const { vaultStore } = await import("./stores/vault.ts");
      return vaultStore({
        project: name,
        environment: environment.name,
        file: vaultFile(project, environment.name, deps.env),
        clock: deps.clock,
        passphrase: deps.passphrase ?? passphraseSource(deps.env, deps.io.prompt),
      });
    }
    case "hashicorp-vault": {
      const { hashicorpVaultStore } = await import("./stores/remote/hashicorp-vault.ts");
      const { path, ...settings } = project.config.secrets.hashicorpVault;
      const place = remotePath(path, name, environment.name);
      return hashicorpVaultStore({ ...deps, ...settings, path: place, owner: [name, environment.name] });
    }
    case "aws-secrets-manager": {
      const { awsSecretsManagerStore } = await import("./stores/remote/aws-secrets-manager.ts");
      const { path, ...settings } = project.config.secrets.awsSecretsManager;
      const place = remotePath(path, name, environment.name);
      return awsSecretsManagerStore({ ...deps, ...settings, name: place, owner: [name, environment.name] });
    }
    case "env": {
      const { envStore } = await import("./stores/env.ts");
      return envStore(project, environment.name, deps.env);
    }
  }
}
