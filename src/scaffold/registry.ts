import { compareText } from "../base/finding.ts";
import { camelCase } from "./names.ts";

const BEGIN = "// integ:begin, kept by integ: edits between these lines are lost";
const END = "// integ:end";

/**
 * What stands between two marker lines, markers included; CRLF too. Where one of the two was deleted, the other of a pair
 * further away is not taken for it: what stands between is somebody's text.
 */
function betweenMarkers(text: string, begin: string, end: string): [start: number, stop: number] | undefined {
  for (let stop = text.indexOf(end); stop !== -1; stop = text.indexOf(end, stop + end.length)) {
    const start = text.lastIndexOf(begin, stop);
    const between = start === -1 ? "" : text.slice(start + begin.length, stop);
    if (start !== -1 && !between.includes(end)) return [start, stop + end.length];
  }
  return undefined;
}

/** Replaces what stands between two markers, or appends both; the rest and the file's line ends stay. */
export function replaceBetween(
  text: string,
  markers: { begin: string; end: string },
  lines: readonly string[],
): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const block = [markers.begin, ...lines, markers.end].join(eol);
  const place = betweenMarkers(text, markers.begin, markers.end);
  if (place) return text.slice(0, place[0]) + block + text.slice(place[1]);
  const gap = text === "" ? "" : text.endsWith("\n") ? eol : eol + eol;
  return `${text}${gap}${block}${eol}`;
}

/** The lines between two markers. */
export function linesBetween(text: string, markers: { begin: string; end: string }): string[] {
  const place = betweenMarkers(text, markers.begin, markers.end);
  return place ? text.slice(place[0], place[1]).split(/\r?\n/).slice(1, -1) : [];
}

/**
 * The registry `src/integrations/index.ts`: every integration of the project by its name.
 * @param before what the file holds now
 */
export function updateRegistry(
  before: string | undefined,
  names: readonly string[],
  extension: ".js" | ".ts",
): string {
  const header = "/** Every third-party API that this codebase depends on. */\n";
  const lines = [...new Set(names)]
    .sort(compareText)
    .map((name) => `export { ${camelCase(name)} } from "./${name}/index${extension}";`);
  return replaceBetween(before ?? header, { begin: BEGIN, end: END }, lines);
}
