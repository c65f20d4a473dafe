import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Detectors } from "./detectors.ts";
import { isBinary, KeyScan, WHOLE } from "./stream.ts";
import { findKeys, type Hit } from "./text.ts";

/** Files in which something was found, and how many were looked at. */
export interface Scanned {
  found: { path: string; hits: Hit[] }[];
  count: number;
}

const buffer = Buffer.allocUnsafe(WHOLE);
/** Does not wait for somebody to write into a named pipe that a link leads to. Windows has no such thing. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Fills the buffer, as far as the file has something left. @param size what it is known to have; 0 for unknown */
function readPiece(file: number, size: number): Buffer {
  const wanted = size > 0 ? Math.min(size, buffer.length) : buffer.length;
  let filled = 0;
  while (filled < wanted) {
    const count = readSync(file, buffer, filled, wanted - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

/** Keys in a file; `undefined` where it is none that can be read (gone meanwhile, a socket, no permission). */
function scanFile(path: string, detectors: Detectors): Hit[] | undefined {
  let file: number;
  try {
    file = openSync(path, READ);
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return undefined;
    const first = readPiece(file, stats.size);
    if (isBinary(first)) return [];
    if (first.length < WHOLE) return findKeys(first, 1, detectors);
    const scan = new KeyScan(detectors);
    for (let piece = first; piece.length > 0; piece = readPiece(file, 0)) scan.push(piece);
    return scan.end();
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Looks for keys in files, one after the other. */
export function scanBatch(paths: readonly string[], detectors: Detectors): Scanned {
  const scanned: Scanned = { found: [], count: 0 };
  for (const path of paths) {
    const hits = scanFile(path, detectors);
    if (!hits) continue;
    scanned.count++;
    if (hits.length > 0) scanned.found.push({ path, hits });
  }
  return scanned;
}
