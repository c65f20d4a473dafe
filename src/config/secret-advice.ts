import type { Environment } from "./project.ts";

/**
 * How a secret gets a value in an environment, as a command where there is one: `secrets set` cannot write variables.
 * @param name `stripe/api_key`
 * @param variable the one that wins over every store
 */
export function howToSet(name: string, variable: string, environment: Environment): string {
  return environment.store === "env"
    ? `set ${variable} where the command runs`
    : `integ secrets set ${name} --env ${environment.name}`;
}
