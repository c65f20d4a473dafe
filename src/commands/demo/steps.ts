import type { Context } from "../../base/context.ts";
import type { Result } from "../../base/result.ts";
import { CHECK_DEFAULTS } from "../check/options.ts";
import { run as check } from "../check/run.ts";
import { run as init } from "../init.ts";
import { run as record } from "../record/run.ts";
import { run as scaffold } from "../scaffold/scaffold.ts";
import { run as setSecret } from "../secrets/set.ts";

/** One command of the demo: what a person would type, and the same command run here. */
export interface Step {
  title: string;
  why: string;
  line: string;
  run(ctx: Context): Promise<Result>;
}

const nothing = undefined;

const checkEverything = (ctx: Context) =>
  check({ ...CHECK_DEFAULTS, env: "dev", samples: 22, annotations: "never" }, ctx);

/** Everything up to the green check. @param url of the provider */
export function beforeTheChange(url: string): readonly Step[] {
  return [
    {
      title: "Set up a project",
      why: "A small configuration file, and a CI job if you want one.",
      line: "integ init --store vault --ci none",
      run: (ctx) =>
        init(
          {
            project: nothing,
            environments: ["dev", "prod"],
            store: "vault",
            ci: "none",
            notify: [],
            openIssues: false,
            dir: nothing,
            dryRun: false,
          },
          ctx,
        ),
    },
    {
      title: "Scaffold a module",
      why: "A typed client, schemas of what your code reads, and an offline test. Yours to edit.",
      line: `integ scaffold stripe --base-url ${url}`,
      run: (ctx) =>
        scaffold(
          {
            name: "stripe",
            baseUrl: url,
            set: [],
            endpoint: [],
            with: [],
            preset: nothing,
            auth: nothing,
            envVar: nothing,
            purpose: nothing,
            owner: nothing,
            dryRun: false,
          },
          ctx,
        ),
    },
    {
      title: "Keep its key",
      why: "Encrypted, outside the repository; on a desktop, in the keychain of the system.",
      line: "integ secrets set stripe/api_key --env dev < key.txt",
      run: (ctx) =>
        setSecret(
          {
            secret: "stripe/api_key",
            env: "dev",
            fromFile: nothing,
            fromEnv: nothing,
            force: false,
            dryRun: false,
          },
          ctx,
        ),
    },
    {
      title: "Record what the API returns today",
      why: "One contract per endpoint: a JSON Schema that you review and commit.",
      line: "integ record --env dev --samples 10",
      run: (ctx) =>
        record(
          {
            targets: [],
            env: "dev",
            samples: 10,
            force: false,
            deepen: false,
            dryRun: false,
            timeout: nothing,
          },
          ctx,
        ),
    },
    {
      title: "Check",
      why: "Configuration, secrets, latency, quota and contracts: what CI runs on every pull request and every day.",
      line: "integ check --env dev --samples 22",
      run: checkEverything,
    },
  ];
}

/** The same check, after the provider changed. */
export const afterTheChange: Step = {
  title: "Check again",
  why: "Nothing of ours has changed since the last one.",
  line: "integ check --env dev --samples 22",
  run: checkEverything,
};
