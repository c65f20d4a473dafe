const IDENTIFIER = /^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$/;

/** A property below a JSONPath (RFC 9535): `.name`, or in brackets where it is no identifier. */
export function propertyPath(path: string, name: string): string {
  if (IDENTIFIER.test(name)) return `${path}.${name}`;
  const quoted = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `${path}['${quoted}']`;
}

/** Any item of an array below a JSONPath. */
export const itemPath = (path: string): string => `${path}[*]`;

/** Any member of a map below a JSONPath. */
export const memberPath = (path: string): string => `${path}.*`;
