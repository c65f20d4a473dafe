export type { Auth } from "./auth/auth.ts";
export type { ReadSecret, SecretName } from "./auth/secrets.ts";
export { type Client, createClient } from "./client/client.ts";
export type {
  CallOptions,
  CallRequest,
  ClientEvent,
  ClientOptions,
  Fetch,
  Reply,
  ValidationMode,
} from "./client/options.ts";
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
} from "./errors/errors.ts";
export type { BodyEncoding, Query, QueryValue } from "./exchange/request.ts";
export type { Schema } from "./exchange/response.ts";
export { Limiter, type LimiterOptions } from "./limiter/limiter.ts";
export { Breaker, type BreakerOptions, type BreakerState } from "./policies/breaker.ts";
export { Bulkhead, type BulkheadOptions } from "./policies/bulkhead.ts";
export { createRouter, type Router, type RouterOptions } from "./router/router.ts";
export type { Clock, Sleep } from "./time/clock.ts";
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
