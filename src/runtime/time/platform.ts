/**
 * Whether what one request made may serve another. On Cloudflare's workers a timer and a signal belong to the request
 * in which they were made: they end with it, and `fetch` fails in every other. `WebSocketPair` is there and nowhere else.
 */
export const sharedByRequests = !("WebSocketPair" in globalThis);
