import type { SecretError } from "../../base/errors.ts";
import type { Project } from "../../config/project.ts";
import { type Envelope, emptyEnvelope } from "../envelope.ts";
import { setCurrent } from "../labels.ts";
import { refused } from "../states.ts";
import type { SecretStore } from "../store.ts";

/** Fingerprints of values that are not stored are not stored either: any key does, the same for a stable output. */
const NO_KEY = "0".repeat(64);

/** Why nothing is stored in an environment of variables. */
export function readOnlyStore(environment: string): SecretError {
  return refused(
    `Environment ${environment} keeps its secrets in environment variables, which integ only reads`,
    "set the variable where the process is started (CI settings, shell); `integ secrets list` names them",
  );
}

/** The environment variables of the project's secrets as a read-only store, for CI. */
export function envStore(
  project: Project,
  environment: string,
  env: Readonly<Record<string, string | undefined>>,
): SecretStore {
  const where = "environment variables";
  const read = (): Envelope | undefined => {
    let envelope = emptyEnvelope(project.config.project, environment, NO_KEY);
    for (const integration of project.integrations) {
      for (const secret of integration.secrets) {
        const value = env[secret.env];
        if (!value) continue;
        const name = `${integration.name}/${secret.name}`;
        envelope = setCurrent(envelope, name, { id: "env", value, now: 0, source: "env", graceMs: 0 });
      }
    }
    return Object.keys(envelope.secrets).length === 0 ? undefined : envelope;
  };
  return {
    kind: "env",
    describe: () => where,
    read: async () => {
      const envelope = read();
      return envelope && { envelope, revision: 0 };
    },
    write: async () => {
      throw readOnlyStore(environment);
    },
    destroy: async () => {
      throw readOnlyStore(environment);
    },
  };
}
