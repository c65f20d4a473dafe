/**
 * Where access tokens are given out: an address, or a path below the base URL, for providers whose test environment has a
 * token endpoint of its own.
 */
export function tokenAddress(tokenUrl: string, baseUrl: string): string {
  return tokenUrl.startsWith("/") ? `${baseUrl.replace(/\/+$/, "")}${tokenUrl}` : tokenUrl;
}
