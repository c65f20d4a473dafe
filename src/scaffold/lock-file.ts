/** What was scaffolded, and from what; beside integ.config.yaml. */
export const LOCK_FILE = "integ.lock.json";
