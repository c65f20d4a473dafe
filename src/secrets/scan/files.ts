import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from "node:fs";
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

/** A link is not opened: what it leads to may be anything. */
const NO_LINK = READ | (constants.O_NOFOLLOW ?? 0);

/** Fills the buffer, as far as the file has something left. */
function readPiece(file: number): Buffer {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(file, buffer, filled, buffer.length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

/** What stands for bytes that are no UTF-8, in a name as everywhere. */
const REPLACED = "\ufffd";
const SLASH = Buffer.from("/");

/** A path as the file system has it: names need not be UTF-8 there, and one that is not cannot be opened by its text. */
function onDisk(path: string): string | Buffer {
  if (!path.includes(REPLACED)) return path;
  const [first = "", ...names] = path.split("/");
  return names.reduce<Buffer>((above, name) => {
    const beside = name.includes(REPLACED)
      ? readdirSync(Buffer.concat([above, SLASH]), { encoding: "buffer" })
      : [];
    const found = beside.find((one) => one.toString("utf8") === name) ?? Buffer.from(name);
    return Buffer.concat([above, SLASH, found]);
  }, Buffer.from(first));
}

/** Opens a file. Asking of each what it is would cost as much as opening and reading it: only what a link leads to is asked. */
function openFile(text: string): number | undefined {
  const path = onDisk(text);
  try {
    return openSync(path, NO_LINK);
  } catch {
    const file = openSync(path, READ);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
    return undefined;
  }
}

function scanOpened(file: number, detectors: Detectors): Hit[] | undefined {
  const first = readPiece(file);
  if (isBinary(first)) return [];
  if (first.length < WHOLE) return findKeys(first, 1, detectors);
  // What never ends is a device.
  if (!fstatSync(file).isFile()) return undefined;
  const scan = new KeyScan(detectors);
  for (let piece = first; piece.length > 0; piece = readPiece(file)) scan.push(piece);
  return scan.end();
}

/** Keys in a file; `undefined` where it is none that can be read (gone meanwhile, a directory, a socket, no permission). */
function scanFile(path: string, detectors: Detectors): Hit[] | undefined {
  let file: number | undefined;
  try {
    file = openFile(path);
    return file === undefined ? undefined : scanOpened(file, detectors);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
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
