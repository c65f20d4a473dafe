/** A key as it may be shown: enough to find it again, too little to use. */
export function shownSecret(text: string): string {
  return `${text.slice(0, 4)}… (${text.length} characters)`;
}
