import type { Call } from "../client/call.ts";
import type { Core } from "../client/core.ts";
import type { ClientEvent } from "../client/events.ts";
import type { CallRequest } from "../client/options.ts";

/** How a client tells OpenTelemetry of itself. */
export interface TelemetryOptions {
  /**
   * The module `@opentelemetry/api`, where it cannot be found by its name: in an application bundled into one file.
   * Default: loaded once an SDK is registered.
   */
  api?: unknown;
  /** Sends trace ids along with every request, to the third party. Default false. */
  propagate?: boolean;
}

/** Where spans and metrics go. */
export interface Telemetry {
  call<T>(core: Core, request: CallRequest<unknown>, work: () => Promise<T>): Promise<T>;
  attempt<T>(core: Core, call: Call, work: () => Promise<T>): Promise<T>;
  event(event: ClientEvent): void;
}
