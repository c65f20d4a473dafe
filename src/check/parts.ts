/** What a check can look at. */
export const PARTS = ["config", "secrets", "probe", "contract"] as const;
export type Part = (typeof PARTS)[number];
