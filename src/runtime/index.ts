export type { Auth } from "./auth.ts";
export { Breaker, type BreakerOptions, type BreakerState } from "./breaker.ts";
export { Bulkhead, type BulkheadOptions } from "./bulkhead.ts";
export { type Client, createClient } from "./client.ts";
export type { Clock, Sleep } from "./clock.ts";
export {
  ApiError,
  type Attempt,
  AuthenticationError,
  BadResponseError,
  CircuitOpenError,
  ConflictError,
  ConnectionError,
  type ErrorCode,
  IntegrationError,
  InvalidRequestError,
  MissingSecretError,
  NotFoundError,
  OverloadedError,
  PermissionError,
  RateLimitError,
  type ResponseIssue,
  ServerError,
  TimeoutError,
  ValidationError,
} from "./errors.ts";
export { Limiter, type LimiterOptions } from "./limiter.ts";
export type {
  CallOptions,
  CallRequest,
  ClientEvent,
  ClientOptions,
  Fetch,
  Reply,
  ValidationMode,
} from "./options.ts";
export type { BodyEncoding, Query, QueryValue } from "./request.ts";
export type { Schema } from "./response.ts";
export { createRouter, type Router, type RouterOptions } from "./router.ts";
export type { ReadSecret, SecretName } from "./secrets.ts";
export {
  type Delivery,
  type VerifiedDelivery,
  WebhookError,
  type WebhookErrorCode,
} from "./webhooks/delivery.ts";
export { type HmacOptions, hmacScheme } from "./webhooks/hmac.ts";
export {
  githubScheme,
  hubspotScheme,
  intercomScheme,
  jiraScheme,
  mailgunScheme,
  sendgridScheme,
  shopifyScheme,
  slackScheme,
  twilioScheme,
  zendeskScheme,
} from "./webhooks/providers.ts";
export type { WebhookScheme } from "./webhooks/scheme.ts";
export { standardScheme } from "./webhooks/standard.ts";
export { stripeScheme } from "./webhooks/stripe.ts";
export { createWebhookVerifier, type VerifierOptions, type WebhookVerifier } from "./webhooks/verifier.ts";
