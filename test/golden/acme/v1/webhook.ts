import {
  createWebhookReceiver,
  createWebhookVerifier,
  hmacScheme,
  type ReceiverOptions,
} from "integ/runtime";

/** How Acme signs: set what its documentation says. */
const scheme = hmacScheme({
  header: "X-Signature",
});

const verify = createWebhookVerifier({
  scheme,
  secret: "ACME_WEBHOOK_SECRET",
});

/**
 * Receives the webhook of Acme: what is not signed is refused, an event is
 * handled once, and comes again where `handle` rejects. `nodeHandler`, `fetchHandler`
 * and `fastifyWebhook` of integ/runtime put it behind a server; several processes
 * need one `store`.
 */
export function acmeWebhook(
  handle: ReceiverOptions<unknown>["handle"],
  options: Partial<ReceiverOptions<unknown>> = {},
) {
  return createWebhookReceiver({ verify, handle, ...options });
}
