/** A text with the line ends that integ writes. */
export const unix = (text: string): string => text.replaceAll("\r\n", "\n");

/** Whether two texts have the same lines: git on Windows turns every line end round, and nobody edited a thing. */
export function sameLines(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && unix(a) === unix(b));
}

/** A text with the line ends of the file that it goes into. */
export function endingLike(before: string | undefined, text: string): string {
  return before?.includes("\r\n") ? unix(text).replaceAll("\n", "\r\n") : text;
}
