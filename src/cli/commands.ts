import { sandbox } from "./sandbox.ts";
import type { CommandSpec } from "./spec.ts";

/** Every command of `integ`, in the order in which help shows them. */
export const commands: readonly CommandSpec[] = [sandbox];
