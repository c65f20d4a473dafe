// What was read is what it should be: by hand, for the few places where loading a schema library costs too much.

export const isText = (value: unknown): value is string => typeof value === "string";

/** An integer from 0. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/;

/** ISO 8601 in UTC. */
export const isInstant = (value: unknown): value is string =>
  isText(value) && INSTANT.test(value) && !Number.isNaN(Date.parse(value));

/** An object that is no list. */
export const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isListOf = (value: unknown, isOne: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isOne);

export const isRecordOf = (value: unknown, isOne: (one: unknown) => boolean): boolean =>
  isRecord(value) && Object.values(value).every(isOne);

/** Absent, or what it should be. */
export const optional = (value: unknown, isOne: (one: unknown) => boolean): boolean =>
  value === undefined || isOne(value);
