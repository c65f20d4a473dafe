/** The text of UTF-8 bytes, a byte order mark included; undefined where they are none: nothing is replaced unseen. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
