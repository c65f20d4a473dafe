import type { CommandSpec } from "../spec.ts";
import { compare, exportFile, importFile, keygen, migrate } from "./files.ts";
import { audit, calendar, push, rotate } from "./rotation.ts";
import { scan } from "./scan.ts";
import { get, history, list, remove, rollback, set } from "./values.ts";

/** Commands about secrets, in the order in which help shows them. */
export const secrets: readonly CommandSpec[] = [
  set,
  get,
  list,
  remove,
  rollback,
  history,
  rotate,
  push,
  calendar,
  compare,
  importFile,
  exportFile,
  migrate,
  keygen,
  scan,
  audit,
];
