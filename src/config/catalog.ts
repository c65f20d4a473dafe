/** INTEGRATIONS.md is the team's; what stands between these lines is integ's. */
export const CATALOG_FILE = "INTEGRATIONS.md";
export const CATALOG_BEGIN = "<!-- integ:begin, kept by integ: edits between these lines are lost -->";
export const CATALOG_END = "<!-- integ:end -->";
