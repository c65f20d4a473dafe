import { promisify } from "node:util";
import zlib from "node:zlib";
import { formatBytes } from "../base/text.ts";
import { ExchangeError } from "./failure.ts";

type Decode = (input: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const gunzip: Decode = promisify(zlib.gunzip);
const inflate: Decode = promisify(zlib.inflate);
const inflateRaw: Decode = promisify(zlib.inflateRaw);

/** `deflate` is zlib's format by the standard, and the bare stream from servers that read it otherwise. */
const deflate: Decode = (input, options) =>
  ((input[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(input, options);

const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", deflate],
  ["br", promisify(zlib.brotliDecompress) as Decode],
  ...zstd(),
]);

/** Node has zstd since 22.15 and 23.8. */
function zstd(): [string, Decode][] {
  if (!("zstdDecompress" in zlib) || typeof zlib.zstdDecompress !== "function") return [];
  return [["zstd", promisify(zlib.zstdDecompress) as unknown as Decode]];
}

/** What we say we can decode. */
export const ACCEPT_ENCODING = ["gzip", "deflate", "br", ...(DECODERS.has("zstd") ? ["zstd"] : [])].join(
  ", ",
);

/** More than two encodings on one body is an attack, not a format. */
const MAX_ENCODINGS = 2;

const failed = (message: string, kind: "decompression" | "too-large") => new ExchangeError({ kind, message });

/**
 * Undoes Content-Encoding.
 * @param maxBytes bound of the decoded body
 * @throws ExchangeError `too-large` beyond the bound, `decompression` on broken data or an unknown encoding
 */
export async function decodeBody(
  body: Uint8Array,
  encoding: string,
  maxBytes: number,
  host: string,
): Promise<Uint8Array> {
  if (encoding === "" || body.length === 0) return body;
  const names = encoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  if (names.length === 0) return body;
  if (names.length > MAX_ENCODINGS)
    throw failed(`${host} compressed its answer ${names.length} times`, "decompression");
  let decoded = body;
  for (const name of names.reverse()) {
    const decode = DECODERS.get(name);
    if (!decode) throw failed(`${host} answered in an encoding that cannot be decoded here`, "decompression");
    try {
      decoded = await decode(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      if (
        error instanceof RangeError ||
        (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      ) {
        throw failed(
          `the answer of ${host} grows beyond ${formatBytes(maxBytes)} when decompressed`,
          "too-large",
        );
      }
      throw failed(`the answer of ${host} says it is ${name}, and is not valid ${name}`, "decompression");
    }
  }
  return decoded;
}
