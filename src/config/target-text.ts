/** A target as it is written: `stripe`, `stripe@v1`, `stripe/get-balance`, `stripe@v2/get-balance`. */
export interface TargetText {
  integration: string;
  version?: string;
  endpoint?: string;
}

/** Takes a target apart; `undefined` where the text is none. That its names exist is checked elsewhere. */
export function parseTarget(text: string): TargetText | undefined {
  const parts = /^([^@/\s]+)(?:@([^@/\s]+))?(?:\/([^@/\s]+))?$/.exec(text);
  if (!parts) return undefined;
  const [, integration = "", version, endpoint] = parts;
  return {
    integration,
    ...(version === undefined ? {} : { version }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
