/** A place that takes copies of values. */
export interface Destination {
  /** Where a value goes, for people and as the place's identity: `GitHub acme/shop · API_KEY`. */
  describe(key: string): string;
  /**
   * Puts a value there; doing it twice changes nothing.
   * @throws SecretError where a credential or a value is refused, IncompleteError for everything that may pass
   */
  put(key: string, value: string): Promise<void>;
}

/** What a program may be told of a value besides the value. */
export interface Subject {
  secret: string;
  environment: string;
}
