import { requireValue, text } from "../../platform/values.ts";
import { publicUrl } from "./fetch.ts";
import { bodyOf, type NodeRequest } from "./node-body.ts";
import { requireReceiver, type WebhookReceiver } from "./receiver.ts";

/** What is used of Fastify's request. */
export interface FastifyDelivery {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  raw: NodeRequest;
  method: string;
  protocol: string;
  host: string;
  originalUrl: string;
}

/** What is used of Fastify's reply. */
export interface FastifyReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: string): unknown;
  hijack(): unknown;
}

type LeaveBody = (request: unknown, payload: unknown, done: (error: null) => void) => void;

/** What is used of Fastify's scope: structural, so that integ needs no Fastify. */
export interface FastifyScope {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(type: string, parser: LeaveBody): unknown;
  post(path: string, handler: (request: FastifyDelivery, reply: FastifyReply) => Promise<unknown>): unknown;
}

/**
 * A receiver as a plugin of Fastify: `app.register(fastifyWebhook(receiver, "/webhooks/stripe"))`. In its own scope the
 * body stays raw; the rest of the application parses as before.
 */
export function fastifyWebhook(
  receiver: WebhookReceiver,
  path: string,
): (scope: FastifyScope) => Promise<void> {
  requireReceiver("fastifyWebhook", receiver);
  requireValue("fastifyWebhook: the path", path, text);
  const { limits } = receiver;
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    // Fastify reads a body for as long as it takes, and refuses a large one without a word to `onDelivery`.
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    const answerTo = async (request: FastifyDelivery) => {
      const body = await bodyOf(request.raw, limits);
      if (body === "gone") return undefined;
      if (typeof body === "string") return receiver.refuse(body);
      const url = publicUrl(`${request.protocol}://${request.host}${request.originalUrl}`, limits.origin);
      const { headers, method } = request;
      return receiver.receive({ headers, body, url, method });
    };
    scope.post(path, async (request, reply) => {
      const answer = await answerTo(request);
      // The sender has left.
      if (answer === undefined) return reply.hijack();
      reply.code(answer.status);
      reply.headers({ ...answer.headers });
      return reply.send(answer.body);
    });
  };
}
