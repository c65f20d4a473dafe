export type { HmacRules } from "../signing/hmac.ts";
export type { MessageRules } from "../signing/message.ts";
export type { Auth, OAuth2, OAuth2Auth, PlainAuth, SignedAuth } from "../signing/schemes.ts";
export type { SigV4Rules } from "../signing/sigv4.ts";
export type { SaveSecret } from "./auth/oauth2.ts";
export type { ReadSecret, SecretName, SecretRead } from "./auth/secrets.ts";
export { type StoreSecretsOptions, storeSecrets } from "./auth/store.ts";
export { type MemoryCacheOptions, memoryCache } from "./cache/memory.ts";
export type { CacheOptions, CacheStore, CallCache, KeptAnswer } from "./cache/options.ts";
export { type RedisCacheOptions, redisCache } from "./cache/redis.ts";
export { type Client, createClient } from "./client/client.ts";
export type { ClientEvent } from "./client/events.ts";
export type {
  CallOptions,
  CallRequest,
  ClientOptions,
  Price,
  Reply,
  Source,
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
  SecretUnreadableError,
  ServerError,
  TimeoutError,
  ValidationError,
} from "./errors/errors.ts";
export type { Fetch } from "./exchange/fetch-transport.ts";
export type { BodyEncoding, Query, QueryValue } from "./exchange/request.ts";
export type { Schema } from "./exchange/response.ts";
export type { ResponseHead, Transport, WireRequest } from "./exchange/transport.ts";
export { type UndiciDispatcher, undiciTransport } from "./exchange/undici-transport.ts";
export { Limiter, type LimiterOptions } from "./limiter/limiter.ts";
export type { Priority, RateLimiter } from "./limiter/permit.ts";
export type { Rate } from "./limiter/rate.ts";
export { SharedLimiter, type SharedLimiterOptions } from "./limiter/shared.ts";
export { linkPagination } from "./pagination/link-header.ts";
export type { Page, Pages } from "./pagination/pages.ts";
export {
  cursorPagination,
  offsetPagination,
  type PageRequest,
  type Pagination,
  type Place,
  pagePagination,
} from "./pagination/strategy.ts";
export { Breaker, type BreakerOptions, type BreakerState } from "./policies/breaker.ts";
export { Bulkhead, type BulkheadOptions } from "./policies/bulkhead.ts";
export { type MemoryQueueOptions, memoryQueue } from "./queue/memory-queue.ts";
export {
  type AddOptions,
  type DeadJob,
  GiveUpError,
  type Job,
  type Queue,
  type QueueCounts,
  type QueueEvent,
  type QueueOptions,
  QueueUnavailableError,
  type WorkOptions,
} from "./queue/queue.ts";
export { type RedisQueueOptions, redisQueue } from "./queue/redis-queue.ts";
export type { RedisClient } from "./redis/commands.ts";
export type { Fallback, GuardOptions, Outcomes } from "./router/guard.ts";
export { type Canary, createRouter, type Router, type RouterOptions } from "./router/router.ts";
export type { ShadowDifference, ShadowOptions, ShadowReport } from "./router/shadow.ts";
export type { TelemetryOptions } from "./telemetry/options.ts";
export type { Clock, Sleep } from "./time/clock.ts";
export {
  type EventArchive,
  type EventFilter,
  fileArchive,
  memoryArchive,
  type StoredEvent,
} from "./webhooks/archive/archive.ts";
export { type Replayed, type ReplayOptions, replayEvents } from "./webhooks/archive/replay.ts";
export {
  type Delivery,
  type VerifiedDelivery,
  WebhookError,
  type WebhookErrorCode,
} from "./webhooks/delivery.ts";
export { type HmacOptions, hmacScheme } from "./webhooks/hmac.ts";
export type { ClaimResult, EventStore, Lease } from "./webhooks/once/event-store.ts";
export { type MemoryEventStoreOptions, memoryEventStore } from "./webhooks/once/memory-store.ts";
export { ClaimLostError, type Work } from "./webhooks/once/once.ts";
export { type RedisEventStoreOptions, redisEventStore } from "./webhooks/once/redis-store.ts";
export { type EventRow, type EventTable, sqlEventStore } from "./webhooks/once/sql-store.ts";
export { createPlaidVerifier, type PlaidKey, type PlaidVerifierOptions } from "./webhooks/plaid.ts";
export {
  githubScheme,
  hubspotLegacyScheme,
  hubspotScheme,
  intercomScheme,
  jiraScheme,
  mailgunScheme,
  notionScheme,
  sendgridScheme,
  shopifyScheme,
  slackScheme,
  twilioScheme,
  zendeskScheme,
} from "./webhooks/providers.ts";
export { type FastifyScope, fastifyWebhook } from "./webhooks/receive/fastify.ts";
export { fetchHandler } from "./webhooks/receive/fetch.ts";
export { nodeHandler } from "./webhooks/receive/node.ts";
export type { NodeRequest } from "./webhooks/receive/node-body.ts";
export type { WebhookAnswer, WebhookOutcome } from "./webhooks/receive/outcome.ts";
export {
  createWebhookReceiver,
  type ReceiverOptions,
  type WebhookEvent,
  type WebhookReceiver,
  type WebhookReport,
} from "./webhooks/receive/receiver.ts";
export type { WebhookScheme } from "./webhooks/scheme.ts";
export { standardScheme } from "./webhooks/standard.ts";
export { stripeScheme } from "./webhooks/stripe.ts";
export { createWebhookVerifier, type VerifierOptions, type WebhookVerifier } from "./webhooks/verifier.ts";
