/** Reads one quantifier at `at`: how long it is, and whether it repeats without bound. */
function quantifierAt(pattern: string, at: number): { length: number; unbounded: boolean } {
  const char = pattern[at];
  if (char === "*" || char === "+") return { length: 1, unbounded: true };
  if (char === "?") return { length: 1, unbounded: false };
  const braces = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at, at + 24));
  if (!braces) return { length: 0, unbounded: false };
  const most = braces[2] === undefined ? Number(braces[1]) : Number(braces[3] || Number.POSITIVE_INFINITY);
  return { length: braces[0].length, unbounded: most > 100 };
}

const classEnd = (pattern: string, start: number): number => {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "]") return i;
  }
  return pattern.length;
};

/** Whether a repeated group holds a repetition itself, `(a+)+`: matching may then take exponential time. */
function nestsRepetition(pattern: string): boolean {
  const groups: { repeats: boolean }[] = [{ repeats: false }];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    let closed = false;
    if (char === "(") {
      groups.push({ repeats: false });
      if (pattern[i + 1] === "?") i++;
      continue;
    }
    if (char === "\\") i++;
    else if (char === "[") i = classEnd(pattern, i);
    else if (char === ")") closed = groups.length > 1 && (groups.pop()?.repeats ?? false);
    const { length, unbounded } = quantifierAt(pattern, i + 1);
    if (closed && unbounded) return true;
    const outer = groups.at(-1);
    if (outer && (unbounded || closed)) outer.repeats = true;
    i += length;
  }
  return false;
}

/** Compiles a pattern of the user's, or says why it is refused, as the rest of the sentence "`key` …". */
export function compileRegex(pattern: string): RegExp | string {
  let compiled: RegExp;
  try {
    compiled = new RegExp(pattern);
  } catch (error) {
    const reason =
      error instanceof Error
        ? error.message.replace(/^Invalid regular expression: \/.*\/: /s, "")
        : String(error);
    return `is not a regular expression: ${reason}`;
  }
  return nestsRepetition(pattern)
    ? "repeats a group that repeats something itself, which can take forever to match"
    : compiled;
}
