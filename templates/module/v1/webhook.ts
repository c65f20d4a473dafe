/* integ:value webhook */
import {
  createWebhookReceiver,
  createWebhookVerifier,
  hmacScheme,
  type ReceiverOptions,
} from "integ/runtime";

/** How __Display__ signs: set what its documentation says. */
const scheme = hmacScheme({
  header: "X-Signature",
});

const verify = createWebhookVerifier({
  scheme,
  secret: "EXAMPLE_WEBHOOK_SECRET",
});
/* integ:end */

/**
 * Receives the webhook of __Display__: what is not signed is refused, an event is
 * handled once, and comes again where `handle` rejects. `nodeHandler`, `fetchHandler`
 * and `fastifyWebhook` of integ/runtime put it behind a server; several processes
 * need one `store`.
 */
export function __provider__Webhook(
  handle: ReceiverOptions<unknown>["handle"],
  options: Partial<ReceiverOptions<unknown>> = {},
) {
  return createWebhookReceiver({ verify, handle, ...options });
}
