import type * as OpenTelemetry from "@opentelemetry/api";
import { nodeModule, nodePath } from "../platform/builtins.ts";
import { OpenTelemetryListener } from "./listener.ts";
import type { Telemetry, TelemetryOptions } from "./options.ts";

/** Where every copy of the OpenTelemetry API, of major version 1, keeps what the application has registered. */
const REGISTRY: unique symbol = Symbol.for("opentelemetry.js.api.1");

type Api = typeof OpenTelemetry;

interface Registry {
  trace?: unknown;
  metrics?: unknown;
}

// Looked at in every call: a plain property is read many times faster than by reflection.
const registries: typeof globalThis & { readonly [REGISTRY]?: Registry } = globalThis;

const registry = (): Registry | undefined => registries[REGISTRY];

function isApi(loaded: unknown): loaded is Api {
  return typeof loaded === "object" && loaded !== null && "trace" in loaded && "metrics" in loaded;
}

/** Of all clients that were not given one. */
let found: { api: Api | undefined } | undefined;

/** The application's own copy, looked for once: found from here where packages lie side by side, else from where it was started. */
function findApi(): Api | undefined {
  found ??= { api: load() };
  return found.api;
}

function load(): Api | undefined {
  for (const from of [import.meta.url, nodePath().join(process.cwd(), "package.json")]) {
    try {
      const loaded: unknown = nodeModule().createRequire(from)("@opentelemetry/api");
      if (isApi(loaded)) return loaded;
    } catch {
      // Not to be found from there.
    }
  }
  return undefined;
}

let current: { trace: unknown; metrics: unknown; api: Api; propagate: boolean; telemetry: Telemetry }[] = [];

/**
 * Where spans and metrics go. Nothing is loaded, and nothing costs time, until the application has registered an SDK.
 * An SDK that is registered later is found then.
 */
export function findTelemetry(options: TelemetryOptions | false | undefined): Telemetry | undefined {
  if (options === false) return undefined;
  const registered = registry();
  if (registered?.trace === undefined && registered?.metrics === undefined) return undefined;
  const api = isApi(options?.api) ? options.api : findApi();
  return api && listenerFor(registered, api, options?.propagate ?? false);
}

function listenerFor({ trace, metrics }: Registry, api: Api, propagate: boolean): Telemetry {
  const known = current.find(
    (one) => one.trace === trace && one.metrics === metrics && one.api === api && one.propagate === propagate,
  );
  if (known) return known.telemetry;
  const telemetry = new OpenTelemetryListener(api, propagate);
  // What was registered before is gone: a process has one SDK.
  current = [
    ...current.filter((one) => one.trace === trace && one.metrics === metrics),
    { trace, metrics, api, propagate, telemetry },
  ];
  return telemetry;
}
