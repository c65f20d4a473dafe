import { readBody } from "../../http/body.ts";
import type { Exchange } from "../../http/exchange.ts";
import { redirectOf } from "./redirect.ts";
import type { WholeSample } from "./response.ts";

/** An exchange's answer as a sample, its body read with `read`; undefined where there was none. */
export function sampleOf(exchange: Exchange, read = readBody): WholeSample | undefined {
  const { response } = exchange;
  return (
    response && {
      status: response.status,
      headers: response.headers,
      body: read(response),
      redirect: redirectOf(exchange),
    }
  );
}
