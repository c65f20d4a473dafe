import { adopt } from "./adopt.ts";
import { catalog } from "./catalog.ts";
import { check } from "./check.ts";
import { accept, diff, record, rules } from "./contracts.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { init } from "./init.ts";
import { presets } from "./presets.ts";
import { probe } from "./probe.ts";
import { reportMerge } from "./report-merge.ts";
import { run } from "./run.ts";
import { sandbox } from "./sandbox.ts";
import { scaffold } from "./scaffold.ts";
import { secrets } from "./secrets/secrets.ts";
import type { CommandSpec } from "./spec.ts";
import { templates } from "./templates.ts";
import { upgrade } from "./upgrade.ts";
import { usage } from "./usage-command.ts";
import { versions } from "./versions.ts";
import { waive } from "./waive.ts";
import { worker } from "./worker.ts";

/** Every command of `integ`, in the order in which help shows them. */
export const commands: readonly CommandSpec[] = [
  demo,
  init,
  scaffold,
  ...presets,
  ...templates,
  ...secrets,
  run,
  probe,
  check,
  record,
  diff,
  accept,
  usage,
  waive,
  worker,
  reportMerge,
  rules,
  ...versions,
  adopt,
  upgrade,
  catalog,
  sandbox,
  doctor,
];
