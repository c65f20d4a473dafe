import type { CheckCommandOptions } from "../options.ts";

/** Whether a check tells anybody of what it found. */
export const isTelling = ({ notify, openIssues, prComment }: CheckCommandOptions) =>
  notify.length > 0 || openIssues === true || prComment === true;
